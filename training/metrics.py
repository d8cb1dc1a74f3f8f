"""Figures of a set of answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Metrics:
    """Figures; sections without a given label count as `none`.

    four_way : macro-F1 over all labels and none.
    forced : accuracy on sections of a label, by the likeliest label other than none.
    answered : share of those sections that got a label. right : share of given labels that are right.
    ece : expected calibration error of the given labels' probabilities, ten bins.
    by_label : precision, recall, f1 and sections of each label.
    confusion : int (labels, labels), rows are what is true.
    """

    sections: int
    four_way: float
    forced: float
    answered: float
    right: float
    ece: float
    by_label: dict[str, dict[str, float]]
    confusion: list[list[int]]

    def described(self) -> dict[str, Any]:
        """The figures as JSON."""
        return {
            "sections": self.sections,
            **{name: round(getattr(self, name), 4) for name in ("four_way", "forced", "answered", "right", "ece")},
            "by_label": self.by_label,
            "confusion": self.confusion,
        }


def measure(
    chances: NDArray[np.float64],
    target: NDArray[np.int64],
    labels: Sequence[str],
    thresholds: Mapping[str, float],
) -> Metrics:
    """Measure probabilities (sections, labels) against the true label numbers (sections,)."""
    none, numbers = len(labels) - 1, np.arange(len(labels))
    limits = np.array([thresholds.get(label, 0.0) for label in labels])
    best = chances.argmax(axis=1)
    surest = chances[np.arange(len(best)), best]
    said = np.where(surest >= limits[best], best, none)
    precision, recall, f1, support = precision_recall_fscore_support(target, said, labels=numbers, zero_division=0)
    of_labels, given = target != none, said != none
    return Metrics(
        len(target),
        float(f1[support > 0].mean()),
        float((chances[of_labels, :none].argmax(axis=1) == target[of_labels]).mean()),
        float(given[of_labels].mean()),
        float((said == target)[given].mean()) if given.any() else 0.0,
        calibration_error(surest[given], (said == target)[given]),
        {
            label: {
                "precision": round(float(precision[number]), 4),
                "recall": round(float(recall[number]), 4),
                "f1": round(float(f1[number]), 4),
                "sections": int(support[number]),
            }
            for number, label in enumerate(labels)
        },
        confusion_matrix(target, said, labels=numbers).tolist(),
    )


def calibration_error(probability: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini et al. 2015) over bins of equal width."""
    if not len(probability):
        return 0.0
    bins = np.minimum((probability * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, probability - right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(probability))
