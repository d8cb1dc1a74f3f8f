"""How many of a new page's words would be unknown, counted on the seeds themselves."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from training.dataset import Dataset
from training.unknown_words import unknown_share


def dataset_of_words(words: list[list[int]], pages: list[int], groups: tuple[str, ...]) -> Dataset:
    """Sections that hold some words, on pages that begin at some sections."""
    counts = sparse.csr_matrix(np.array(words, np.float32))
    return Dataset(
        counts, np.zeros((len(words), 1), np.float32), np.zeros(len(words), np.int64), np.array(pages), groups, 0
    )


@pytest.mark.parametrize(
    ("groups", "expected"),
    [(("a", "b", "c"), 4 / 7), (("a", "b", "b"), 6 / 7)],
    ids=["three sites", "the last two pages of one site"],
)
def test_a_word_is_known_where_other_sites_have_it(groups: tuple[str, ...], expected: float) -> None:
    """Word 0 stands on three pages, word 1 on one, word 2 on two; two sections of other sites make a word known."""
    dataset = dataset_of_words([[2, 1, 0], [0, 3, 0], [1, 0, 1], [1, 0, 1]], [0, 2, 3, 4], groups)

    assert unknown_share(dataset, slice(0, 3), 2) == pytest.approx(expected)


def test_other_terms_than_words_do_not_count() -> None:
    """Only the buckets asked for are looked at; without any, nothing is unknown."""
    dataset = dataset_of_words([[1, 9]], [0, 1], ("a",))

    assert [unknown_share(dataset, slice(0, 1), 2), unknown_share(dataset, slice(2, 2), 2)] == [1.0, 0.0]
