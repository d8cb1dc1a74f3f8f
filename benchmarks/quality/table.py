"""A run's figures as a plain table, as JSON and as a Markdown page. Figures only: no text of any page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.quality.figures import Figure

NAMES = ("four_way", "forced")
HEAD = ("way", "four_way", "forced", "Lanmu ahead by, four_way", "Lanmu ahead by, forced")


@dataclass(frozen=True)
class Row:
    """What one way reached after one training.

    judged : "alone", or "in page".
    figures : by name. leads : how far Lanmu is ahead, by name; empty for Lanmu itself.
    """

    training: str
    judged: str
    way: str
    figures: dict[str, Figure]
    leads: dict[str, Figure]


@dataclass(frozen=True)
class Run:
    """Everything that a run found out.

    pages, sections : how many were scored on. scored_on : where they are from. notes : what was left out, and why.
    """

    scored_on: str
    pages: int
    sections: int
    surroundings: dict[str, str]
    rows: Sequence[Row]
    notes: Sequence[str]

    def described(self) -> dict[str, Any]:
        """The run as JSON."""
        return asdict(self)

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """Rows of one training, judged one way, under a title."""
        for key in dict.fromkeys((row.training, row.judged) for row in self.rows):
            yield f"{key[1]}; trained on {key[0]}", [row for row in self.rows if (row.training, row.judged) == key]


def plain(run: Run) -> str:
    """The run as a table for the terminal."""
    lines = [_scored(run)]
    for title, rows in run.groups():
        lines += ["", f"Sections judged {title}", f"{HEAD[0]:34}" + "".join(f"{name:>26}" for name in HEAD[1:])]
        lines += [f"{row.way:34}" + "".join(f"{cell:>26}" for cell in cells(row)) for row in rows]
    return "\n".join([*lines, *(f"\n{note}" for note in run.notes)])


def markdown(run: Run) -> str:
    """The run as a page of its own."""
    lines = [
        "# Quality, side by side",
        "",
        "Written by `python -m benchmarks.quality`: change the program, not this page.",
        "What is compared, and how, stands in [the README](../README.md).",
        "",
        _scored(run),
        "In brackets: 95 % intervals from drawing the pages again, 400 times, the same draws for every way.",
    ]
    for title, rows in run.groups():
        lines += ["", f"## Judged {title}", "", _markdown_row(HEAD), _markdown_row(["---"] * len(HEAD))]
        lines += [_markdown_row([row.way, *cells(row)]) for row in rows]
    lines += ["", "## Measured with", "", *(f"- {name}: {value}" for name, value in run.surroundings.items())]
    return "\n".join([*lines, *(f"\n{note}" for note in run.notes)]) + "\n"


def cells(row: Row) -> list[str]:
    """A row's figures, then Lanmu's leads."""
    leads = [_ahead(row.leads[name]) if name in row.leads else "" for name in NAMES]
    return [*(f"{(f := row.figures[name]).value:.3f} [{f.low:.3f}, {f.high:.3f}]" for name in NAMES), *leads]


def _scored(run: Run) -> str:
    return f"Scored on {run.sections:,} sections of {run.pages} pages: {run.scored_on}."


def _ahead(lead: Figure) -> str:
    return f"{lead.value:+.3f} [{lead.low:+.3f}, {lead.high:+.3f}]"


def _markdown_row(values: Sequence[str]) -> str:
    return f"| {' | '.join(values)} |"
