"""What a challenger may lose against the champion, and what it must reach whatever the champion does.

Worse means: worse by more than the allowance, and on 95 of 100 draws of the pages worse at all. So noise is not called
a loss, and a loss that would show on other pages too is not called noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from training.evaluation.figures import Figure

ALLOWED = {"macro_f1": 0.01, "precision": 0.05, "recall": 0.05, "ece": 0.02}
"""How much worse each figure may be."""

FLOOR = 0.5
"""Precision and recall of a label: below this, a label is wrong or missed more often than not."""

SMALLER_IS_BETTER = frozenset({"ece"})

NAMES = {"macro_f1": "macro-F1", "precision": "precision", "recall": "recall", "ece": "calibration error"}
KINDS = {"alone": "alone", "in_page": "in page"}


class What(NamedTuple):
    """What a line is about. judged : alone or in_page. label : None for figures over all labels."""

    judged: str
    figure: str
    label: str | None = None

    def __str__(self) -> str:
        of_label = f" of {self.label!r}" if self.label else ""
        return f"the {NAMES[self.figure]}{of_label}, sections judged {KINDS[self.judged]},"


@dataclass(frozen=True)
class Row:
    """One line of the side-by-side table.

    lead : how far the challenger is above the champion, with its 95 % interval; None without a champion.
    """

    what: What
    challenger: float
    champion: float | None = None
    lead: Figure | None = None

    @property
    def allowed(self) -> float:
        """How much worse the figure may be."""
        return ALLOWED[self.what.figure]

    @property
    def reason(self) -> str | None:
        """Why the challenger fails here; None where it does not."""
        ours, theirs = self.challenger, self.champion
        if self.lead is not None and _worse(self.what.figure, self.lead):
            lead = f"{self.lead.value:+.3f} [{self.lead.low:+.3f}, {self.lead.high:+.3f}]"
            return (
                f"{self.what} is {ours:.3f}, the champion's {theirs:.3f}: {lead}, more than the {self.allowed} allowed"
            )
        if self.what.label is None or ours >= FLOOR or (theirs is not None and ours >= theirs):
            return None
        than = "" if theirs is None else f", the champion's {theirs:.3f}"
        return f"{self.what} is {ours:.3f}{than}; it must be at least {FLOOR}"

    def described(self) -> dict[str, Any]:
        """The line as JSON."""
        return {
            **self.what._asdict(),
            "challenger": round(self.challenger, 4),
            "champion": None if self.champion is None else round(self.champion, 4),
            "lead": self.lead.described() if self.lead else None,
            "allowed": self.allowed,
            "holds": self.reason is None,
        }


def _worse(figure: str, lead: Figure) -> bool:
    """Whether the challenger is worse by more than is allowed, and not by chance."""
    if figure in SMALLER_IS_BETTER:
        return lead.value > ALLOWED[figure] and lead.low > 0
    return lead.value < -ALLOWED[figure] and lead.high < 0
