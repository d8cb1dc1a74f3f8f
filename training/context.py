"""Fitting the page context: small networks over what a section and its neighbours scored alone."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from models.judging.calibration import SMALLEST
from models.judging.context import Network, context_rows
from training.checks import FEWEST_PAGES
from training.copies import layouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.config import TrainingConfig
    from training.dataset import Dataset

TEASER = "recommendation_teaser"


@dataclass(frozen=True)
class Places:
    """All places on pages, and behind them those on the pages' copies.

    rows : float64 (places, row_width), see `models.judging.context`.
    section : int64 (places,), the number of the section that stands there; on the pages themselves, its own.
    telling : bool (places,), those to learn from.
    """

    rows: NDArray[np.float64]
    section: NDArray[np.int64]
    telling: NDArray[np.bool_]


def places_of(dataset: Dataset, chances: NDArray[np.float64], labels: Sequence[str]) -> Places:
    """Lay out pages and copies.

    chances : (sections, labels), probabilities of each section alone, by a scorer that had not seen its page.
    """
    section, bounds = layouts(dataset, labels.index(TEASER) if TEASER in labels else None)
    rows = context_rows(chances[section], dataset.facts[section], bounds)
    paged = np.repeat(np.diff(bounds) > 1, np.diff(bounds))
    return Places(rows, section, paged | rarely_paged(dataset)[section])


def rarely_paged(dataset: Dataset) -> NDArray[np.bool_]:
    """Sections of labels that hardly stand on pages with other sections, as seeds of a user's own label may.

    The context learns those from single sections too, or it would not know the label.
    """
    paged = np.diff(dataset.pages)[dataset.page_of] > 1
    on_pages = {
        label: len(np.unique(dataset.page_of[paged & (dataset.target == label)])) for label in np.unique(dataset.target)
    }
    return np.isin(dataset.target, [label for label, pages in on_pages.items() if pages < FEWEST_PAGES])


def unseen_context(
    places: Places,
    target: NDArray[np.int64],
    fold: NDArray[np.int64],
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Probabilities of each section in its page, (sections, labels), by a context that saw no page of its fold."""
    chances = np.full((len(fold), len(np.unique(target))), SMALLEST)
    own = places.rows[: len(fold)]
    for held in np.unique(fold):
        seen = (fold[places.section] != held) & places.telling
        known = target[places.section[seen]]
        context = fit_context(places.rows[seen], known, config)
        chances[np.ix_(fold == held, np.unique(known))] = context.probabilities(own[fold == held])
    return chances


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
