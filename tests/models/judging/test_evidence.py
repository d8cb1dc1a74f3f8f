"""Which words decided, from what each character added."""

from __future__ import annotations

import numpy as np

from models.judging.evidence import MOST, strongest
from models.result import Evidence


def test_the_strongest_words_come_first() -> None:
    """A word's weight is what its characters add to the label, less the mean of what they add to the others."""
    pull = np.array([[0.1, 0.0, 0.0], [0.2, 0.0, 0.0], [1.0, 0.5, 0.1], [0.3, 0.9, 0.9]])

    found = strongest("显然不好", "opinion", 0, pull, np.array([0, 2, 3, 4], np.int32))

    assert (Evidence(2, 3, "不", "opinion", 0.7), Evidence(0, 2, "显然", "opinion", 0.3)) == found


def test_marks_are_no_evidence() -> None:
    """A full stop decides nothing that a reader could check."""
    pull = np.array([[0.1, 0.0], [0.9, 0.0]])

    assert (Evidence(0, 1, "好", "opinion", 0.1),) == strongest(
        "好。", "opinion", 0, pull, np.array([0, 1, 2], np.int32)
    )


def test_only_so_many_words_are_named() -> None:
    """Of a long text the strongest few."""
    pull = np.column_stack([np.arange(40.0), np.zeros(40)])

    found = strongest("字" * 40, "opinion", 0, pull, np.arange(41, dtype=np.int32))

    assert list(range(39, 39 - MOST, -1)) == [word.start for word in found]


def test_nothing_pulls_in_an_empty_text() -> None:
    """No token, no evidence."""
    assert () == strongest("", "opinion", 0, np.zeros((0, 2)), np.array([0], np.int32))
