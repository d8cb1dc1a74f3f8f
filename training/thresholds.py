"""How sure the model must be before it gives a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

DIGITS = 6
"""Probabilities are rounded so before they are compared with a threshold, here as in every answer."""


def thresholds_for(
    chances: NDArray[np.float64],
    target: NDArray[np.int64],
    labels: Sequence[str],
    precision: float,
) -> dict[str, float]:
    """By label but `none`, the smallest probability from which on answers have the precision; at most the largest seen.

    chances : (sections, labels), of sections that the model did not see. target : (sections,).
    """
    best = chances.argmax(axis=1)
    chances = np.round(chances, DIGITS)
    return {
        label: smallest_for(chances[best == number, number], target[best == number] == number, precision)
        for number, label in enumerate(labels[:-1])
    }


def smallest_for(probability: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """The smallest probability such that the answers from there on are right so often; 1 where there is none."""
    order = np.argsort(-probability, kind="stable")
    so_far = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    last_of_equals = np.diff(probability[order], append=-1.0) < 0  # a threshold lets all of them in, or none
    enough = np.flatnonzero((so_far >= precision) & last_of_equals)
    if not len(enough):
        return 1.0
    return 0.0 if enough[-1] == len(order) - 1 else float(probability[order[enough[-1]]])
