"""From numbers to a fitted model: terms, classifier, calibration, context, thresholds.

Whatever is fitted on scores is fitted on scores of pages that the scorer did not see.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models.judging.calibration import Calibration
from models.judging.context import Context, centred
from training.context import fit_contexts, places_of
from training.dataset import Dataset, folds_of
from training.parallel import spread
from training.pipeline import classifier, group_tfidf
from training.thresholds import thresholds_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
    from scipy import sparse
    from sklearn.compose import ColumnTransformer

    from models.terms.extractor import TermExtractor
    from training.config import TrainingConfig
    from training.pipeline import HalfPrecisionSVC

CALIBRATION_PENALTY = 10.0
"""C of the calibration, which has twenty numbers to learn from thousands of sections."""

MOST_ROUNDS = 2000

SURE_NO = -1.0
"""The score of a label that no page outside the fold has: the margin of a support vector machine."""


@dataclass(frozen=True)
class Fitted:
    """A fitted model, with what it said of pages it had not seen.

    alone_unseen, context_unseen : float64 (sections, labels), out-of-fold probabilities.
    """

    tfidf: ColumnTransformer
    svc: HalfPrecisionSVC
    alone: Calibration
    context: Context
    thresholds: dict[str, float]
    alone_unseen: NDArray[np.float64]
    context_unseen: NDArray[np.float64]


def fit(
    dataset: Dataset,
    labels: Sequence[str],
    extractor: TermExtractor,
    config: TrainingConfig,
    say: Callable[[str], None],
) -> Fitted:
    """Fit everything.

    say : told what is being done.
    """
    fold = folds_of(dataset, config.folds)
    with threadpool_limits(1):  # more threads add up in another order, and the weights would differ
        say(f"scoring {len(fold)} sections out of fold, {config.folds} folds")
        scores = unseen_scores(dataset, fold, extractor, config)
        alone = fit_calibration(scores, dataset.target)
        chances = alone.probabilities(scores)
        say("fitting the page context")
        places = places_of(dataset, chances, labels)
        unseen, context = fit_contexts(places, dataset.target, fold % config.context_folds, config)
        log_odds = centred(np.log(unseen))
        paged = np.diff(dataset.pages)[dataset.page_of] > 1
        telling = places.telling[: len(fold)]
        calibrated = fit_calibration(log_odds[telling], dataset.target[telling])
        together = np.where(paged[:, None], calibrated.probabilities(log_odds), chances)
        say("fitting on all seeds")
        tfidf = group_tfidf(extractor, config).fit(dataset.counts)
        svc = classifier(config).fit(tfidf.transform(dataset.counts), dataset.target)
    smallest = thresholds_for(together, dataset.target, labels, config.precision)
    thresholds = {label: max(value, config.least_probability) for label, value in smallest.items()}
    return Fitted(
        tfidf,
        svc,
        alone,
        replace(context, calibration=calibrated.sharpened(config.sharpening)),
        thresholds,
        chances,
        together,
    )


def unseen_scores(
    dataset: Dataset,
    fold: NDArray[np.int64],
    extractor: TermExtractor,
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Scores of each section by a classifier that saw no page of its fold."""
    scores = np.full((len(fold), len(np.unique(dataset.target))), SURE_NO)
    held = np.unique(fold)
    steps = (group_tfidf(extractor, config), classifier(config))
    calls = ((dataset.counts, dataset.target, fold == out, *steps) for out in held)
    for out, (known, given) in zip(held, spread(scores_held_out, calls, sections=len(fold)), strict=True):
        scores[np.ix_(fold == out, known)] = given
    return scores


def scores_held_out(
    counts: sparse.csr_matrix,
    target: NDArray[np.int64],
    out: NDArray[np.bool_],
    tfidf: ColumnTransformer,
    svc: HalfPrecisionSVC,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The labels of the sections that are not held out, and the scores of those that are."""
    terms = clone(tfidf).fit(counts[~out])
    fitted = clone(svc).fit(terms.transform(counts[~out]), target[~out])
    return fitted.classes_, fitted.decision_function(terms.transform(counts[out]))


def fit_calibration(scores: NDArray[np.float64], target: NDArray[np.int64]) -> Calibration:
    """Matrix scaling of scores."""
    fitted = LogisticRegression(C=CALIBRATION_PENALTY, max_iter=MOST_ROUNDS).fit(scores, target)
    return Calibration(fitted.coef_.T.copy(), fitted.intercept_.copy())
