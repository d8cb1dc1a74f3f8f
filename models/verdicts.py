"""What a model answers for many texts, as arrays: for those who write answers down and need no object for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models.judging.decision import REASONS, decide

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.judging.decision import Decision
    from models.result import AbstainReason
    from models.terms.extractor import Scored

Meaning = tuple[str | None, "AbstainReason | None"]
"""A label, or the reason why there is none."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One row a text; the same as in the results of `Model.classify`.

    meanings : what the answers' numbers mean.
    probabilities : float64 (texts, labels), `none` last. largest : float64 (texts,), of each row.
    answers : int64 (texts,).
    """

    meanings: tuple[Meaning, ...]
    probabilities: NDArray[np.float64]
    largest: NDArray[np.float64]
    answers: NDArray[np.int64]


def meanings_of(decision: Decision) -> tuple[Meaning, ...]:
    """What each number means that `decide` gives for an answer."""
    return *((label, None) for label in decision.labels[:-1]), *((None, reason) for reason in REASONS)


def verdicts_of(decision: Decision, chances: NDArray[np.float64], scored: Scored) -> Verdicts:
    """Decide on each text."""
    least = np.array([decision.thresholds[label] for label in decision.labels[:-1]], np.float64)
    return Verdicts(meanings_of(decision), *decide(chances, scored.facts, scored.known, least))
