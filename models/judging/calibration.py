"""Where scores become probabilities, and nowhere else.

A multinomial logistic regression on the scores ("matrix scaling", Guo et al. 2017, On Calibration of Modern Neural
Networks), fitted on scores of pages that the scorer had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALLEST = 1e-6
"""No probability is below this, so that logarithms stay finite."""


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows to probabilities, none below SMALLEST; rows sum to 1."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances = np.maximum(shifted / shifted.sum(axis=1, keepdims=True), SMALLEST)
    return np.asarray(chances / chances.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class Calibration:
    """matrix : float64 (labels, labels). offset : float64 (labels,)."""

    matrix: NDArray[np.float64]
    offset: NDArray[np.float64]

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scores (sections, labels) to probabilities (sections, labels)."""
        return softmax(scores @ self.matrix + self.offset)
