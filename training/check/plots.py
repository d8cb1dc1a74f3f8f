"""The report's plots as plain numbers for SVG, in its user units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.check.counting import Counts
from training.check.curve import Point

COLOURS = ("#0b6e99", "#c2410c", "#6b7f1e", "#8a8a8a", "#7c3aed", "#b45309")
"""Of labels in their order, and of lines; repeated when they run out. Each is also named in words."""

WIDTH, HEIGHT = 320, 200
"""The field of a curve."""

BAR = 420
"""The longest bar."""


@dataclass(frozen=True)
class Piece:
    """A coloured part of a bar. x, width : in user units. title : shown when pointed at."""

    x: float
    width: float
    colour: str
    title: str


@dataclass(frozen=True)
class Bar:
    """A bar of one group, piece by piece."""

    name: str
    pieces: list[Piece]
    total: int


@dataclass(frozen=True)
class Line:
    """A line of a curve. points : for a polyline. dots : x and y of each. value : at its end."""

    name: str
    colour: str
    points: str
    dots: list[tuple[float, float]]
    value: float


def bars_of(counts: Counts, labels: Sequence[str]) -> list[Bar]:
    """One bar for each group; the longest is as long as there is room."""
    longest = max((sum(row.values()) for row in counts.groups.values()), default=1)
    return [
        Bar(group, list(_pieces(row, labels, BAR / longest)), sum(row.values())) for group, row in counts.groups.items()
    ]


def _pieces(row: dict[str, int], labels: Sequence[str], scale: float) -> Iterator[Piece]:
    """The parts of one bar, one after the other."""
    x = 0.0
    for label, colour in zip(labels, _colours(len(labels)), strict=True):
        width = row.get(label, 0) * scale
        yield Piece(round(x, 1), round(width, 1), colour, f"{label}: {row.get(label, 0)}")
        x += width


def lines_of(points: Sequence[Point], tested_on: str) -> list[Line]:
    """macro-F1 over the share of pages, one line for each kind of seed trained on, best first."""
    names = sorted({point.trained_on for point in points})
    lines = []
    for name, colour in zip(names, _colours(len(names)), strict=True):
        mine = sorted((p for p in points if (p.trained_on, p.tested_on) == (name, tested_on)), key=lambda p: p.share)
        dots = [(round(point.share * WIDTH, 1), round((1 - point.four_way) * HEIGHT, 1)) for point in mine]
        lines.append(Line(name, colour, " ".join(f"{x},{y}" for x, y in dots), dots, mine[-1].four_way))
    return sorted(lines, key=lambda line: -line.value)


def legend(labels: Sequence[str]) -> list[tuple[str, str]]:
    """Each label with its colour."""
    return list(zip(labels, _colours(len(labels)), strict=True))


def _colours(count: int) -> list[str]:
    return [COLOURS[number % len(COLOURS)] for number in range(count)]
