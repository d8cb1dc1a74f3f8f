"""Curves as plain numbers for SVG, in its user units: right and down from the field's upper left corner."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from training.evaluation.curves import Bin, Point, thinned
from training.evaluation.learning import Step

WIDTH, HEIGHT = 320, 240
"""The field of a plot."""

LARGEST = 12.0
"""Radius of the dot that stands for the most answers."""

COLOURS = {"alone": "#c2410c", "in_page": "#0b6e99"}
TICKS = 5
MARGIN, ROUND = 0.01, 20
"""The axis of risk ends at a twentieth, a little above the largest risk."""


@dataclass(frozen=True)
class Dot:
    """A dot with what it says when pointed at."""

    x: float
    y: float
    radius: float
    title: str


@dataclass(frozen=True)
class Line:
    """A line through points, and dots on it. points : for a polyline."""

    name: str
    colour: str
    points: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Axis:
    """Marks along an axis: where, and what is written there."""

    marks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Plot:
    """Lines in a field of WIDTH by HEIGHT."""

    lines: tuple[Line, ...]
    across: Axis
    up: Axis
    width: int = WIDTH
    height: int = HEIGHT


def reliability_plot(curves: dict[str, list[Bin]]) -> Plot:
    """Share right over mean probability, both from 0 to 1; the area of a dot tells how many answers it stands for."""
    most = max((bin_.count for bins in curves.values() for bin_ in bins), default=1)
    lines = [
        _line(
            name,
            [
                Dot(
                    _across(bin_.probability),
                    _up(bin_.right, 1.0),
                    round(max(1.5, LARGEST * (bin_.count / most) ** 0.5), 1),
                    f"{name}: {bin_.probability:.2f} → {bin_.right:.2f} ({bin_.count})",
                )
                for bin_ in bins
            ],
        )
        for name, bins in curves.items()
    ]
    return Plot(tuple(lines), _axis(1.0, across=True), _axis(1.0, across=False))


def risk_plot(curves: dict[str, list[Point]]) -> Plot:
    """Risk over coverage."""
    largest = max((point.risk for points in curves.values() for point in points), default=0.0)
    top = math.ceil((largest + MARGIN) * ROUND) / ROUND
    lines = [
        _line(name, [Dot(_across(point.coverage), _up(point.risk, top), 0.0, "") for point in thinned(points)])
        for name, points in curves.items()
    ]
    return Plot(tuple(lines), _axis(1.0, across=True), _axis(top, across=False))


def learning_plot(steps: Sequence[Step]) -> Plot:
    """macro-F1 over the share of pages."""
    dots = [
        Dot(_across(step.share), _up(step.four_way, 1.0), 3.0, f"{step.pages}: {step.four_way:.3f}") for step in steps
    ]
    across = Axis(tuple((_across(step.share), f"{step.share:.0%}") for step in steps))
    return Plot((_line("alone", dots),), across, _axis(1.0, across=False))


def _line(name: str, dots: Iterable[Dot]) -> Line:
    placed = tuple(dots)
    return Line(name, COLOURS[name], " ".join(f"{dot.x},{dot.y}" for dot in placed), placed)


def _across(share: float) -> float:
    return round(share * WIDTH, 1)


def _up(value: float, top: float) -> float:
    return round((1 - value / top) * HEIGHT, 1)


def _axis(top: float, *, across: bool) -> Axis:
    shares = [tick / TICKS for tick in range(TICKS + 1)]
    places = [_across(share) if across else _up(share, 1.0) for share in shares]
    values = [f"{top * share:.2f}".rstrip("0").rstrip(".") for share in shares]
    return Axis(tuple(zip(places, values, strict=True)))
