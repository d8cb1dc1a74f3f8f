"""HTML to sections: the rules of plain text, helped by what the markup knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from models.page import Markup, Page
from models.splitting.columns import COLUMNS, Lines
from models.splitting.dom import Container, Document, read_document
from models.splitting.html_lines import HtmlLine
from models.splitting.lines import fold, role_of
from models.splitting.rules import blocks_of
from models.splitting.shapes import is_closed
from models.splitting.taming import tame
from models.splitting.text import sections_of
from models.splitting.words import Role

_CARD_LINES = 9
_CARD_LENGTH = 400
"""An element with more lines or characters than these is no teaser card."""
_LINK = 0.8
"""Share of linked characters from which a line is a link rather than a sentence with a link in it."""
_TITLE = 8
"""Shortest link, in characters, that may be the title of a teaser."""
_LONGEST_TITLE = 80
_DOUBLED = 2
"""A card may link its title twice, or its snippet too."""


def split_html(html: str) -> Page:
    """Cut an HTML page into sections, each with what the markup knows of it.

    The whole page is kept, but for scripts, styles, templates, comments and elements marked as hidden. `Page.text` is
    derived from the HTML: one line for each block element, joined by line feeds, white space collapsed; offsets count
    its code points. Lone surrogates become U+FFFD, and NULs are dropped as the parser does.
    """
    document = read_document(tame(html))
    text = "\n".join(line.text for line in document.lines)
    ends = list(accumulate((len(line.text) + 1 for line in document.lines), initial=-1))
    starts = [end + 1 for end in ends[:-1]]
    blocks = blocks_of(_lines(text, starts, document))
    markups = [_markup(document.lines[start:stop]) for start, stop in zip(blocks.starts, blocks.stops, strict=True)]
    return Page(text, sections_of(text, starts, ends[1:], blocks, markups))


def _lines(text: str, starts: Sequence[int], document: Document) -> Lines:
    """What the rules read of the lines, each without what folding made white space of at its edges.

    The columns come in their order.
    """
    (codes, _), folded = fold(text)
    cards = _cards(document)
    columns = np.zeros((COLUMNS, len(starts)), np.int32)
    rows = []
    for index, (start, line) in enumerate(zip(starts, document.lines, strict=True)):
        whole = folded[start : start + len(line.text)]
        content = whole.strip() or whole
        first = start + whole.index(content)
        role, place = _role(line, content), line.place
        card, level, region = cards.get(index, 0), place.level, place.region
        end, last, closed = first + len(content), ord(content[-1]), is_closed(content)
        rows.append((first, end, role, last, closed, card, level, region, _is_link(line)))
    for column, numbers in enumerate(zip(*rows, strict=True)):
        columns[column] = numbers
    return Lines(codes, columns)


def _role(line: HtmlLine, content: str) -> Role:
    role = role_of(content)
    if (
        role in {Role.SENTENCE, Role.SNIPPET, Role.CODE, Role.ITEM}
        and _is_link(line)
        and len(content) <= _LONGEST_TITLE
    ):
        return Role.TITLE
    return role


def _is_link(line: HtmlLine) -> bool:
    return line.links == 1 and line.linked >= _LINK * len(line.text.replace(" ", ""))


def _cards(document: Document) -> dict[int, int]:
    """Line → number of the card it stands in: elements alike, side by side, with a linked title and little else."""
    candidates = [container for container in document.containers if _may_be_card(document.lines, container)]
    alike = Counter((container.parent, container.look) for container in candidates)
    cards: dict[int, int] = {}
    for number, container in enumerate(candidates, 1):
        if alike[container.parent, container.look] > 1 and container.start not in cards:
            cards.update(dict.fromkeys(range(container.start, container.stop), number))
    return cards


def _may_be_card(lines: Sequence[HtmlLine], container: Container) -> bool:
    if container.stop - container.start > _CARD_LINES:
        return False
    inside = lines[container.start : container.stop]
    if sum(len(line.text) for line in inside) > _CARD_LENGTH or "comment" in inside[0].place.hints:
        return False
    titles = sum(line.links > 0 and line.linked >= _TITLE for line in inside)
    all_linked = sum(line.linked for line in inside) >= _LINK * sum(len(line.text) for line in inside)
    return titles == 1 or (titles == _DOUBLED and not all_linked)


def _markup(lines: Sequence[HtmlLine]) -> Markup:
    """What the markup knows of a section, from its lines."""
    characters = sum(len(line.text.replace(" ", "")) for line in lines)
    return Markup(
        link_density=min(1.0, sum(line.linked for line in lines) / max(1, characters)),
        links=sum(line.links for line in lines),
        heading_level=lines[0].place.level,
        in_list=2 * sum(line.place.in_list for line in lines) > len(lines),
        hints=tuple(sorted({hint for line in lines for hint in line.place.hints})),
    )
