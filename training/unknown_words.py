"""How many words of a page that training did not see it would not know: what live traffic is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from training.dataset import Dataset


def unknown_share(dataset: Dataset, words: slice, fewest_sections: int) -> float:
    """The share of the seeds' words that would be unknown if the page (or site) they stand on were new.

    A section's word counts once. It is known where `fewest_sections` sections of other pages have it, too, which is
    what a training asks of a word that it keeps.

    words : the buckets of words and word pairs.
    """
    stands = dataset.counts[:, words].copy()
    stands.data = np.ones_like(stands.data)
    _, group_of_page = np.unique(np.array(dataset.groups, dtype=object), return_inverse=True)
    groups = group_of_page[dataset.page_of]
    sections = np.arange(len(groups))
    shape = (int(groups.max(initial=-1)) + 1, len(groups))
    together = (sparse.csr_matrix((np.ones(len(groups), np.float32), (groups, sections)), shape) @ stands).tocoo()
    elsewhere = np.asarray(stands.sum(axis=0)).ravel()[together.col] - together.data
    unknown, every = together.data[elsewhere < fewest_sections].sum(), together.data.sum()
    return float(unknown / every) if every else 0.0
