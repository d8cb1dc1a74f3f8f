"""Sections on two sides that say nearly the same, found by their counted terms: so extracted seeds are compared too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.terms.emit import CHARS
from models.terms.extractor import TermExtractor
from models.terms.facts import LENGTH
from training.dataset import Dataset

SIMILAR = 0.6
"""Sections repeat each other when so much of their distinct words and character n-grams is in both (Jaccard)."""

SHORTEST = 12
"""Visible characters of the shortest section that is compared: shorter ones ("相关推荐") are shared by chance."""

COMMON = 30
"""A term in more sections tells of no copy, and is not looked at for candidates: the time stays in proportion."""

CANDIDATE = 0.25
"""Candidates share this much of the rarer terms of one of them; each is then measured exactly."""

MEASURED_AT_ONCE = 1 << 14
"""Pairs whose terms are held in memory at a time."""


@dataclass(frozen=True)
class Repeats:
    """Pairs of rows that repeat each other. ours, theirs : int64 (pairs,)."""

    ours: NDArray[np.int64]
    theirs: NDArray[np.int64]


def visible(dataset: Dataset) -> NDArray[np.float64]:
    """The visible characters of each section."""
    return np.asarray(np.expm1(dataset.facts[:, LENGTH].astype(np.float64)).round())


def repeats_between(dataset: Dataset, side: NDArray[np.bool_], extractor: TermExtractor) -> Repeats:
    """Sections on one side of the corpus that repeat one on the other.

    side : bool (sections,), those on our side.
    """
    terms = _distinct(dataset.counts[:, : int(extractor.bases[CHARS + 1])])
    long = visible(dataset) >= SHORTEST
    ours, theirs = np.flatnonzero(side & long), np.flatnonzero(~side & long)
    of_term = np.bincount(terms.indices, minlength=terms.shape[1])
    rare = terms[:, np.flatnonzero((of_term > 1) & (of_term <= COMMON))]
    size = np.diff(rare.indptr)
    shared = (rare[ours] @ rare[theirs].T).tocoo()
    likely = shared.data >= CANDIDATE * np.minimum(size[ours[shared.row]], size[theirs[shared.col]])
    one, other = ours[shared.row[likely]], theirs[shared.col[likely]]
    alike = similarity(terms, one, other) >= SIMILAR
    return Repeats(one[alike], other[alike])


def similarity(terms: sparse.csr_matrix, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """The Jaccard similarity of pairs of rows. terms : ones where a section has a term."""
    size = np.diff(terms.indptr).astype(np.float64)
    both = np.zeros(len(one))
    for start in range(0, len(one), MEASURED_AT_ONCE):
        piece = slice(start, start + MEASURED_AT_ONCE)
        both[piece] = np.asarray(terms[one[piece]].multiply(terms[other[piece]]).sum(axis=1)).ravel()
    return np.asarray(both / np.maximum(size[one] + size[other] - both, 1.0))


def _distinct(counts: sparse.csr_matrix) -> sparse.csr_matrix:
    """Counts as ones."""
    ones = np.ones(counts.nnz, np.float32)
    return sparse.csr_matrix((ones, counts.indices, counts.indptr), shape=counts.shape)
