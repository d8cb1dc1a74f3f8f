"""The champion's behaviour tests, as the gate asks them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.model import Model
from models.result import NONE
from training.behaviour import LEAST, Case, Kind, check, read_cases, shares


@dataclass(frozen=True)
class Manners:
    """The share of one kind's cases that hold. champion : None where there is none. failing : the challenger's."""

    kind: Kind
    challenger: float
    champion: float | None
    failing: tuple[str, ...]

    @property
    def reason(self) -> str | None:
        """Why the challenger does not behave; None where it does, or no worse than the champion."""
        if self.challenger >= LEAST[self.kind] or (self.champion is not None and self.challenger >= self.champion):
            return None
        champion = "" if self.champion is None else f", of the champion's {self.champion:.1%}"
        return (
            f"of the behaviour cases of the kind {self.kind.value!r}, {self.challenger:.1%} hold{champion}; "
            f"at least {LEAST[self.kind]:.0%} must"
        )

    def described(self) -> dict[str, Any]:
        """The share as JSON."""
        champion = None if self.champion is None else round(self.champion, 4)
        return {
            "kind": self.kind.value,
            "challenger": round(self.challenger, 4),
            "champion": champion,
            "least": LEAST[self.kind],
            "failing": list(self.failing),
            "holds": self.reason is None,
        }


def manners_of(challenger: Model, champion: Model | None) -> list[Manners]:
    """Ask both every case about labels that both know."""
    models = [challenger] if champion is None else [challenger, champion]
    cases = [case for case in read_cases() if all(_knows(model, case) for model in models)]
    failures = [check(model, cases) for model in models]
    held = [shares(each, cases) for each in failures]
    return [
        Manners(
            kind,
            share,
            held[1][kind] if champion else None,
            tuple(failure.case.id for failure in failures[0] if failure.case.kind is kind),
        )
        for kind, share in held[0].items()
    ]


def _knows(model: Model, case: Case) -> bool:
    return case.label in (None, NONE, *model.labels)
