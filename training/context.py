"""Fitting the page context: small networks and boosted trees over what a section and its neighbours scored alone."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

from models.judging.calibration import SMALLEST, Calibration
from models.judging.context import Context, context_rows, middle
from models.judging.network import Network
from models.seeds.labels import FEWEST_PAGES
from training.boosting import averaged as averaged_trees
from training.boosting import fit_boosting
from training.copies import layouts
from training.parallel import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from training.config import TrainingConfig
    from training.dataset import Dataset

    Known = tuple[NDArray[np.float64], NDArray[np.int64]]
    """Rows to learn from, and their labels."""

TEASER = "recommendation_teaser"

Member = TypeVar("Member")


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


def fit_contexts(
    places: Places,
    target: NDArray[np.int64],
    fold: NDArray[np.int64],
    config: TrainingConfig,
) -> tuple[NDArray[np.float64], Context]:
    """The context, and what contexts that saw no page of its fold say of each section.

    target, fold : int64 (sections,), each section's label and fold.

    Returns probabilities (sections, labels), and the context that has seen all folds; neither is calibrated.
    """
    held = np.unique(fold)
    parts = [(fold[places.section] != out) & places.telling for out in held] + [places.telling]
    known = [(places.rows[part], target[places.section[part]]) for part in parts]
    contexts = fit_apart(known, config)
    own, chances = places.rows[: len(fold)], np.full((len(fold), len(np.unique(target))), SMALLEST)
    for number, out in enumerate(held):
        chances[np.ix_(fold == out, np.unique(known[number][1]))] = _probabilities(contexts[number], own[fold == out])
    return chances, contexts[-1]


def _probabilities(context: Context, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """What `context.probabilities` gives, with sums that are the same on any machine: so is what is fitted on them."""
    scores = middle(_network_scores(context.network, rows), context.trees.scores(rows))
    return context.calibration.probabilities(scores)


def _network_scores(network: Network, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """`Network.scores` by NumPy, which is told how to sum (see `training`); the kernel sums as its processor likes."""
    values = rows.astype(np.float32)
    *hidden, last = [(w.astype(np.float32), b.astype(np.float32)) for w, b in network.standardizing_layers]
    for weights, biases in hidden:
        values = np.maximum(values @ weights + biases, 0)
    weights, biases = last
    return (values @ weights + biases).astype(np.float64)


def fit_apart(known: Sequence[Known], config: TrainingConfig) -> list[Context]:
    """A context for each part of the places. All but the last, the one to keep, make do with fewer members."""
    last = len(known) - 1
    networks = _members(fit_member, known, [config.context_members_apart] * last + [config.context_members], config)
    boostings = _members(fit_boosting, known, [config.tree_members_apart] * last + [config.tree_members], config)
    return [
        Context(averaged(mine), averaged_trees(trees), Calibration.none(len(np.unique(target))))
        for mine, trees, (_, target) in zip(networks, boostings, known, strict=True)
    ]


def _members(
    fit: Callable[..., Member], known: Sequence[Known], sizes: Sequence[int], config: TrainingConfig
) -> list[list[Member]]:
    """So many members for each part."""
    calls = [(*part, config, member) for part, size in zip(known, sizes, strict=True) for member in range(size)]
    fitted = iter(spread(fit, calls, sections=len(known[-1][1])))
    return [list(islice(fitted, size)) for size in sizes]


def fit_member(
    rows: NDArray[np.float64],
    target: NDArray[np.int64],
    config: TrainingConfig,
    member: int,
) -> Network:
    """One network with one hidden layer; its number is where it begins."""
    scaler = StandardScaler().fit(rows)
    standard = scaler.transform(rows).astype(np.float32)  # a third faster, and as good
    fitted = MLPClassifier(
        (config.context_units,),
        alpha=config.context_penalty,
        max_iter=config.context_rounds,
        random_state=config.random_state + member,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is what keeps it from overfitting
        fitted.fit(standard, target)
    outer, bias = fitted.coefs_[1], fitted.intercepts_[1]
    if len(bias) == 1:  # of two labels scikit-learn scores the second only
        outer, bias = np.hstack([np.zeros_like(outer), outer]), np.array([0.0, *bias])
    return Network(scaler.mean_, scaler.scale_, ((fitted.coefs_[0], fitted.intercepts_[0]), (outer, bias)))


def averaged(members: Sequence[Network]) -> Network:
    """Networks with one hidden layer, fitted on the same rows, as one that gives the mean of their log-odds."""
    first = members[0]
    hidden = (np.hstack([m.layers[0][0] for m in members]), np.hstack([m.layers[0][1] for m in members]))
    outer = np.vstack([m.layers[1][0] for m in members]) / len(members)
    return Network(first.mean, first.scale, (hidden, (outer, np.mean([m.layers[1][1] for m in members], axis=0))))
