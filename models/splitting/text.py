"""Plain text to sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from models.page import Kind, Markup, Page, Section
from models.splitting.lines import Line, lines_of
from models.splitting.rules import Block, blocks_of


def split_text(text: str) -> Page:
    """Cut a page of plain text into sections.

    Returns a page whose sections cover the text: white space belongs to the section before it, and white space that
    opens the text to the first section. An empty text has no sections; one of white space alone has one.
    """
    lines = lines_of(text)
    return Page(text, sections_of(text, lines, blocks_of(lines)))


def kind_of(text: str) -> Kind:
    """What the layout alone says of a text that is known to be one section.

    Where the rules would cut it, the kind that holds most of its characters; prose where it is blank.
    """
    return kind_of_page(split_text(text))


def kind_of_page(page: Page) -> Kind:
    """The kind that holds most of a page's characters; prose where there are none."""
    sizes: dict[Kind, int] = {}
    for section in page.sections:
        sizes[section.kind] = sizes.get(section.kind, 0) + section.end - section.start
    return max(sizes, key=lambda kind: sizes[kind], default=Kind.PROSE)


def sections_of(
    text: str, lines: Sequence[Line], blocks: Sequence[Block], markups: Sequence[Markup | None] = ()
) -> tuple[Section, ...]:
    """The sections that the blocks make; `markups`, where given, has one for each block."""
    if not blocks:
        return (Section(0, len(text), Kind.PROSE),) if text else ()
    starts = [0, *(lines[block.start].start for block in blocks[1:]), len(text)]
    headings = [None if block.heading < 0 else _of(text, lines[block.heading]) for block in blocks]
    kinds = [block.kind for block in blocks]
    rows = zip(starts[:-1], starts[1:], kinds, headings, markups or repeat(None, len(blocks)), strict=True)
    return tuple(map(_as_section, rows))


_as_section: Callable[[tuple[Any, ...]], Section] = partial(tuple.__new__, Section)
"""As `Section._make`, in half of the time."""


def _of(text: str, line: Line) -> str:
    return text[line.start : line.end]
