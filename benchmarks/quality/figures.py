"""Figures of answers, and how far they could be off: intervals from drawing pages again (bootstrap over pages).

four_way : macro-F1 over the labels and none; an abstention counts as none.
forced : accuracy on sections that have one of the labels, by the likeliest of those labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.seeds.seed import LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.quality.pages import LabelledPage

DRAWS = 400
OF_THREE = len(LABELS) - 1
NUMBERS = {label: number for number, label in enumerate(LABELS)}


@dataclass(frozen=True)
class Answers:
    """Label numbers, one for each section of all pages in order.

    said : the label given; that of none for an abstention. forced : the likeliest but for none.
    """

    said: NDArray[np.int64]
    forced: NDArray[np.int64]


@dataclass(frozen=True)
class Figure:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Scored:
    """Figures of one way: over all pages, and float64 (DRAWS,) over each draw of pages, the same draws for all ways."""

    whole: dict[str, float]
    drawn: dict[str, NDArray[np.float64]]

    def figure(self, name: str) -> Figure:
        """The named figure."""
        return _figure(self.whole[name], self.drawn[name])

    def lead(self, other: Scored, name: str) -> Figure:
        """How far the named figure is above that of another way, on the same pages."""
        return _figure(self.whole[name] - other.whole[name], self.drawn[name] - other.drawn[name])


def answers_of(scores: NDArray[np.float64]) -> Answers:
    """The answers of a way that always gives the label of the highest score; scores are (sections, labels)."""
    return Answers(scores.argmax(axis=1), scores[:, :OF_THREE].argmax(axis=1))


def score(pages: Sequence[LabelledPage], answers: Answers) -> Scored:
    """Score the answers for all sections of some pages."""
    confusion, forced = _tallies(pages, answers)
    random = np.random.default_rng(7)
    chosen = random.integers(len(pages), size=(DRAWS, len(pages)))
    times = np.stack([np.bincount(draw, minlength=len(pages)) for draw in chosen])
    drawn = _figures(np.tensordot(times, confusion, 1), times @ forced)
    whole = _figures(confusion.sum(axis=0)[None], forced.sum(axis=0)[None])
    return Scored({name: float(values[0]) for name, values in whole.items()}, drawn)


def _tallies(pages: Sequence[LabelledPage], answers: Answers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each page: how often each label was answered for each, and how many forced answers were right, of how many.

    Returns int64 (pages, labels, labels) and (pages, 2).
    """
    confusion = np.zeros((len(pages), len(LABELS), len(LABELS)), np.int64)
    forced = np.zeros((len(pages), 2), np.int64)
    at = 0
    for number, page in enumerate(pages):
        for label in page.labels:
            if label is not None:
                true = NUMBERS[label]
                confusion[number, true, answers.said[at]] += 1
                forced[number] += (answers.forced[at] == true, true < OF_THREE)
            at += 1
    return confusion, forced


def _figures(confusion: NDArray[np.int64], forced: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Figures of each of several tallies."""
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    true, said = confusion.sum(axis=2), confusion.sum(axis=1)
    f1 = 2 * hits / np.maximum(true + said, 1)
    there = true > 0
    return {
        "four_way": (f1 * there).sum(axis=1) / np.maximum(there.sum(axis=1), 1),
        "forced": forced[:, 0] / np.maximum(forced[:, 1], 1),
    }


def _figure(value: float, drawn: NDArray[np.float64]) -> Figure:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Figure(float(value), float(low), float(high))
