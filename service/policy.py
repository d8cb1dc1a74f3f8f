"""What to do with a labelled section: pass it, have a person review it, or block it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple, Self


class Suggestion(StrEnum):
    """What the caller is advised to do with a section."""

    PASS = "pass"  # noqa: S105 - a suggestion, no password
    REVIEW = "review"
    BLOCK = "block"


class Thresholds(NamedTuple):
    """From which probability of its label on a section is reviewed, and from which it is blocked."""

    review: float = math.inf
    block: float = math.inf

    def told(self) -> Any:
        """As JSON: one word where the probability makes no difference."""
        word = next((word for word, same in ALWAYS.items() if same == self), None)
        return word or self.finite()

    def finite(self) -> dict[str, float]:
        """Those that there are, by their names."""
        return {name: value for name, value in self._asdict().items() if value != math.inf}


ALWAYS = MappingProxyType(
    {
        Suggestion.PASS: Thresholds(),
        Suggestion.REVIEW: Thresholds(review=0),
        Suggestion.BLOCK: Thresholds(block=0),
    }
)
"""The thresholds of a label that is always treated in one way."""

DEFAULT = MappingProxyType(
    {
        "recommendation_teaser": ALWAYS[Suggestion.BLOCK],
        "opinion": ALWAYS[Suggestion.REVIEW],
        "tech_analysis": ALWAYS[Suggestion.PASS],
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """From labels and their probabilities to suggestions.

    otherwise : what abstentions get, and labels that are not named.
    flagged_from : the mildest suggestion that is `flagged` where OpenAI's form is answered.
    version : counts the changes; 0 is the policy that comes with Lanmu.
    """

    by_label: Mapping[str, Thresholds] = field(default_factory=lambda: DEFAULT)
    otherwise: Suggestion = Suggestion.REVIEW
    flagged_from: Suggestion = Suggestion.BLOCK
    version: int = 0

    def suggest(self, label: str | None, probability: float = 1.0) -> Suggestion:
        """The suggestion for a label that has this probability, or for an abstention (None)."""
        thresholds = None if label is None else self.by_label.get(label)
        if thresholds is None:
            return self.otherwise
        if probability >= thresholds.block:
            return Suggestion.BLOCK
        return Suggestion.REVIEW if probability >= thresholds.review else Suggestion.PASS

    def flags(self, suggestion: Suggestion) -> bool:
        """Whether a section of which this is suggested is flagged."""
        return suggestion is Suggestion.BLOCK or suggestion is self.flagged_from

    def told(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "version": self.version,
            "labels": {label: thresholds.told() for label, thresholds in self.by_label.items()},
            "otherwise": self.otherwise,
            "flagged_from": self.flagged_from,
        }

    @classmethod
    def heard(cls, told: Mapping[str, Any]) -> Self:
        """From plain values, which are right."""
        labels = {label: thresholds_of(rule) for label, rule in told["labels"].items()}
        return cls(labels, Suggestion(told["otherwise"]), Suggestion(told["flagged_from"]), told["version"])


def thresholds_of(rule: str | Mapping[str, float]) -> Thresholds:
    """The thresholds that a word or an object stands for."""
    return ALWAYS[Suggestion(rule)] if isinstance(rule, str) else Thresholds(**rule)
