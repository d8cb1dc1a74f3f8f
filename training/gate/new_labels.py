"""Labels that the challenger knows and the champion does not, and those it has lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.result import NONE
from training.evaluation.answers import Answers
from training.evaluation.figures import by_label
from training.gate.contender import Contender
from training.gate.rules import FLOOR
from training.gate.sides import FEWEST


@dataclass(frozen=True)
class NewLabel:
    """How well a new label is known.

    sections : that it was measured on. frozen : whether these are frozen ones; else they were judged out of fold.
    """

    label: str
    sections: int
    frozen: bool
    precision: float
    recall: float

    @property
    def reason(self) -> str | None:
        """Why the label is not known well enough; None where it is."""
        if min(self.precision, self.recall) >= FLOOR:
            return None
        where = "frozen sections" if self.frozen else "sections out of fold"
        return (
            f"the new label {self.label!r} has a precision of {self.precision:.3f} and a recall of {self.recall:.3f} "
            f"on {self.sections} {where}; each must be at least {FLOOR}"
        )

    def described(self) -> dict[str, Any]:
        """The label as JSON."""
        return {
            "label": self.label,
            "sections": self.sections,
            "measured_on": "frozen" if self.frozen else "out_of_fold",
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "least": FLOOR,
            "holds": self.reason is None,
        }


def new_labels_of(challenger: Contender, common: Sequence[str], answers: Mapping[str, Answers]) -> list[NewLabel]:
    """The challenger's labels that the champion does not know, measured on frozen seeds, or else out of fold.

    answers : the challenger's, for all frozen sections that are scored.
    """
    return [_measured(challenger, label, answers["in_page"]) for label in challenger.labels if label not in common]


def lost_labels(challenger: Contender, champion: Contender) -> list[str]:
    """A sentence for each label that the champion knows and the challenger does not."""
    return [
        f"it does not know the label {label!r}, which the champion {champion.name!r} gives"
        for label in champion.labels
        if label not in challenger.labels and label != NONE
    ]


def _measured(challenger: Contender, label: str, answers: Answers) -> NewLabel:
    frozen = by_label(answers)["by_label"][label]
    if frozen["sections"] >= FEWEST:
        return NewLabel(label, frozen["sections"], True, frozen["precision"], frozen["recall"])  # noqa: FBT003 - frozen
    learned = challenger.metadata["metrics"]["in_page"]["by_label"][label]
    return NewLabel(label, learned["sections"], False, learned["precision"], learned["recall"])  # noqa: FBT003 - as above
