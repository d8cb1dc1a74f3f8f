"""Figures with the interval that they would fall in on other pages: bootstrap over pages (Efron 1979)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.evaluation.answers import Answers
from training.metrics import BINS

NAMES = ("four_way", "forced", "answered", "right", "ece")
"""As in `training.metrics.Metrics`."""

DRAWS = 400
SEED = 7
EDGES = (0.025, 0.975)


@dataclass(frozen=True)
class Figure:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float

    def described(self) -> dict[str, float]:
        """The figure as JSON."""
        return {name: round(value, 4) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Tallies:
    """What the figures are made of, of each page; pages can be added up in any number.

    confusion : float64 (pages, labels, labels), rows are what is true.
    forced : float64 (pages, 2), right and all answers to sections of a label, had one to be given.
    gaps : float64 (pages, BINS), probability less hit of the given labels, summed in bins of probability.
    """

    confusion: NDArray[np.float64]
    forced: NDArray[np.float64]
    gaps: NDArray[np.float64]


def tallies_of(answers: Answers) -> Tallies:
    """Count page by page."""
    count, labels = int(answers.page.max(initial=-1)) + 1, len(answers.labels)
    confusion = np.zeros((count, labels, labels))
    np.add.at(confusion, (answers.page, answers.target, answers.said), 1)
    of_labels, given = answers.target != answers.none, answers.given
    forced = np.zeros((count, 2))
    np.add.at(forced[:, 0], answers.page[of_labels], (answers.forced == answers.target)[of_labels])
    np.add.at(forced[:, 1], answers.page[of_labels], 1)
    gaps = np.zeros((count, BINS))
    bins = np.minimum((answers.surest[given] * BINS).astype(int), BINS - 1)
    np.add.at(gaps, (answers.page[given], bins), answers.surest[given] - answers.right[given])
    return Tallies(confusion, forced, gaps)


def values_of(tallies: Tallies, times: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Each figure, for several ways of drawing the pages.

    times : float64 (ways, pages), how often each page is drawn.

    Returns float64 (ways,) by name.
    """
    confusion = np.tensordot(times, tallies.confusion, 1)
    forced = times @ tallies.forced
    hits = np.diagonal(confusion, axis1=1, axis2=2)
    true, said = confusion.sum(axis=2), confusion.sum(axis=1)
    there = true > 0
    f1 = 2 * hits / np.maximum(true + said, 1)
    given = said[:, :-1].sum(axis=1)
    return {
        "four_way": (f1 * there).sum(axis=1) / np.maximum(there.sum(axis=1), 1),
        "forced": forced[:, 0] / np.maximum(forced[:, 1], 1),
        "answered": confusion[:, :-1, :-1].sum(axis=(1, 2)) / np.maximum(true[:, :-1].sum(axis=1), 1),
        "right": hits[:, :-1].sum(axis=1) / np.maximum(given, 1),
        "ece": np.abs(times @ tallies.gaps).sum(axis=1) / np.maximum(given, 1),
    }


def draws_of(pages: int) -> NDArray[np.float64]:
    """How often each page is in each of DRAWS samples with replacement; always the same for so many pages."""
    chosen = np.random.default_rng(SEED).integers(pages, size=(DRAWS, pages))
    return np.stack([np.bincount(draw, minlength=pages) for draw in chosen]).astype(np.float64)


def figures_of(answers: Answers) -> dict[str, Figure]:
    """Every figure with its interval."""
    tallies = tallies_of(answers)
    pages = len(tallies.forced)
    whole, drawn = values_of(tallies, np.ones((1, pages))), values_of(tallies, draws_of(pages))
    return {name: _figure(whole[name], drawn[name]) for name in NAMES}


def leads_of(answers: Answers, others: Answers) -> dict[str, Figure]:
    """How far each figure is above that of other answers for the same sections, on the same draws of pages."""
    first, second = tallies_of(answers), tallies_of(others)
    one, draws = np.ones((1, len(first.forced))), draws_of(len(first.forced))
    whole = [values_of(tallies, one) for tallies in (first, second)]
    drawn = [values_of(tallies, draws) for tallies in (first, second)]
    return {name: _figure(whole[0][name] - whole[1][name], drawn[0][name] - drawn[1][name]) for name in NAMES}


def _figure(value: NDArray[np.float64], drawn: NDArray[np.float64]) -> Figure:
    low, high = np.quantile(drawn, EDGES)
    return Figure(float(value[0]), float(low), float(high))


def described(figures: dict[str, Figure]) -> dict[str, Any]:
    """Figures as JSON."""
    return {name: figure.described() for name, figure in figures.items()}


def by_label(answers: Answers) -> dict[str, Any]:
    """Precision, recall, F1 and sections of each label, and the confusion, as model.json has them."""
    confusion = tallies_of(answers).confusion.sum(axis=0)
    hits, true, said = np.diagonal(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall = hits / np.maximum(said, 1), hits / np.maximum(true, 1)
    f1 = 2 * hits / np.maximum(true + said, 1)
    rows = zip(precision.tolist(), recall.tolist(), f1.tolist(), true.tolist(), strict=True)
    return {
        "by_label": {
            label: {"precision": round(p, 4), "recall": round(r, 4), "f1": round(f, 4), "sections": int(sections)}
            for label, (p, r, f, sections) in zip(answers.labels, rows, strict=True)
        },
        "confusion": confusion.astype(int).tolist(),
    }
