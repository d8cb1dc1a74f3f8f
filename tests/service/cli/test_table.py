"""A page in the terminal: aligned with Chinese text, and safe whatever the page holds."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from service.cli.parts import one_line
from service.cli.table import show_page


def section(start: int, end: int, **changes: Any) -> dict[str, Any]:
    """The answer for one section."""
    answer = {"start": start, "end": end, "label": "opinion", "probability": 0.931, "abstain_reason": None}
    return {**answer, **changes}


def shown(text: str, sections: list[dict[str, Any]], *, width: int = 60, terminal: bool = False) -> list[str]:
    """The lines that are printed."""
    stream = io.StringIO()
    console = Console(file=stream, width=width, force_terminal=terminal, color_system="standard" if terminal else None)
    show_page(console, "page.txt", text, sections)
    return stream.getvalue().splitlines()


def test_a_row_holds_number_label_probability_offsets_and_first_words() -> None:
    """What a person needs to find a section again stands in one row."""
    lines = shown(
        "显然不妥。\n目录", [section(0, 6), section(6, 8, label=None, abstain_reason="none_of_these")], width=100
    )

    assert lines[0] == "page.txt"
    assert lines[1].split() == ["#", "label", "probability", "offsets", "starts", "with"]
    assert lines[2].split() == ["1", "opinion", "0.93", "0-6", "显然不妥。"]
    assert lines[3].split() == ["2", "-", "(none_of_these)", "0.93", "6-8", "目录"]


def test_double_width_characters_are_counted_as_two() -> None:
    """A line of Chinese is cut where the terminal ends, not where half its characters would."""
    lines = shown("芯" * 200, [section(0, 200)], width=60)

    assert 55 <= max(map(cell_len, lines)) <= 60
    assert lines[2].split()[:4] == ["1", "opinion", "0.93", "0-200"]
    assert lines[2].rstrip().endswith("…")


def test_evidence_stands_below_its_section() -> None:
    """The words that decided come with what each added."""
    evidence = [{"text": "显然", "weight": 0.21}, {"text": "不妥", "weight": 0.1}]

    lines = shown("显然不妥。", [section(0, 5, evidence=evidence)], width=100)

    assert lines[3].strip() == "显然 +0.21  不妥 +0.10"


def test_labels_are_coloured_in_a_terminal_only() -> None:
    """Escape sequences go to terminals; files and pipes get plain text."""
    assert "\x1b[33m" in "".join(shown("显然", [section(0, 2)], terminal=True))
    assert "\x1b" not in "".join(shown("显然", [section(0, 2)]))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("\x1b[2J\x1b]0;title\x07", "?[2J?]0;title?"),
        ("a\u3000 \n\tb\r", "a b"),
        ("\ud800", "?"),
        ("\u202e反转", "?反转"),
        ("[red]not markup[/red]", "[red]not markup[/red]"),
    ],
    ids=["escape sequences", "white space", "lone surrogate", "direction override", "markup"],
)
def test_a_page_cannot_command_the_terminal(text: str, safe: str) -> None:
    """What a page holds is shown and never obeyed."""
    assert one_line(text) == safe
    assert safe in shown(text, [section(0, len(text))], width=100)[2]


def test_a_label_brought_in_by_later_seeds_is_shown() -> None:
    """Labels are whatever the model answers."""
    assert "advertorial" in shown("限时优惠", [section(0, 4, label="advertorial")])[2]
