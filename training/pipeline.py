"""The scikit-learn pipeline of the model that judges a section alone: terms → TF-IDF by group → linear classifier.

Weights are rounded to half precision when they are learned, so that the pipeline and the saved version hold the same
numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC

from models.terms.emit import GROUPS
from models.terms.extractor import TermExtractor, TermsConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.config import TrainingConfig


class TermCounter(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts to counted terms, through the extractor that the service uses.

    config : how text becomes terms; None is the default.
    """

    def __init__(self, config: TermsConfig | None = None) -> None:
        self.config = config

    def fit(self, texts: Sequence[str], y: object = None) -> Self:  # noqa: ARG002 - scikit-learn's signature
        """Learn nothing: terms are hashed, and there is no vocabulary."""
        return self

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Texts to a CSR matrix (texts, buckets) of counts."""
        extractor = TermExtractor(self.config or TermsConfig())
        counted = extractor.count(texts)
        parts = (counted.counts.astype(np.float32), counted.buckets, counted.pointers)
        return sparse.csr_matrix(parts, shape=(len(texts), extractor.buckets))

    def __sklearn_is_fitted__(self) -> bool:
        """Fitted from the start."""
        return True


class KnownTfidf(TfidfTransformer):  # type: ignore[misc]
    """Sublinear TF-IDF with unit rows, of the terms that enough sections hold.

    fewest_sections : a term in fewer sections gets weight 0, and does not count towards the row's length.
    """

    idf_: Any

    def __init__(self, fewest_sections: int = 2) -> None:
        super().__init__(sublinear_tf=True)
        self.fewest_sections = fewest_sections

    def fit(self, X: sparse.csr_matrix, y: object = None) -> Self:
        """Learn the inverse document frequencies."""
        super().fit(X, y)
        rare = np.bincount(X.indices, minlength=X.shape[1]) < self.fewest_sections
        self.idf_ = np.where(rare, 0.0, half(self.idf_))
        return self


class HalfPrecisionSVC(LinearSVC):  # type: ignore[misc]
    """LinearSVC whose coefficients are rounded to half precision."""

    coef_: Any

    def fit(self, X: sparse.csr_matrix, y: Any, sample_weight: Any = None) -> Self:
        """Fit, then round."""
        super().fit(X, y, sample_weight)
        self.coef_ = half(self.coef_)
        return self


def half(values: Any) -> Any:
    """Round to half precision, in double."""
    return np.asarray(values).astype(np.float16).astype(np.float64)


def group_tfidf(extractor: TermExtractor, config: TrainingConfig) -> ColumnTransformer:
    """TF-IDF of each group of terms by itself, weighted."""
    return ColumnTransformer(
        [(group, KnownTfidf(config.fewest_sections), extractor.group(group)) for group in GROUPS],
        sparse_threshold=1.0,
        transformer_weights=config.scales,
    )


def classifier(config: TrainingConfig) -> HalfPrecisionSVC:
    """The linear classifier; classes weigh the same however many seeds they have."""
    return HalfPrecisionSVC(
        C=config.penalty, tol=config.tolerance, class_weight="balanced", random_state=config.random_state
    )


def whole_pipeline(terms: TermsConfig, tfidf: ColumnTransformer, fitted: HalfPrecisionSVC) -> Pipeline:
    """The fitted steps as one pipeline, for notebooks: texts in, scores out."""
    return Pipeline([("count", TermCounter(terms)), ("tfidf", tfidf), ("classify", fitted)])
