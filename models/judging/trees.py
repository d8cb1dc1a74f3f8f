"""Boosted regression trees: Friedman 2001, Greedy Function Approximation: A Gradient Boosting Machine.

They are not walked, because a processor cannot foretell which way a walk turns. Each question that a row answers with
no rules leaves out, by a mask of bits, and the first leaf that is left is the row's: QuickScorer, Lucchese et al. 2015.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numba.cpython.unsafe import numbers

from models.compiled import disabled, kernel, part
from models.judging.lanes import LANES, keep_leaves

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAF = -1
"""What a leaf has for a feature."""

MOST_LEAVES = 64
"""A tree's leaves are bits of one number."""

lowest_bit: Any = (lambda bits: (int(bits) & -int(bits)).bit_length() - 1) if disabled() else numbers.trailing_zeros
"""Position of a number's lowest set bit: one instruction, where kernels call it."""

EVERY = np.uint64((1 << MOST_LEAVES) - 1)


class Questions(NamedTuple):
    """All trees' inner nodes, tree by tree, and their leaves from left to right.

    first : int64 (trees + 1,), where each tree's questions begin, and their number.
    feature : int64 (questions,). threshold : float64 (questions,), up to which the answer is yes.
    remain : uint64 (questions,), bits of the leaves that remain with a no: all but those that a yes leads to.
    leaves : float64 (trees, leaves of the largest tree), what each leaf adds.
    """

    first: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    remain: NDArray[np.uint64]
    leaves: NDArray[np.float64]


@dataclass(frozen=True)
class Trees:
    """All trees' nodes, laid end to end.

    baseline : float64 (labels,), what a row scores before any tree.
    root : int32 (trees,), the number of each tree's first node.
    label : int32 (trees,), the number of the label whose score it adds to.
    feature : int32 (nodes,), which number of the row is asked; LEAF for a leaf.
    threshold : float64 (nodes,), up to which the row goes on at `left`.
    left, right : int32 (nodes,), each the number of a later node.
    value : float32 (nodes,), what a leaf adds.
    """

    baseline: NDArray[np.float64]
    root: NDArray[np.int32]
    label: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]

    def scores(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Rows (sections, row_width) to log-odds (sections, labels)."""
        return add_trees(rows, self.baseline, self.label, *self._questions)

    def fits(self, width: int) -> bool:
        """Whether every walk ends at one of few enough leaves: numbers in range, children behind their parents."""
        nodes, inner = len(self.feature), np.flatnonzero(self.feature != LEAF)
        return bool(
            all(len(array) == nodes for array in (self.threshold, self.left, self.right, self.value))
            and len(self.root) == len(self.label)
            and np.all((self.root >= 0) & (self.root < nodes))
            and np.all((self.label >= 0) & (self.label < len(self.baseline)))
            and np.all((self.feature[inner] >= 0) & (self.feature[inner] < width))
            and all(np.all((child[inner] > inner) & (child[inner] < nodes)) for child in (self.left, self.right))
            and all(self._few_leaves(root) for root in self.root.tolist())
        )

    def _few_leaves(self, root: int) -> bool:
        """Whether walks from a root come to MOST_LEAVES leaves at most."""
        waiting, leaves = [root], 0
        while waiting and leaves <= MOST_LEAVES:
            node = waiting.pop()
            leaves += self.feature[node] == LEAF
            waiting += [] if self.feature[node] == LEAF else [int(self.left[node]), int(self.right[node])]
        return leaves <= MOST_LEAVES

    @cached_property
    def _questions(self) -> Questions:
        """The trees as questions; asked once for each model."""
        first: list[int] = [0]
        questions: list[tuple[int, float, int]] = []
        leaves: list[list[float]] = []
        for root in self.root.tolist():
            leaves.append([])
            self._ask(root, questions, leaves[-1])
            first.append(len(questions))
        values = np.zeros((len(leaves), max(map(len, leaves), default=1)))
        for tree, row in enumerate(leaves):
            values[tree, : len(row)] = row
        return Questions(
            np.array(first, np.int64),
            np.array([feature for feature, _, _ in questions], np.int64),
            np.array([threshold for _, threshold, _ in questions], np.float64),
            np.array([remain for _, _, remain in questions], np.uint64),
            values,
        )

    def _ask(self, node: int, questions: list[tuple[int, float, int]], leaves: list[float]) -> None:
        """Add the questions and leaves below a node, from left to right; a tree is as deep as it has leaves at most."""
        if self.feature[node] == LEAF:
            leaves.append(float(self.value[node]))
            return
        before = len(leaves)
        self._ask(int(self.left[node]), questions, leaves)
        lost = (1 << len(leaves)) - (1 << before)
        questions.append((int(self.feature[node]), float(self.threshold[node]), int(EVERY) - lost))
        self._ask(int(self.right[node]), questions, leaves)


@kernel
def add_trees(
    rows: NDArray[np.float64],
    baseline: NDArray[np.float64],
    label: NDArray[np.int32],
    first: NDArray[np.int64],
    feature: NDArray[np.int64],
    threshold: NDArray[np.float64],
    remain: NDArray[np.uint64],
    leaves: NDArray[np.float64],
) -> NDArray[np.float64]:
    """The baseline and, for each tree, the value of the leaf that a row comes to; see Trees and Questions."""
    (sections, width), labels = rows.shape, baseline.size
    scores, sums = np.empty((sections, labels), np.float64), np.empty((labels, LANES), np.float64)
    block, left = np.zeros((width, LANES), np.float64), np.empty(LANES, np.uint64)
    for start in range(0, sections, LANES):
        filled = min(LANES, sections - start)
        turn(rows, start, filled, block)
        for lane in range(LANES):
            for number in range(labels):
                sums[number, lane] = baseline[number]
        for tree in range(label.size):
            for lane in range(LANES):
                left[lane] = EVERY
            keep_leaves(left, block, feature, threshold, remain, first[tree], first[tree + 1])
            for lane in range(LANES):
                sums[label[tree], lane] += leaves[tree, lowest_bit(left[lane])]
        for lane in range(filled):
            for number in range(labels):
                scores[start + lane, number] = sums[number, lane]
    return scores


@part
def turn(rows: NDArray[np.float64], start: int, filled: int, block: NDArray[np.float64]) -> None:
    """Put so many rows from `start` on into the columns of a block."""
    for lane in range(filled):
        for number in range(rows.shape[1]):
            block[number, lane] = rows[start + lane, number]
