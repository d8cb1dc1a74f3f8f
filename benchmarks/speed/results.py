"""A run's figures as a table for the terminal, as a Markdown page, and as the short table of the READMEs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.speed.rounds import Spread
from benchmarks.speed.rows import Growth, Report, Row

HEAD = ("what", "way", "figure", "beside", "its figure", "ratio, median", "min", "max", "target", "")
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
SHORT_HEADS = {
    "README.md": ("what", "ours", "beside", "ratio"),
    "README.zh-CN.md": ("测量内容", "我们的", "对比对象", "倍数"),
}
ROUND_FROM = 100
"""A figure of this size or more is told without decimals."""


def plain(report: Report) -> str:
    """The run for the terminal: what was compared, line by line."""
    lines = [_line(row) for row in report.rows]
    for growth in report.growths:
        lines.append(f"{growth.what}:")
        for size, *costs in zip(growth.sizes, *growth.costs.values(), strict=True):
            lines.append(f"  {size:>9,} {growth.size}: {', '.join(map(number, costs))} {growth.cost}")
    return "\n".join([*lines, *report.notes])


def _line(row: Row) -> str:
    beside = f" beside {row.peer}" if row.peer else ""
    figure = f"{number(row.figure.median)} {row.unit}".strip()
    ratio = "" if row.ratio is None else f" | {spread(row.ratio)} times"
    return f"{row.what}: {row.ours}, {figure}{beside}{ratio}{_judgement(row)}"


def _judgement(row: Row) -> str:
    return "" if row.target is None else f" | target {target(row)}: {verdict(row)}"


def spread(found: Spread) -> str:
    """A median with the smallest and the largest."""
    return f"{number(found.median)} [{number(found.low)}, {number(found.high)}]"


def number(value: float) -> str:
    """A figure with three digits that count, and thousands parted.

    >>> number(12345.6), number(1.2345), number(0.00123)
    ('12,346', '1.23', '0.00123')
    """
    return f"{value:,.0f}" if abs(value) >= ROUND_FROM else f"{value:.3g}"


def target(row: Row) -> str:
    """What must hold, in words."""
    if row.target is None:
        return ""
    unit = f" {row.unit}" if row.ratio is None and row.unit else ""
    return f"{'≤' if row.target.at_most else '≥'} {row.target.limit:g}{unit}"


def verdict(row: Row) -> str:
    """Whether it holds."""
    return "" if row.met is None else "met" if row.met else "missed"


def markdown(report: Report, surroundings: Mapping[str, str], plots: Sequence[Path]) -> str:
    """The results page."""
    lines = [
        "# Speed and size, side by side", "",
        "Written by `make bench`: change the program, not this page. What is compared, and how, stands in",
        "[the README](README.md).", "",
        "All ways of a table ran in one process or on one machine in turns. A ratio is taken round by round, and its",
        "median, smallest and largest are told. Above 1, Lanmu is ahead.", "",
        _cells(HEAD), _cells(["---"] * len(HEAD)),
        *(_cells(_row(row)) for row in report.rows), "",
        "## How costs grow", "",
        *(line for growth in report.growths for line in _growth(growth)),
        *(f"![{plot.stem}]({plot.parent.name}/{plot.name})" for plot in plots), "",
        "## Measured with", "", *(f"- {name}: {value}" for name, value in surroundings.items()),
    ]  # fmt: skip
    return "\n".join([*lines, *(f"\n{note}" for note in report.notes)]) + "\n"


def _row(row: Row) -> list[str]:
    peer = "" if row.peer_figure is None else f"{number(row.peer_figure.median)} {row.unit}"
    ratios = (
        ["", "", ""] if row.ratio is None else [number(x) for x in (row.ratio.median, row.ratio.low, row.ratio.high)]
    )
    figure = f"{number(row.figure.median)} {row.unit}".strip()
    return [row.what, row.ours, figure, row.peer, peer, *ratios, target(row), verdict(row)]


def _growth(growth: Growth) -> list[str]:
    head = [growth.size, *(f"{way}, {growth.cost}" for way in growth.costs)]
    table = zip(growth.sizes, *growth.costs.values(), strict=True)
    rows = [_cells([f"{size:,}", *map(number, costs)]) for size, *costs in table]
    about = f"**{growth.what}**" + (f" ({growth.note})" if growth.note else "")
    return [about, "", _cells(head), _cells(["---"] * len(head)), *rows, ""]


def _cells(values: Sequence[str]) -> str:
    return f"| {' | '.join(values)} |"


def short_table(report: Report, head: Sequence[str]) -> str:
    """The comparisons with a peer that have a target, as a table of four columns."""
    rows = [row for row in report.rows if row.ratio is not None and row.target is not None]
    lines = [_cells([row.what, row.ours, row.peer, f"{number(row.judged.median)} ×"]) for row in rows]
    return "\n".join([_cells(head), _cells(["---"] * len(head)), *lines])


def put_into(file: Path, report: Report) -> None:
    """Put the short table between the marks of a README. Raises ValueError where it has none."""
    text = file.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        raise ValueError(f"{file.name} has no {BEGIN} and {END} for the table to stand between")
    table = f"{BEGIN}\n{short_table(report, SHORT_HEADS[file.name])}\n{END}"
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    file.write_text(pattern.sub(lambda _: table, text), encoding="utf-8")
