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

    from models.seeds.seed import SeedPage
    from models.terms.extractor import TermExtractor
    from training.extracted import Extracted


@dataclass(frozen=True)
class Dataset:
    """Sections as rows.

    counts : CSR float32 (sections, buckets), how often each term stands in each section.
    facts : float32 (sections, len(FACTS)).
    target : int64 (sections,), the label's number.
    pages : int64 (pages + 1,), where each page's sections begin, and their number.
    groups : of each page, the name of what folds must not part: the page, or its site.
    written : how many of the sections, at the beginning, have their text.
    """

    counts: sparse.csr_matrix
    facts: NDArray[np.float32]
    target: NDArray[np.int64]
    pages: NDArray[np.int64]
    groups: tuple[str, ...]
    written: int

    @property
    def page_of(self) -> NDArray[np.int64]:
        """The number of each section's page."""
        return np.repeat(np.arange(len(self.groups)), np.diff(self.pages))

    def of(self, rows: NDArray[np.bool_]) -> Dataset:
        """Some of the sections, bool (sections,), on their pages; pages without any are gone."""
        sizes = np.bincount(self.page_of[rows], minlength=len(self.groups))
        groups = (group for group, size in zip(self.groups, sizes.tolist(), strict=True) if size)
        return Dataset(
            self.counts[rows],
            self.facts[rows],
            self.target[rows],
            np.cumsum([0, *sizes[sizes > 0].tolist()]),
            tuple(groups),
            int(rows[: self.written].sum()),
        )


def dataset_of(
    pages: Sequence[SeedPage],
    extracted: Sequence[Extracted],
    labels: Sequence[str],
    extractor: TermExtractor,
) -> Dataset:
    """Count the terms of written seeds and put extracted ones behind them."""
    seeds = [seed for page in pages for seed in page.seeds]
    counted = extractor.count([seed.text for seed in seeds])
    numbers = {label: number for number, label in enumerate(labels)}
    names = [seed.label for seed in seeds] + [label for part in extracted for label in part.labels]
    sizes = [len(page.seeds) for page in pages] + [size for part in extracted for size in part.page_sizes.tolist()]
    return Dataset(
        sparse.vstack(
            [
                _matrix(np.diff(counted.pointers), counted.buckets, counted.counts, extractor.buckets),
                *(_matrix(part.lengths, part.buckets, part.counts, extractor.buckets) for part in extracted),
            ],
            format="csr",
        ),
        np.vstack([counted.facts, *(part.facts.astype(np.float32) for part in extracted)]),
        np.array([numbers[name] for name in names], np.int64),
        np.cumsum([0, *sizes]),
        (*(page.id for page in pages), *(group for part in extracted for group in part.groups)),
        len(seeds),
    )


def _matrix(
    lengths: NDArray[np.integer],
    buckets: NDArray[np.int32],
    counts: NDArray[np.uint16],
    width: int,
) -> sparse.csr_matrix:
    """Counted terms as a CSR matrix."""
    pointers = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return sparse.csr_matrix((counts.astype(np.float32), buckets, pointers), shape=(len(lengths), width))


def folds_of(dataset: Dataset, folds: int) -> NDArray[np.int64]:
    """The fold of each section: groups of pages in the order of their names' hashes, each into the emptiest fold.

    No page and no site is in two folds.
    """
    group_of_page, names = _numbered(dataset.groups)
    sizes = np.bincount(group_of_page, np.diff(dataset.pages), minlength=len(names))
    digests = [hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names]
    load, fold_of_group = np.zeros(folds), np.zeros(len(names), np.int64)
    for group in sorted(range(len(names)), key=digests.__getitem__):
        fold_of_group[group] = load.argmin()
        load[fold_of_group[group]] += sizes[group]
    return fold_of_group[group_of_page[dataset.page_of]]


def _numbered(groups: Sequence[str]) -> tuple[NDArray[np.int64], list[str]]:
    """The number of each page's group, and the groups' names."""
    names = sorted(set(groups))
    numbers = {name: number for number, name in enumerate(names)}
    return np.array([numbers[name] for name in groups], np.int64), names
