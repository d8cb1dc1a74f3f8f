"""What the model answers for one section."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

NONE = "none"
"""The label of seeds that are none of the labels; never given as an answer."""


class AbstainReason(StrEnum):
    """Why no label was given."""

    EMPTY = "empty"
    NO_KNOWN_TERMS = "no_known_terms"
    NONE_OF_THESE = "none_of_these"
    LOW_PROBABILITY = "low_probability"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that decided: `text[start:end]` of the section it was found in, in code points.

    weight : what it added to the score (log-odds) of `label`; larger pulls more.
    """

    start: int
    end: int
    text: str
    label: str
    weight: float


class Result(NamedTuple):
    """A section's label, or the reason there is none. A tuple, because it is made twice as fast as a frozen dataclass.

    probabilities : calibrated, by label and `none`; they sum to 1.
    probability : that of `label`; where the model abstains, the largest there is.
    evidence : strongest first; empty unless it was asked for.
    """

    label: str | None
    probability: float
    probabilities: dict[str, float]
    abstain_reason: AbstainReason | None = None
    evidence: tuple[Evidence, ...] = ()

    def with_evidence(self, evidence: tuple[Evidence, ...]) -> Result:
        """The same result with the words that decided."""
        return self._replace(evidence=evidence)
