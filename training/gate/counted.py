"""Scoring counted terms as the compiled kernel scores text: what of a real page is left has no text to score."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.terms.emit import WORDS
from models.terms.extractor import Scored
from models.terms.kernel import Weights
from training.dataset import Dataset


def score_counted(dataset: Dataset, weights: Weights, bases: NDArray[np.int64]) -> Scored:
    """The scores of each section alone; `models.terms.kernel.score_texts` gives the same for the text.

    bases : where each group's buckets begin, and their number.
    """
    counts = dataset.counts
    sections, groups = counts.shape[0], len(bases) - 1
    section = np.repeat(np.arange(sections), np.diff(counts.indptr))
    group = np.searchsorted(bases, counts.indices, side="right") - 1
    idf = weights.idf[counts.indices].astype(np.float64)
    values = (1 + np.log(counts.data.astype(np.float64))) * idf
    length = np.sqrt(np.bincount(section * groups + group, values**2, sections * groups))
    scale = weights.scale[group] / np.maximum(length[section * groups + group], np.finfo(np.float64).tiny)
    weighed = sparse.csr_matrix((values * scale, counts.indices, counts.indptr), shape=counts.shape)
    words = np.bincount(section[group == WORDS], minlength=sections)
    known = np.bincount(section[(group == WORDS) & (idf > 0)], minlength=sections)
    scores = weighed @ weights.weight.astype(np.float64) + weights.bias
    return Scored(scores, dataset.facts, np.stack([words, known], axis=1).astype(np.int32))
