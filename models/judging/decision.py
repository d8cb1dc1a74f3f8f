"""From probabilities to an answer: a label, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import repeat
from typing import TYPE_CHECKING, Any

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


Meaning = tuple[str | None, AbstainReason | None]
"""A label, or the reason why there is none."""

as_result: Callable[[tuple[Any, ...]], Result] = partial(tuple.__new__, Result)
"""As `Result._make`, in half of the time: there is one for each text."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided, a row a section: for those who write answers down and need no object for each.

    meanings : what the answers' numbers mean.
    probabilities : float64 (sections, labels), `none` last. largest : float64 (sections,), of each row.
    answers : int64 (sections,).
    """

    meanings: Sequence[Meaning]
    probabilities: NDArray[np.float64]
    largest: NDArray[np.float64]
    answers: NDArray[np.int64]


@dataclass(frozen=True)
class Decision:
    """labels : all labels, `none` last. thresholds : the probability below which a label is not given."""

    labels: tuple[str, ...]
    thresholds: Mapping[str, float]

    def verdicts(
        self,
        chances: NDArray[np.float64],
        facts: NDArray[np.float32],
        known: NDArray[np.int32],
    ) -> Verdicts:
        """What is decided; arrays have a row a section."""
        return Verdicts(self.meanings, *decide(chances, facts, known, self._least))

    def results(
        self,
        chances: NDArray[np.float64],
        facts: NDArray[np.float32],
        known: NDArray[np.int32],
    ) -> list[Result]:
        """One result a section; arrays have a row a section."""
        meanings, rounded, largest, answers = self.meanings, *decide(chances, facts, known, self._least)
        by_label = map(dict, map(zip, repeat(self.labels), rounded.tolist()))
        given = map(meanings.__getitem__, answers.tolist())
        return [
            as_result((label, probability, probabilities, reason, ()))
            for (label, reason), probability, probabilities in zip(given, largest.tolist(), by_label, strict=True)
        ]

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """What each number that `decide` answers means."""
        return *((label, None) for label in self.labels[:-1]), *((None, reason) for reason in REASONS)

    @cached_property
    def _least(self) -> NDArray[np.float64]:
        """The thresholds in the order of the labels."""
        return np.array([self.thresholds[label] for label in self.labels if label != NONE], np.float64)
