"""Where scores become probabilities, and nowhere else.

A multinomial logistic regression on the scores ("matrix scaling", Guo et al. 2017, On Calibration of Modern Neural
Networks), fitted on scores of pages that the scorer had not seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = 1e-6
"""No probability is below this, so that logarithms stay finite."""


@kernel
def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows to probabilities, none below SMALLEST; rows sum to 1."""
    rows, labels = scores.shape
    chances = np.empty((rows, labels), np.float64)
    for row in range(rows):
        largest, total, floored = scores[row, 0], 0.0, 0.0
        for label in range(1, labels):
            largest = max(largest, scores[row, label])
        for label in range(labels):
            chances[row, label] = math.exp(scores[row, label] - largest)
            total += chances[row, label]
        for label in range(labels):
            chances[row, label] = max(chances[row, label] / total, SMALLEST)
            floored += chances[row, label]
        for label in range(labels):
            chances[row, label] /= floored
    return chances


@kernel
def scaled(
    scores: NDArray[np.float64], matrix: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.float64]:
    """`softmax(scores @ matrix + offset)`, without NumPy's cost for a call: one text waits for this too."""
    rows, labels = scores.shape
    moved = np.empty((rows, offset.size), np.float64)
    for row in range(rows):
        for label in range(offset.size):
            total = 0.0
            for score in range(labels):
                total += scores[row, score] * matrix[score, label]
            moved[row, label] = total + offset[label]
    return softmax(moved)


@dataclass(frozen=True)
class Calibration:
    """matrix : float64 (labels, labels). offset : float64 (labels,)."""

    matrix: NDArray[np.float64]
    offset: NDArray[np.float64]

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores (sections, labels) to probabilities (sections, labels)."""
        return scaled(scores, self.matrix, self.offset)

    @classmethod
    def none(cls, labels: int) -> Calibration:
        """One that leaves scores of so many labels as they are."""
        return cls(np.eye(labels), np.zeros(labels))

    def sharpened(self, factor: float) -> Calibration:
        """The same with its log-odds times a factor."""
        return Calibration(factor * self.matrix, factor * self.offset)
