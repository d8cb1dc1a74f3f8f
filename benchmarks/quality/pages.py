"""Pages to train on and pages to score on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.reading import read_seeds

if TYPE_CHECKING:
    from collections.abc import Sequence

SEEDS = Path(__file__).resolve().parents[2] / "training" / "seeds"
HELD_OUT = 5
"""Where no other pages are given, one written page of so many is scored on, and not trained on."""


@dataclass(frozen=True)
class LabelledPage:
    """A page's sections in order. A label is None where readers could not settle it; such a section is not scored."""

    id: str
    texts: tuple[str, ...]
    labels: tuple[str | None, ...]


FORM = "pages are JSON Lines of page_id, text and sections"


def read_pages(file: Path) -> list[LabelledPage]:
    """Pages of a JSON Lines file: page_id, text, and sections with start, end and label.

    Raises
    ------
    ValueError
        When the file has no page, or a line that is none, naming the line.
    """
    pages = []
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        try:
            pages.append(_page(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}"
            raise ValueError(f"{file}:{number}: {FORM}, and this line is none: {reason}") from error
    if not pages:
        raise ValueError(f"{str(file)!r} has no page; {FORM}")
    return pages


def _page(row: dict[str, Any]) -> LabelledPage:
    text, sections = row["text"], row["sections"]
    return LabelledPage(
        str(row["page_id"]),
        tuple(text[section["start"] : section["end"]] for section in sections),
        tuple(section["label"] for section in sections),
    )


def written_pages() -> list[LabelledPage]:
    """The written seeds that come with Lanmu."""
    read = read_seeds([SEEDS]).pages
    return [
        LabelledPage(page.id, tuple(s.text for s in page.seeds), tuple(s.label for s in page.seeds)) for page in read
    ]


def parted(pages: Sequence[LabelledPage]) -> tuple[list[LabelledPage], list[LabelledPage]]:
    """Pages to train on, and pages held out to score on."""
    kept = [page for number, page in enumerate(pages) if number % HELD_OUT]
    return kept, list(pages[::HELD_OUT])


def settled(pages: Sequence[LabelledPage]) -> tuple[list[str], list[str]]:
    """The texts and labels of all sections that have a label."""
    pairs = [(text, label) for page in pages for text, label in zip(page.texts, page.labels, strict=True) if label]
    return [text for text, _ in pairs], [label for _, label in pairs]
