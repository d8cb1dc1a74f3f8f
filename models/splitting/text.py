"""Plain text to sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat
from typing import Any

from models.page import Kind, Markup, Page, Section
from models.splitting.columns import END, START
from models.splitting.lines import lines_of
from models.splitting.rules import KINDS, Blocks, blocks_of


def split_text(text: str) -> Page:
    """Cut a page of plain text into sections.

    Returns a page whose sections cover the text: white space belongs to the section before it, and white space that
    opens the text to the first section. An empty text has no sections; one of white space alone has one.
    """
    lines = lines_of(text)
    starts, ends = lines.columns[START].tolist(), lines.columns[END].tolist()
    return Page(text, sections_of(text, starts, ends, blocks_of(lines)))


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
    text: str,
    starts: Sequence[int],
    ends: Sequence[int],
    blocks: Blocks,
    markups: Sequence[Markup | None] = (),
) -> tuple[Section, ...]:
    """The sections that the blocks make.

    starts, ends : where each line stands in the text. markups : where given, one for each block.
    """
    if not blocks.starts:
        return (Section(0, len(text), Kind.PROSE),) if text else ()
    places = [0, *map(starts.__getitem__, blocks.starts[1:]), len(text)]
    kinds = map(KINDS.__getitem__, blocks.kinds)
    headings = (None if line < 0 else text[starts[line] : ends[line]] for line in blocks.headings)
    return tuple(map(_as_section, zip(places, places[1:], kinds, headings, markups or repeat(None), strict=False)))


_as_section: Callable[[tuple[Any, ...]], Section] = partial(tuple.__new__, Section)
"""As `Section._make`, in half of the time."""
