"""From probabilities to an answer: a label, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel
from models.result import NONE, AbstainReason, Result
from models.terms.facts import DIGIT_SHARE, HAN_SHARE, LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LEAST_HAN = np.float32(0.08)
"""A section with a smaller share of Chinese characters is not Chinese prose."""

MILLIONTHS = 1e6
"""Probabilities are given to so much."""

REASONS = (
    AbstainReason.EMPTY,
    AbstainReason.NO_KNOWN_TERMS,
    AbstainReason.NONE_OF_THESE,
    AbstainReason.LOW_PROBABILITY,
)
EMPTY, NO_KNOWN_TERMS, NONE_OF_THESE, LOW_PROBABILITY = range(len(REASONS))


@kernel
def decide(
    chances: NDArray[np.float64],
    facts: NDArray[np.float32],
    known: NDArray[np.int32],
    thresholds: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Decide on each section; arrays have a row a section, and `none` is the last label.

    thresholds : (labels - 1,).

    Returns the probabilities, rounded; the largest of each section; and the answers: the label's number, or the number
    of labels without `none` and a reason's.
    """
    sections, none = chances.shape[0], thresholds.size
    rounded, largest = np.empty_like(chances), np.empty(sections, np.float64)
    answers = np.empty(sections, np.int64)
    for at in range(sections):
        top = 0
        for label in range(none + 1):
            rounded[at, label] = np.rint(chances[at, label] * MILLIONTHS) / MILLIONTHS
            if chances[at, label] > chances[at, top]:
                top = label
        largest[at] = rounded[at, top]
        if facts[at, LENGTH] == 0:
            answers[at] = none + EMPTY
        elif known[at] == 0 or (facts[at, HAN_SHARE] < LEAST_HAN and facts[at, DIGIT_SHARE] < 1):
            answers[at] = none + NO_KNOWN_TERMS
        elif top == none:
            answers[at] = none + NONE_OF_THESE
        else:
            answers[at] = top if largest[at] >= thresholds[top] else none + LOW_PROBABILITY
    return rounded, largest, answers


@dataclass(frozen=True)
class Decision:
    """labels : all labels, `none` last. thresholds : the probability below which a label is not given."""

    labels: tuple[str, ...]
    thresholds: Mapping[str, float]

    def results(
        self,
        chances: NDArray[np.float64],
        facts: NDArray[np.float32],
        known: NDArray[np.int32],
    ) -> list[Result]:
        """One result a section; arrays have a row a section."""
        rounded, largest, answers = decide(chances, facts, known, self._least)
        given = [self._given[answer] for answer in answers.tolist()]
        by_label = map(dict, map(zip, repeat(self.labels), rounded.tolist()))
        return [
            Result(label, probability, probabilities, reason)
            for (label, reason), probability, probabilities in zip(given, largest.tolist(), by_label, strict=True)
        ]

    @cached_property
    def _least(self) -> NDArray[np.float64]:
        """The thresholds in the order of the labels."""
        return np.array([self.thresholds[label] for label in self.labels if label != NONE], np.float64)

    @cached_property
    def _given(self) -> list[tuple[str | None, AbstainReason | None]]:
        """What each number that `decide` answers means: a label, or a reason."""
        return [*((label, None) for label in self.labels[:-1]), *((None, reason) for reason in REASONS)]
