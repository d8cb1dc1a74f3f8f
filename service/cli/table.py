"""A labelled page as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from service.cli.parts import one_line

if TYPE_CHECKING:
    from rich.console import Console

COLOURS = {"tech_analysis": "cyan", "opinion": "yellow", "recommendation_teaser": "magenta"}
OTHER_COLOUR = "green"
"""The colour of labels that seeds brought in later."""

SHOWN = 300
"""Characters of a section that are looked at for its first words: no line is longer."""


def show_page(console: Console, title: str, text: str, sections: list[dict[str, Any]]) -> None:
    """Print a page's sections, one a row: number, label, probability, offsets, first words."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0), expand=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("label", no_wrap=True)
    table.add_column("probability", justify="right", no_wrap=True)
    table.add_column("offsets", justify="right", no_wrap=True)
    table.add_column("starts with", no_wrap=True, overflow="ellipsis", ratio=1)
    for number, section in enumerate(sections, start=1):
        _add_section(table, number, section, text)
    console.print(Text(one_line(title), style="bold"), no_wrap=True, overflow="ignore", crop=False)
    console.print(table)
    console.print()


def _add_section(table: Table, number: int, section: dict[str, Any], text: str) -> None:
    start, end = section["start"], section["end"]
    opening = Text(one_line(text[start : min(end, start + SHOWN)]))
    table.add_row(
        str(number), _label(section), f"{section['probability']:.2f}", f"{start}-{end}", opening, style=_style(section)
    )
    if section.get("evidence"):
        table.add_row("", "", "", "", Text(_evidence(section["evidence"]), style="dim", no_wrap=False))


def _label(section: dict[str, Any]) -> str:
    return section["label"] or f"- ({section['abstain_reason']})"


def _style(section: dict[str, Any]) -> str:
    return COLOURS.get(section["label"], OTHER_COLOUR) if section["label"] else "dim"


def _evidence(words: list[dict[str, Any]]) -> str:
    return "  ".join(f"{one_line(word['text'])} {word['weight']:+.2f}" for word in words)
