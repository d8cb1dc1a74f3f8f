"""Sections that a model which did not see their page labels otherwise: wrong labels, or hard cases to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.check.material import Material

STRONG = 0.5
"""A disagreement is listed when the suggested label is so much likelier than the seed's own."""


@dataclass(frozen=True)
class Disagreement:
    """A section, its label, and the label that its page's out-of-fold model suggests.

    place : file:line of a written section; file, page and row of an extracted one.
    probability : of the suggested label. own : of the seed's own. text : empty for an extracted section.
    """

    place: str
    label: str
    suggested: str
    probability: float
    own: float
    text: str

    @property
    def strength(self) -> float:
        """How much likelier the suggested label is, 0 to 1."""
        return self.probability - self.own


def disagreements_of(material: Material, chances: NDArray[np.float64]) -> list[Disagreement]:
    """List strong disagreements, strongest first.

    chances : (sections, labels), out-of-fold probabilities in the dataset's order.
    """
    labels, target = material.corpus.labels, material.dataset.target
    rows = np.arange(len(target))
    best = chances.argmax(axis=1)
    strength = chances[rows, best] - chances[rows, target]
    places = list(_places(material))
    found = np.flatnonzero(strength >= STRONG)
    return [
        Disagreement(
            places[row][0],
            labels[target[row]],
            labels[best[row]],
            round(float(chances[row, best[row]]), 3),
            round(float(chances[row, target[row]]), 3),
            places[row][1],
        )
        for row in found[np.argsort(-strength[found], kind="stable")].tolist()
    ]


def _places(material: Material) -> Iterator[tuple[str, str]]:
    """The place and the text of each section, in the dataset's order."""
    for page in material.corpus.pages:
        yield from ((seed.place, seed.text) for seed in page.seeds)
    sizes = np.diff(material.dataset.pages).tolist()
    for name, size in list(zip(material.page_names(), sizes, strict=True))[len(material.corpus.pages) :]:
        yield from ((f"{name} row {row}", "") for row in range(1, size + 1))
