"""Seeds: labelled sections, on the pages they stand on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.result import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

LABELS = ("tech_analysis", "opinion", "recommendation_teaser", NONE)
"""The labels that come with Lanmu, `none` last."""


DECISIONS = ("replace", "both")


@dataclass(frozen=True, slots=True)
class Seed:
    """A labelled section.

    place : where it was read, as "file:line".
    on_conflict : what holds where the same text stands elsewhere with another label: `replace`, this label alone;
        `both`, either; None, that is a problem.
    """

    text: str
    label: str
    place: str
    on_conflict: str | None = None


@dataclass(frozen=True, slots=True)
class SeedPage:
    """Seeds in the order of their page. A seed that came without a page is a page of its own.

    subject, register : what the page is about and how it is written, where the file says so.
    source : who or what it came from, where the record says so.
    """

    id: str
    seeds: tuple[Seed, ...]
    place: str
    subject: str = ""
    register: str = ""
    source: str = ""

    @property
    def origin(self) -> str:
        """Its source, or the file it was read from."""
        return self.source or self.place.rpartition(":")[0]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the seeds, where, and what to do about it."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True)
class Reading:
    """What was read: good pages, and the problems of the rest."""

    pages: list[SeedPage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def __add__(self, other: Reading) -> Reading:
        return Reading(self.pages + other.pages, self.problems + other.problems)


class SeedsError(Exception):
    """The seeds cannot be trained on as they are. `problems` names every one of them."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
