"""Curves over probability: whether it says the truth (reliability), and what asking for more of it buys (risk)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.metrics import BINS

POINTS = 60
"""So many points of a risk curve are drawn: more would not be seen."""


@dataclass(frozen=True)
class Bin:
    """Answers of about the same probability.

    low, high : the bin's edges. probability : mean of the answers'. right : share of them that are right.
    """

    low: float
    high: float
    count: int
    probability: float
    right: float


@dataclass(frozen=True)
class Point:
    """What is left when only answers of at least some probability are given.

    coverage : share of the answers that are given. risk : share of those that are wrong.
    """

    probability: float
    coverage: float
    risk: float


def reliability(probability: NDArray[np.float64], right: NDArray[np.bool_]) -> list[Bin]:
    """Mean probability and share right (Niculescu-Mizil & Caruana 2005), in bins of equal width that hold any."""
    number = np.minimum((probability * BINS).astype(int), BINS - 1)
    return [
        Bin(
            bin_ / BINS,
            (bin_ + 1) / BINS,
            int((number == bin_).sum()),
            float(probability[number == bin_].mean()),
            float(right[number == bin_].mean()),
        )
        for bin_ in np.unique(number).tolist()
    ]


def risk_coverage(probability: NDArray[np.float64], right: NDArray[np.bool_]) -> list[Point]:
    """Risk against coverage (El-Yaniv & Wiener 2010), surest answers first.

    Answers of the same probability are given together: there is one point for each probability.
    """
    order = np.argsort(-probability, kind="stable")
    count = np.arange(1, len(order) + 1)
    risk = np.cumsum(~right[order]) / count
    last_of_equals = np.flatnonzero(np.diff(probability[order], append=-1.0) < 0)
    return [
        Point(float(probability[order[at]]), float(count[at] / len(order)), float(risk[at]))
        for at in last_of_equals.tolist()
    ]


def thinned(points: list[Point]) -> list[Point]:
    """At most POINTS of the points, evenly spread, with the first and the last."""
    if len(points) <= POINTS:
        return points
    return [points[at] for at in np.linspace(0, len(points) - 1, POINTS).round().astype(int).tolist()]
