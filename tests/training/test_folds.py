"""Pages and sites are never parted between folds."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from training.dataset import Dataset, folds_of

FOLDS = 5
PAGES = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(["a", "b", "c", "𠮷", "\ud83d", *"defghijk"])), max_size=40
)
"""How many sections a page has, and its group."""


def dataset_with(pages: list[tuple[int, str]]) -> Dataset:
    """Seeds of which only pages and groups matter."""
    sections = sum(size for size, _ in pages)
    return Dataset(
        sparse.csr_matrix((sections, 1)),
        np.zeros((sections, 1), np.float32),
        np.zeros(sections, np.int64),
        np.cumsum([0, *(size for size, _ in pages)]),
        tuple(group for _, group in pages),
        sections,
    )


@given(pages=PAGES)
def test_no_page_and_no_site_is_in_two_folds(pages: list[tuple[int, str]]) -> None:
    """Each group, and so each page, is whole in one fold."""
    dataset = dataset_with(pages)

    fold = folds_of(dataset, FOLDS)

    groups = np.array(dataset.groups, object)[dataset.page_of] if len(fold) else np.array([])
    assert [1] * len(set(groups)) == [len(set(fold[groups == group])) for group in set(groups)]
    assert set(fold.tolist()) <= set(range(FOLDS))


@given(pages=PAGES, order=st.randoms())
def test_the_order_of_pages_decides_nothing(pages: list[tuple[int, str]], order: np.random.Generator) -> None:
    """A group is in the same fold wherever its pages stand among the others."""
    shuffled = list(pages)
    order.shuffle(shuffled)

    def fold_by_group(some: list[tuple[int, str]]) -> dict[str, int]:
        dataset = dataset_with(some)
        names = [dataset.groups[page] for page in dataset.page_of.tolist()]
        return dict(zip(names, folds_of(dataset, FOLDS).tolist(), strict=True))

    assert fold_by_group(pages) == fold_by_group(shuffled)


def test_folds_are_of_like_size() -> None:
    """Each group goes to the emptiest fold: ninety pages of ten sections part into five times eighteen."""
    fold = folds_of(dataset_with([(10, f"page-{number}") for number in range(90)]), FOLDS)

    assert [180] * FOLDS == np.bincount(fold).tolist()
