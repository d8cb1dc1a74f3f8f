"""Seeds as numbers: counted terms, facts, labels and pages, in page order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models.terms.extractor import TermExtractor
    from training.seed import SeedPage


@dataclass(frozen=True)
class Dataset:
    """Sections as rows.

    counts : CSR float32 (sections, buckets), how often each term stands in each section.
    facts : float32 (sections, len(FACTS)).
    target : int64 (sections,), the label's number.
    pages : int64 (pages + 1,), where each page's sections begin, and their number.
    page_ids : the pages' ids.
    """

    counts: sparse.csr_matrix
    facts: NDArray[np.float32]
    target: NDArray[np.int64]
    pages: NDArray[np.int64]
    page_ids: tuple[str, ...]

    @property
    def page_of(self) -> NDArray[np.int64]:
        """The number of each section's page."""
        return np.repeat(np.arange(len(self.page_ids)), np.diff(self.pages))


def dataset_of(pages: Sequence[SeedPage], labels: Sequence[str], extractor: TermExtractor) -> Dataset:
    """Count the terms of all seeds."""
    seeds = [seed for page in pages for seed in page.seeds]
    counted = extractor.count([seed.text for seed in seeds])
    counts = sparse.csr_matrix(
        (counted.counts.astype(np.float32), counted.buckets, counted.pointers),
        shape=(len(seeds), extractor.buckets),
    )
    numbers = {label: number for number, label in enumerate(labels)}
    return Dataset(
        counts,
        counted.facts,
        np.array([numbers[seed.label] for seed in seeds], np.int64),
        np.cumsum([0, *(len(page.seeds) for page in pages)]),
        tuple(page.id for page in pages),
    )


def folds_of(dataset: Dataset, folds: int) -> NDArray[np.int64]:
    """The fold of each section: pages in the order of their ids' hashes, dealt out so that folds hold equally many sections.

    No page is in two folds, and a page keeps its place in the order when others come and go.
    """
    digests = [hashlib.sha256(page.encode("utf-8", "surrogatepass")).digest() for page in dataset.page_ids]
    sizes, load = np.diff(dataset.pages), np.zeros(folds, np.int64)
    fold_of_page = np.zeros(len(digests), np.int64)
    for page in sorted(range(len(digests)), key=digests.__getitem__):
        fold_of_page[page] = load.argmin()
        load[fold_of_page[page]] += sizes[page]
    return fold_of_page[dataset.page_of]
