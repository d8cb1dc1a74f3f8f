"""Answers side by side with what is true: what every figure, curve and table is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Answers:
    """What was answered for some sections.

    labels : `none` last. An abstention counts as `none`.
    chances : float64 (sections, labels), probabilities.
    said : int64 (sections,), the number of the label given.
    target : int64 (sections,), the number of the true label.
    page : int64 (sections,), the number of each section's page.
    """

    labels: tuple[str, ...]
    chances: NDArray[np.float64]
    said: NDArray[np.int64]
    target: NDArray[np.int64]
    page: NDArray[np.int64]

    @property
    def none(self) -> int:
        """The number of `none`."""
        return len(self.labels) - 1

    @cached_property
    def given(self) -> NDArray[np.bool_]:
        """Whether a label was given, bool (sections,)."""
        return np.asarray(self.said != self.none)

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Whether what was said is true, bool (sections,)."""
        return np.asarray(self.said == self.target)

    @cached_property
    def best(self) -> NDArray[np.int64]:
        """The likeliest of the labels and none."""
        return np.asarray(self.chances.argmax(axis=1))

    @cached_property
    def surest(self) -> NDArray[np.float64]:
        """The probability of the likeliest."""
        return np.asarray(self.chances.max(axis=1))

    @cached_property
    def forced(self) -> NDArray[np.int64]:
        """The likeliest label other than none."""
        return np.asarray(self.chances[:, : self.none].argmax(axis=1))

    def of(self, rows: NDArray[np.bool_]) -> Answers:
        """The answers for some of the sections."""
        return Answers(self.labels, self.chances[rows], self.said[rows], self.target[rows], self.page[rows])


def answers_of(
    chances: NDArray[np.float64],
    target: NDArray[np.int64],
    page: NDArray[np.int64],
    labels: Sequence[str],
    thresholds: Mapping[str, float],
) -> Answers:
    """The answers that probabilities give: the likeliest label where it reaches its threshold, else none."""
    limits = np.array([thresholds.get(label, 0.0) for label in labels])
    best = chances.argmax(axis=1)
    sure = chances[np.arange(len(best)), best] >= limits[best]
    return Answers(tuple(labels), chances, np.where(sure, best, len(labels) - 1), target, page)
