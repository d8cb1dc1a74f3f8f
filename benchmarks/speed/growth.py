"""How time and memory grow with a text's length and with the number of sections."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from math import log
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.rounds import Spread
from benchmarks.speed.rows import Growth, Row, Target

ROOT = Path(__file__).resolve().parents[2]
LINEAR = 1.15
"""The exponent up to which a cost counts as linear: noise and caches bend every line a little."""

LARGE = 10_000
"""Below this, what a call costs however small it is hides how costs grow."""

LEAST = {"seconds": 0.0, "megabytes": 0.05}
"""Costs up to here say nothing: the system counts memory in pages of some kilobytes."""


def measure_growth(bench: Bench) -> None:
    """Each size in a process of its own, since a process remembers its highest memory."""
    scale, registry = bench.scale, str(bench.material.registry)
    lengths = [_measured("length", size, registry) for size in scale.lengths]
    _add("text length", Measured("characters", scale.lengths, lengths), bench, judged=True)
    sections = [_measured("sections", size, registry) for size in scale.sections]
    note = "the written sections again and again, ten thousand in a call"
    _add("sections", Measured("sections", scale.sections, sections, note), bench)


@dataclass(frozen=True)
class Measured:
    """What each size cost. unit : of the sizes. costs : seconds and megabytes of each."""

    unit: str
    sizes: tuple[int, ...]
    costs: list[dict[str, float]]
    note: str = ""


def _measured(kind: str, size: int, registry: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.speed.one_size", kind, str(size), registry]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _add(what: str, found: Measured, bench: Bench, *, judged: bool = False) -> None:
    for cost, unit in (("seconds", "s"), ("megabytes", "MB")):
        costs = [each[cost] for each in found.costs]
        growth = Growth(f"{cost} by {what}", found.unit, unit, found.sizes, {"Lanmu": costs}, found.note)
        bench.report.growths.append(growth)
        exponent = growth_exponent(found.sizes, costs, LEAST[cost]) if judged or cost == "seconds" else None
        if exponent is not None:
            name = "time" if cost == "seconds" else "memory"
            upper = f"{name} against {what}, to {found.sizes[-1]:,}: exponent of growth"
            spread, target = Spread.of([exponent]), Target(LINEAR, at_most=True)
            bench.report.rows.append(Row(upper, "Lanmu", spread, "", target=target))


def growth_exponent(sizes: tuple[int, ...], costs: list[float], least: float = 0.0) -> float | None:
    """The slope over the large sizes, in logarithms: 1 is linear, 2 quadratic.

    Sizes that cost no more than `least`, as memory does that the process had taken already, are left out; None where
    less than two are left.
    """
    pairs = [(size, cost) for size, cost in zip(sizes, costs, strict=True) if cost > least]
    if len(pairs) < 2:  # noqa: PLR2004 - a step has two ends
        return None
    (first, low), (last, high) = next((each for each in pairs[:-1] if each[0] >= LARGE), pairs[-2]), pairs[-1]
    return log(high / low) / log(last / first)
