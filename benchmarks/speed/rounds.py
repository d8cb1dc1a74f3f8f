"""Fair timing: the ways take turns in short rounds, so that what slows the machine down slows all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Burst = Callable[[], float]
"""One short piece of work; gives its figure, a rate or a time."""


@dataclass(frozen=True)
class Spread:
    """What several rounds gave."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The median, the smallest and the largest value."""
        return cls(median(values), min(values), max(values))


@dataclass(frozen=True)
class Rounds:
    """The figures of all ways, round by round. figures : by way, the median of each round."""

    figures: Mapping[str, Sequence[float]]

    def figure(self, way: str) -> Spread:
        """A way's own figure."""
        return Spread.of(self.figures[way])

    def ratio(self, way: str, other: str) -> Spread:
        """How many times the figure of `other` that of `way` is, each round compared with itself."""
        pairs = zip(self.figures[way], self.figures[other], strict=True)
        return Spread.of([mine / theirs for mine, theirs in pairs])


def take_turns(ways: Mapping[str, Burst], rounds: int, turns: int) -> Rounds:
    """Let every way have its turn, again and again.

    turns : bursts of each way in a round, one after the other's; the round's figure is their median.
    """
    figures: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(rounds):
        order = list(ways)[:: 1 if number % 2 == 0 else -1]  # nobody is always the one that comes after a certain other
        found: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(turns):
            for name in order:
                found[name].append(ways[name]())
        for name, values in found.items():
            figures[name].append(median(values))
    return Rounds(figures)


def rate_of(work: Callable[[], object], count: int) -> Burst:
    """A burst that gives how many of `count` things a second `work` does."""
    return lambda: count / seconds(work)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
