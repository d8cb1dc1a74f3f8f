"""From numbers to a fitted model: terms, classifier, calibration, context, thresholds.

Whatever is fitted on scores is fitted on scores of pages that the scorer did not see.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models.judging.calibration import Calibration
from models.judging.context import Network
from training.context import fit_context, places_of, unseen_context
from training.dataset import Dataset, folds_of
from training.pipeline import classifier, group_tfidf
from training.thresholds import thresholds_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray
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
    context: Network
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
        log_odds = centred(np.log(unseen_context(places, dataset.target, fold, config)))
        context = fit_context(places.rows[places.telling], dataset.target[places.section[places.telling]], config)
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
        tfidf, svc, alone, recalibrated(context, calibrated, config.sharpening), thresholds, chances, together
    )


def unseen_scores(
    dataset: Dataset,
    fold: NDArray[np.int64],
    extractor: TermExtractor,
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Scores of each section by a classifier that saw no page of its fold."""
    scores = np.full((len(fold), len(np.unique(dataset.target))), SURE_NO)
    for held in np.unique(fold):
        seen = fold != held
        tfidf = group_tfidf(extractor, config).fit(dataset.counts[seen])
        svc = classifier(config).fit(tfidf.transform(dataset.counts[seen]), dataset.target[seen])
        scores[np.ix_(~seen, svc.classes_)] = svc.decision_function(tfidf.transform(dataset.counts[~seen]))
    return scores


def fit_calibration(scores: NDArray[np.float64], target: NDArray[np.int64]) -> Calibration:
    """Matrix scaling of scores."""
    fitted = LogisticRegression(C=CALIBRATION_PENALTY, max_iter=MOST_ROUNDS).fit(scores, target)
    return Calibration(fitted.coef_.T.copy(), fitted.intercept_.copy())


def centred(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-probabilities to log-odds against their mean: what softmax cannot tell apart becomes the same."""
    return np.asarray(logarithms - logarithms.mean(axis=1, keepdims=True))


def recalibrated(network: Network, calibration: Calibration, sharpening: float) -> Network:
    """The network with a calibration of its centred log-odds, sharpened, folded into its last layer."""
    weights, biases = network.layers[-1]
    matrix = calibration.matrix - calibration.matrix.mean(axis=0)  # centring the input is centring the matrix
    last = (sharpening * weights @ matrix, sharpening * (biases @ matrix + calibration.offset))
    return Network(network.mean, network.scale, (*network.layers[:-1], last))
