"""The second look: a section judged among the other sections of its page.

A section's row holds what it scored alone, its facts, the same of its neighbours, the page's means, its place, and how
far behind it a marker stands. Small networks and boosted trees turn the row into scores.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel, part
from models.judging.calibration import Calibration
from models.judging.network import Network
from models.judging.trees import Trees
from models.terms.facts import FACTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

REACH = 3
"""So many neighbours on either side are looked at."""

PLACE_FACTS = 7
MARKER_FACT = len(FACTS) - 1
MARKER_SHARE = 0.5
"""A section is a marker when more than this share of its characters are marker words."""

FADE = 3.0
"""The pull of a marker behind and of the page's end ahead falls by a factor of e over so many sections."""


def row_width(labels: int) -> int:
    """How many numbers a section's row has."""
    return labels + 2 * REACH * (labels + 1) + 4 * len(FACTS) + 3 * labels + PLACE_FACTS


@part
def write_neighbours(
    row: NDArray[np.float64],
    chances: NDArray[np.float64],
    facts: NDArray[np.float32],
    first: int,
    last: int,
    at: int,
) -> int:
    """Own and neighbouring log-probabilities and facts; returns how much of the row is filled."""
    labels, measures, filled = chances.shape[1], facts.shape[1], 0
    for distance in range(-REACH, REACH + 1):
        other = at + distance
        if first <= other < last:
            for label in range(labels):
                row[filled + label] = math.log(chances[other, label])
            if distance != 0:
                row[filled + labels] = 1
        filled += labels if distance == 0 else labels + 1
    for distance in range(-1, 2):
        other = at + distance
        if first <= other < last:
            for fact in range(measures):
                row[filled + fact] = facts[other, fact]
        filled += measures
    return filled


@part
def write_means(
    row: NDArray[np.float64],
    filled: int,
    before: NDArray[np.float64],
    whole: NDArray[np.float64],
    own: NDArray[np.float64],
    ahead: int,
    behind: int,
) -> int:
    """Mean probabilities of the sections before, of those after, and of the page."""
    labels = own.size
    for label in range(labels):
        row[filled + label] = before[label] / max(ahead, 1)
        row[filled + labels + label] = (whole[label] - before[label] - own[label]) / max(behind, 1)
        row[filled + 2 * labels + label] = whole[label] / (ahead + behind + 1)
    return filled + 3 * labels


@kernel
def context_rows(
    chances: NDArray[np.float64],
    facts: NDArray[np.float32],
    pages: NDArray[np.int64],
) -> NDArray[np.float64]:
    """The rows of all sections of some pages.

    chances : (sections, labels), probabilities of each section alone.
    facts : (sections, len(FACTS)).
    pages : where each page's sections begin, and the number of sections at the end.

    Returns (sections, row_width(labels)).
    """
    (sections, labels), measures = chances.shape, facts.shape[1]
    width = labels + 2 * REACH * (labels + 1) + 4 * measures + 3 * labels + PLACE_FACTS
    rows = np.zeros((sections, width), np.float64)
    for page in range(pages.size - 1):
        first, last = pages[page], pages[page + 1]
        size, marker = last - first, -1
        before, whole, shape = np.zeros(labels), np.zeros(labels), np.zeros(measures)
        for at in range(first, last):
            for label in range(labels):
                whole[label] += chances[at, label]
            for fact in range(measures):
                shape[fact] += facts[at, fact]
        for at in range(first, last):
            row, ahead = rows[at], at - first
            filled = write_neighbours(row, chances, facts, first, last, at)
            filled = write_means(row, filled, before, whole, chances[at], ahead, size - ahead - 1)
            for label in range(labels):
                before[label] += chances[at, label]
            if facts[at, MARKER_FACT] > MARKER_SHARE:
                marker = at
            for fact in range(measures):
                row[filled + fact] = shape[fact] / size
            filled += measures
            row[filled] = ahead / size
            row[filled + 1] = math.log(size)
            row[filled + 2] = ahead == 0
            row[filled + 3] = at == last - 1
            row[filled + 4] = marker >= 0
            row[filled + 5] = math.exp((marker - at) / FADE) if marker >= 0 else 0.0
            row[filled + 6] = math.exp((at + 1 - last) / FADE)
    return rows


@dataclass(frozen=True)
class Context:
    """What judges a section among its neighbours: networks and trees, whose mean log-odds are calibrated."""

    network: Network
    trees: Trees
    calibration: Calibration

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Context rows (sections, row_width) to log-odds (sections, labels), which sum to 0."""
        return middle(self.network.scores(rows), self.trees.scores(rows))

    def probabilities(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Context rows (sections, row_width) to probabilities (sections, labels)."""
        return self.calibration.probabilities(self.scores(rows))


@kernel
def middle(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """`(centred(first) + centred(second)) / 2`, without NumPy's cost for every call: each page waits for this."""
    rows, labels = first.shape
    scores = np.empty((rows, labels), np.float64)
    for row in range(rows):
        total = 0.0
        for label in range(labels):
            scores[row, label] = (first[row, label] + second[row, label]) / 2
            total += scores[row, label]
        for label in range(labels):
            scores[row, label] -= total / labels
    return scores


def centred(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds against their mean: what softmax cannot tell apart becomes the same."""
    return np.asarray(scores - scores.mean(axis=1, keepdims=True))
