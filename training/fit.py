"""From numbers to a fitted model: terms, classifier, calibration, context, thresholds.

Whatever is fitted on scores is fitted on scores of pages that the scorer did not see.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from models.judging.calibration import SMALLEST, Calibration
from models.judging.context import Network, context_rows
from training.checks import FEWEST_PAGES
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
        rows = context_rows(chances, dataset.facts, dataset.pages)
        paged = np.diff(dataset.pages)[dataset.page_of] > 1
        telling = paged | rarely_paged(dataset, paged)
        log_odds = centred(np.log(unseen_context(rows, dataset.target, fold, telling, config)))
        context = fit_context(rows[telling], dataset.target[telling], config)
        calibrated = fit_calibration(log_odds[telling], dataset.target[telling])
        together = np.where(paged[:, None], calibrated.probabilities(log_odds), chances)
        say("fitting on all seeds")
        tfidf = group_tfidf(extractor, config).fit(dataset.counts)
        svc = classifier(config).fit(tfidf.transform(dataset.counts), dataset.target)
    thresholds = thresholds_for(together, dataset.target, labels, config.precision)
    return Fitted(tfidf, svc, alone, recalibrated(context, calibrated), thresholds, chances, together)


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


def fit_context(rows: NDArray[np.float64], target: NDArray[np.int64], config: TrainingConfig) -> Network:
    """Several small networks that differ in their beginnings, as one that gives the mean of their log-odds."""
    scaler = StandardScaler().fit(rows)
    standard = scaler.transform(rows)
    members = [_fit_member(standard, target, config, member) for member in range(config.context_members)]
    hidden = (
        np.hstack([member.coefs_[0] for member in members]),
        np.hstack([member.intercepts_[0] for member in members]),
    )
    outer = np.vstack([member.coefs_[1] for member in members]) / len(members)
    return Network(scaler.mean_, scaler.scale_, (hidden, (outer, np.mean([m.intercepts_[1] for m in members], axis=0))))


def _fit_member(
    rows: NDArray[np.float64],
    target: NDArray[np.int64],
    config: TrainingConfig,
    member: int,
) -> MLPClassifier:
    """One network with one hidden layer."""
    network = MLPClassifier(
        (config.context_units,),
        alpha=config.context_penalty,
        max_iter=config.context_rounds,
        random_state=config.random_state + member,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is what keeps it from overfitting
        return network.fit(rows, target)


def unseen_context(
    rows: NDArray[np.float64],
    target: NDArray[np.int64],
    fold: NDArray[np.int64],
    telling: NDArray[np.bool_],
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Probabilities of each section in its page by a context that saw no page of its fold.

    telling : bool (sections,), those to learn from.
    """
    chances = np.full((len(fold), len(np.unique(target))), SMALLEST)
    for held in np.unique(fold):
        seen = (fold != held) & telling
        context = fit_context(rows[seen], target[seen], config)
        chances[np.ix_(fold == held, np.unique(target[seen]))] = context.probabilities(rows[fold == held])
    return chances


def rarely_paged(dataset: Dataset, paged: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Sections of labels that hardly stand on pages with other sections, as seeds of a user's own label may.

    The context learns those from single sections too, or it would not know the label.
    """
    on_pages = {
        label: len(np.unique(dataset.page_of[paged & (dataset.target == label)])) for label in np.unique(dataset.target)
    }
    return np.isin(dataset.target, [label for label, pages in on_pages.items() if pages < FEWEST_PAGES])


def centred(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-probabilities to log-odds against their mean: what softmax cannot tell apart becomes the same."""
    return np.asarray(logarithms - logarithms.mean(axis=1, keepdims=True))


def recalibrated(network: Network, calibration: Calibration) -> Network:
    """The network with a calibration of its centred log-odds folded into its last layer."""
    weights, biases = network.layers[-1]
    matrix = calibration.matrix - calibration.matrix.mean(axis=0)  # centring the input is centring the matrix
    last = (weights @ matrix, biases @ matrix + calibration.offset)
    return Network(network.mean, network.scale, (*network.layers[:-1], last))
