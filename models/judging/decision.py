"""From probabilities to an answer: a label, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.result import NONE, AbstainReason, Result
from models.terms.facts import DIGIT_SHARE, HAN_SHARE, LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

LEAST_HAN = 0.08
"""A section with a smaller share of Chinese characters is not Chinese prose."""


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
        best = chances.argmax(axis=1).tolist()
        rows = np.round(chances, 6).tolist()
        empty = (facts[:, LENGTH] == 0).tolist()
        foreign = ((facts[:, HAN_SHARE] < LEAST_HAN) & (facts[:, DIGIT_SHARE] < 1) | (known == 0)).tolist()
        return [
            self._result(row, top, is_empty=nothing, is_foreign=other)
            for row, top, nothing, other in zip(rows, best, empty, foreign, strict=True)
        ]

    def _result(self, row: list[float], top: int, *, is_empty: bool, is_foreign: bool) -> Result:
        """The result of one section."""
        label, probability = self.labels[top], row[top]
        reason = self._reason(label, probability, is_empty=is_empty, is_foreign=is_foreign)
        probabilities = dict(zip(self.labels, row, strict=True))
        return Result(label if reason is None else None, probability, probabilities, reason)

    def _reason(self, label: str, probability: float, *, is_empty: bool, is_foreign: bool) -> AbstainReason | None:
        """Why the likeliest label is not given, or None where it is."""
        if is_empty:
            return AbstainReason.EMPTY
        if is_foreign:
            return AbstainReason.NO_KNOWN_TERMS
        if label == NONE:
            return AbstainReason.NONE_OF_THESE
        return None if probability >= self.thresholds[label] else AbstainReason.LOW_PROBABILITY
