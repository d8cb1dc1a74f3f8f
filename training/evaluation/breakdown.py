"""How well different kinds of sections are judged: by subject, register, length and form of seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.terms.facts import LENGTH
from training.check.groups import register_group, subject_group
from training.corpus import Corpus
from training.dataset import Dataset
from training.evaluation.answers import Answers
from training.evaluation.figures import tallies_of, values_of

LENGTHS = ((0, "1–20"), (21, "21–60"), (61, "61–150"), (151, "151–400"), (401, "401–"))
"""Where each group of lengths begins, in visible characters."""

FEWEST = 20
"""A group with fewer sections tells nothing and is left out."""


@dataclass(frozen=True)
class Part:
    """One group of sections. four_way, right : as in Metrics. accuracy : share of sections judged rightly, none too."""

    name: str
    sections: int
    four_way: float
    accuracy: float
    right: float


def breakdown(answers: Answers, groups: Sequence[str]) -> list[Part]:
    """The figures of each group, largest first.

    groups : the group of each section; empty for sections that are in none.
    """
    names = np.array(groups, dtype=object)
    found = [_part(name, answers.of(names == name)) for name in dict.fromkeys(groups) if name]
    return sorted((part for part in found if part.sections >= FEWEST), key=lambda part: -part.sections)


def _part(name: str, answers: Answers) -> Part:
    tallies = tallies_of(answers)
    values = values_of(tallies, np.ones((1, len(tallies.forced))))
    sections = len(answers.said)
    return Part(name, sections, float(values["four_way"][0]), float(answers.right.mean()), float(values["right"][0]))


def subjects(corpus: Corpus, dataset: Dataset) -> list[str]:
    """The field of each written section's subject."""
    return _padded([subject_group(page.subject) for page in corpus.pages for _ in page.seeds], dataset)


def registers(corpus: Corpus, dataset: Dataset) -> list[str]:
    """The kind of each written section's register."""
    return _padded([register_group(page.register) for page in corpus.pages for _ in page.seeds], dataset)


def lengths(dataset: Dataset) -> list[str]:
    """The group of each section's length."""
    characters: NDArray[np.float64] = np.expm1(dataset.facts[:, LENGTH].astype(np.float64)).round()
    places = np.searchsorted([start for start, _ in LENGTHS], characters, side="right") - 1
    return [LENGTHS[place][1] for place in places.tolist()]


def forms(dataset: Dataset) -> list[str]:
    """Written or extracted."""
    return ["written"] * dataset.written + ["extracted"] * (len(dataset.target) - dataset.written)


def _padded(names: list[str], dataset: Dataset) -> list[str]:
    """Names of the written sections, and nothing for the others."""
    return names + [""] * (len(dataset.target) - len(names))
