"""What to do with a labelled section: pass it, have a person review it, or block it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Suggestion(StrEnum):
    """What the caller is advised to do with a section."""

    PASS = "pass"  # noqa: S105 - a suggestion, no password
    REVIEW = "review"
    BLOCK = "block"


DEFAULT = MappingProxyType(
    {
        "recommendation_teaser": Suggestion.BLOCK,
        "opinion": Suggestion.REVIEW,
        "tech_analysis": Suggestion.PASS,
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    """From labels to suggestions. Abstentions and labels it does not name go to `otherwise`."""

    by_label: Mapping[str, Suggestion] = field(default_factory=lambda: DEFAULT)
    otherwise: Suggestion = Suggestion.REVIEW

    def suggest(self, label: str | None) -> Suggestion:
        """The suggestion for a label, or for an abstention (None)."""
        return self.otherwise if label is None else self.by_label.get(label, self.otherwise)
