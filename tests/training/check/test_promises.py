"""What the corpus promises, at the limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.seeds.seed import SeedPage
from training.check.duplicates import Pair
from training.check.folds import Parting
from training.check.promises import Grams, grams_of, on_folds, on_grams, on_pairs

PageOf = Callable[..., SeedPage]

PAIR = Pair("a:1", "b:1", "none", "none", 1.0, across_folds=False, text="首页")


def test_counts_grams_within_sections(page_of: PageOf) -> None:
    """Grams do not reach over the border of a section; repeated ones count once as distinct."""
    page = page_of("p", ("none", "一二三四五六"), ("none", "一二三四五"))

    assert Grams(distinct=2, every=3) == grams_of([page])


@pytest.mark.parametrize(("distinct", "holds"), [(80, True), (79, False)])
def test_distinct_grams(distinct: int, holds: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Four fifths of the grams must be distinct."""
    assert holds == on_grams(Grams(distinct, 100)).holds


@pytest.mark.parametrize(("pairs", "holds"), [(4, True), (5, False)])
def test_pairs(pairs: int, holds: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Pairs must be fewer than one in two hundred sections; the figure says how many there are."""
    promise = on_pairs([PAIR] * pairs, 1000)

    assert (holds, f"{pairs} pairs in 1000 written sections, 0.{pairs}0%") == (promise.holds, promise.figure)


@pytest.mark.parametrize(
    ("pages", "sites", "figure"),
    [
        pytest.param(["p"], [], "1 of 9 pages, 0 of 7 sites", id="page"),
        pytest.param([], ["s"], "0 of 9 pages, 1 of 7 sites", id="site"),
    ],
)
def test_one_parted_name_breaks_the_promise(pages: list[str], sites: list[str], figure: str) -> None:
    """One page or one site in two folds is one too many."""
    promise = on_folds(Parting([5, 5], 9, 7, pages, sites))

    assert (False, figure) == (promise.holds, promise.figure)
