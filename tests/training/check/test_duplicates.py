"""Exact and near duplicates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.seeds.seed import SeedPage
from training.check.duplicates import jaccard, pairs_of

PageOf = Callable[..., SeedPage]

TEXT = "河湾边那座老水车今年换了新轴承,转起来几乎听不见响声,村里人反倒有些不习惯"


def test_a_copy_in_other_width_is_a_pair(page_of: PageOf) -> None:
    """A text that differs only in width is the same text, at its place, with the place that it repeats."""
    pages = [page_of("one", ("none", TEXT)), page_of("two", ("none", TEXT.replace(",", ", ")))]

    (pair,) = pairs_of(pages, {"one": 0, "two": 1})

    assert ("two:1", "one:1", 1.0, True, False) == (
        pair.place, pair.earlier, pair.similarity, pair.across_folds, pair.conflicting,
    )  # fmt: skip


def test_a_changed_ending_is_a_near_duplicate(page_of: PageOf) -> None:
    """Two texts of 37 characters that differ in the last one share 32 of 34 grams."""
    pages = [page_of("one", ("none", TEXT), ("opinion", TEXT[:-1] + "适"))]

    (pair,) = pairs_of(pages, {"one": 3})

    assert (round(32 / 34, 3), False, True) == (pair.similarity, pair.across_folds, pair.conflicting)


def test_copies_count_once_each(page_of: PageOf) -> None:
    """Four copies are three pairs, each with the first."""
    pages = [page_of("one", *[("none", TEXT)] * 4)]

    found = pairs_of(pages, {})

    assert [("one:2", "one:1"), ("one:3", "one:1"), ("one:4", "one:1")] == [(p.place, p.earlier) for p in found]


def test_half_alike_is_no_pair(page_of: PageOf) -> None:
    """Texts that share less than six tenths of their grams are different texts."""
    other = TEXT[:20] + "谁料第二年春天一场大水把它连根拔起"

    assert pairs_of([page_of("one", ("none", TEXT), ("none", other))], {}) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param({"a", "b"}, {"a", "b"}, 1.0, id="the same"),
        pytest.param({"a", "b", "c"}, {"b", "c", "d"}, 0.5, id="half"),
        pytest.param({"a"}, {"b"}, 0.0, id="nothing"),
    ],
)
def test_jaccard(one: set[str], other: set[str], expected: float) -> None:
    """Jaccard similarity is what both have over what either has."""
    assert expected == jaccard(one, other)
