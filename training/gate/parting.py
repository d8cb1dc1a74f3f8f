"""A corpus parted in two: what is learned, and what is frozen; no section on one side repeats one on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.terms.extractor import TermExtractor
from training.corpus import Corpus
from training.dataset import Dataset
from training.gate.frozen import FROZEN, frozen_sections, units_of
from training.gate.repeats import Repeats, repeats_between, visible

MOST_COPIES = 8
"""A frozen section that repeats more learned ones is a stock phrase or a template: no test, and no reason to unlearn
them."""

HALF = 0.5
"""A page is left out of training whole when so much of it repeats frozen sections."""


@dataclass(frozen=True)
class Side:
    """One side of a parted corpus. units : the name of each page's unit."""

    corpus: Corpus
    dataset: Dataset
    units: tuple[str, ...]


@dataclass(frozen=True)
class Parted:
    """Seeds to learn from, and frozen ones.

    name : the frozen set's; None where nothing was frozen.
    tested : bool (frozen sections,), False for stock phrases, which stay on their page and are not scored.
    left_out : sections that are on neither side, because they repeat frozen ones.
    twins : (frozen section, the unit of a section that it repeats and that is left out).
    """

    name: str | None
    training: Side
    frozen: Side
    tested: NDArray[np.bool_]
    left_out: int
    twins: tuple[tuple[int, str], ...] = ()

    def described(self) -> dict[str, Any] | None:
        """What model.json says of the frozen seeds."""
        if self.name is None:
            return None
        about = self.frozen.corpus.described()
        named = {name: about[name] for name in ("pages", "sections", "by_label", "sha256")}
        return {"version": self.name, **named, "left_out_of_training": self.left_out}


def part(corpus: Corpus, dataset: Dataset, extractor: TermExtractor, salt: str | None = FROZEN) -> Parted:
    """Part a corpus.

    dataset : the corpus as rows. salt : names the frozen set; None freezes nothing.
    """
    units = units_of(corpus, dataset)
    frozen = frozen_sections(dataset, units, salt)
    found = repeats_between(dataset, frozen, extractor)
    copies = np.bincount(found.ours, minlength=len(frozen))
    stock = copies > MOST_COPIES
    repeated = np.zeros(len(frozen), bool)
    repeated[found.theirs[~stock[found.ours]]] = True
    repeated |= _mostly(repeated, dataset) & ~frozen
    return Parted(
        salt,
        _side(corpus, dataset, units, ~frozen & ~repeated),
        _side(corpus, dataset, units, frozen),
        ~stock[frozen],
        int(repeated.sum()),
        tuple(_twins(found, stock, np.cumsum(frozen) - 1, [units[page] for page in dataset.page_of[found.theirs]])),
    )


def _twins(
    found: Repeats, stock: NDArray[np.bool_], place: NDArray[np.int64], units: list[str]
) -> Iterator[tuple[int, str]]:
    """The pairs that cost a learned section. place : of each section of the corpus among the frozen ones."""
    for ours, unit in zip(found.ours.tolist(), units, strict=True):
        if not stock[ours]:
            yield int(place[ours]), unit


def _mostly(repeated: NDArray[np.bool_], dataset: Dataset) -> NDArray[np.bool_]:
    """Sections of the pages that are mostly repeated, by characters."""
    length, pages = visible(dataset), len(dataset.groups)
    every = np.bincount(dataset.page_of, length, minlength=pages)
    twice = np.bincount(dataset.page_of, length * repeated, minlength=pages)
    return np.asarray(((twice > 0) & (twice >= HALF * every))[dataset.page_of])


def _side(corpus: Corpus, dataset: Dataset, units: list[str], rows: NDArray[np.bool_]) -> Side:
    """The part of a corpus that some of its rows make."""
    there = np.bincount(dataset.page_of, rows, minlength=len(units)) > 0
    kept = tuple(unit for unit, is_there in zip(units, there.tolist(), strict=True) if is_there)
    return Side(corpus.of(rows), dataset.of(rows), kept)
