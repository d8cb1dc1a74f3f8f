"""What became of seeds that were offered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from models.seeds.seed import Problem


@dataclass(frozen=True)
class Conflict:
    """Seeds that wait for a decision.

    place : where they were offered. ids : under which they wait. reason : what they contradict, naming both.
    """

    place: str
    ids: tuple[str, ...]
    reason: str

    def described(self) -> dict[str, Any]:
        """The conflict as JSON."""
        return {"place": self.place, "ids": list(self.ids), "reason": self.reason}


@dataclass
class Added:
    """What became of seeds that were offered; counts are of sections.

    ids : of the sections that were added. known : were there already. kept : given up for what was there.
    withdrawn : what was there and was given up for them. new_labels : that no seed had before.
    """

    ids: list[str] = field(default_factory=list)
    known: int = 0
    kept: int = 0
    withdrawn: int = 0
    waiting: int = 0
    new_labels: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def described(self) -> dict[str, Any]:
        """Everything as JSON."""
        return {
            "added": len(self.ids),
            "known": self.known,
            "kept": self.kept,
            "withdrawn": self.withdrawn,
            "waiting": self.waiting,
            "new_labels": self.new_labels,
            "ids": self.ids,
            "conflicts": [conflict.described() for conflict in self.conflicts],
            "problems": [described_problem(problem) for problem in self.problems],
        }


def described_problem(problem: Problem) -> dict[str, Any]:
    """A problem as JSON, with the line it is on."""
    _, _, line = problem.place.rpartition(":")
    return {"line": int(line) if line.isdecimal() else None, "place": problem.place, "reason": problem.reason}
