"""Whether the labels of new seeds can be believed."""

from __future__ import annotations

from collections import Counter

import pytest

from training.gate.learned import Said
from training.gate.sources import Source, skill_of

BOTH = ("opinion", "none")


def said(*counts: tuple[str, str, int]) -> Said:
    """(label, likeliest, sections) counted."""
    return Counter({(label, likeliest): count for label, likeliest, count in counts})


@pytest.mark.parametrize(
    ("counts", "skill"),
    [
        pytest.param(said(("a", "a", 30), ("b", "b", 10)), 1.0, id="all found"),
        pytest.param(said(("a", "a", 15), ("a", "b", 15), ("b", "a", 5), ("b", "b", 5)), 0.0, id="a coin"),
        pytest.param(said(("a", "a", 90), ("b", "a", 10)), 0.0, id="always the frequent one"),
        pytest.param(said(("a", "b", 30), ("b", "a", 30)), -1.0, id="swapped"),
        pytest.param(said(("a", "a", 40)), 1.0, id="one label, found"),
        pytest.param(said(("a", "b", 40)), -1.0, id="one label, never found"),
        pytest.param(said(("a", "a", 40), ("b", "a", 4)), 1.0, id="a label too rare to count"),
        pytest.param(said(("a", "a", 3), ("b", "b", 0)), 1.0, id="a label that a draw left out"),
        pytest.param(said(("a", "a", 0)), 0.0, id="an empty draw"),
        pytest.param(said(), 0.0, id="nothing"),
    ],
)
def test_skill_is_nothing_by_chance_and_one_where_all_is_found(counts: Said, skill: float) -> None:
    """However often each label occurs."""
    assert pytest.approx(skill) == skill_of(counts)


def source(sections: int = 180, high: float = 0.1, champion: float | None = 0.0) -> Source:
    """A source whose labels are hardly found."""
    return Source("new.csv", sections, 0.3, 0.02, high, champion, 0.4)


def test_labels_that_nobody_finds_are_not_believed() -> None:
    """The reason names the source and the figures."""
    reason = source().reason

    assert reason is not None
    assert "the labels of 180 new sections from 'new.csv'" in reason
    assert "skill of 0.02 (at most 0.10; 0 is chance), the champion with a skill of 0.00; at least 0.40" in reason


@pytest.mark.parametrize(
    "believed",
    [
        pytest.param(source(sections=29), id="too few to tell"),
        pytest.param(source(high=0.41), id="may be found well enough"),
        pytest.param(source(champion=0.5), id="found by the champion"),
    ],
)
def test_labels_are_believed_where_doubt_has_no_ground(believed: Source) -> None:
    """Noise is no proof, and one judge who finds the labels is enough."""
    assert believed.reason is None
