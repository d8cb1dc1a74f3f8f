"""What a run found: comparisons with a peer, figures of our own, and how costs grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from benchmarks.speed.rounds import Spread


@dataclass(frozen=True)
class Target:
    """What must hold: the figure is at least, or at most, so much."""

    limit: float
    at_most: bool = False

    def met(self, figure: float) -> bool:
        """Whether a figure is good enough."""
        return figure <= self.limit if self.at_most else figure >= self.limit


@dataclass(frozen=True)
class Row:
    """One line of the table.

    what : what is measured. ours, peer : the names of the ways; without a peer the figure itself is judged.
    figure, peer_figure : in `unit`. ratio : ours to the peer's.
    """

    what: str
    ours: str
    figure: Spread
    unit: str
    peer: str = ""
    peer_figure: Spread | None = None
    ratio: Spread | None = None
    target: Target | None = None

    @property
    def judged(self) -> Spread:
        """What the target is about."""
        return self.figure if self.ratio is None else self.ratio

    @property
    def met(self) -> bool | None:
        """Whether the median meets the target; None where there is none."""
        return None if self.target is None else self.target.met(self.judged.median)


@dataclass(frozen=True)
class Growth:
    """How a cost grows.

    size, cost : what stands on the axes. sizes : in order. costs : by way, one for each size.
    """

    what: str
    size: str
    cost: str
    sizes: Sequence[int]
    costs: dict[str, list[float]]
    note: str = ""


@dataclass
class Report:
    """All that one run found. notes : what was left out, and why."""

    rows: list[Row] = field(default_factory=list)
    growths: list[Growth] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
