"""Teaser cards: the lines that one teaser was scraped into.

A card is a title, often the title once more, counts and dates, and a snippet that breaks off or opens with the title.
Some lists put the number or date first. One such group may be an article's own head, so a card stands by its own shape
only where that shape is plain; otherwise it needs a marker line or another card beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import NamedTuple

from models.splitting.lines import Columns, Line
from models.splitting.shapes import LABEL_LENGTH, TITLE_LENGTH
from models.splitting.words import Role

_META = frozenset({Role.COUNT, Role.DATE})
_TITLES = frozenset({Role.TITLE, Role.DATED, Role.ITEM, Role.LABEL, Role.SENTENCE, Role.SNIPPET})
_BELOW_TITLES = _META | {Role.SNIPPET}
_DOTS = ".…"
_META_LINES = 3
"""Most counts and dates in a row that one card has."""
_RANK_LINES = 2
"""A rank and a date may stand before a title."""
_FULL = 3
"""A lone card of this many lines stands too where many others on the page do."""
_MANY = 3
_SUMMARY = 220
"""Longest snippet, in characters."""
_SUMMARY_LINES = 2
_BEFORE_READ_ON = 2 + _META_LINES + _SUMMARY_LINES
"""Most lines that a card has before its "read on": the title, the title again, counts and a summary."""
_SAME = 8
"""Titles cut to different lengths are the same from this many equal characters on."""


class Card(NamedTuple):
    """Lines `start` to `stop` (exclusive) make one card; `sure` where its shape alone tells."""

    start: int
    stop: int
    sure: bool


def find_cards(lines: Sequence[Line], columns: Columns) -> dict[int, int]:
    """First line of each card → the line after its last. columns : those of the lines."""
    cards: dict[int, int] = {}
    lone: list[Card] = []
    begins = _beginnings(columns.texts, columns.roles)
    reached = 0
    for index in compress(range(len(lines)), begins):
        if index < reached:
            continue
        run = _run_at(lines, index, begins)
        if not run:
            continue
        stop = run[-1].stop
        if _stands(lines, run):
            cards.update((card.start, card.stop) for card in run)
            reached = stop
        elif run[0].stop - run[0].start >= _FULL:
            lone += run
            reached = stop
    if len(cards) >= _MANY:
        cards.update((card.start, card.stop) for card in lone)
    return cards


def _beginnings(texts: Sequence[str], roles: Sequence[Role]) -> list[bool]:
    """Whether a card may begin at each line, as far as the line after it tells: most need not be looked at further.

    A title that is no number wants a number, a snippet or its own words below it, or a "read on" some lines further.
    """
    firsts = [text[:2] for text in texts]
    begins = [
        role in _META or below in _BELOW_TITLES or first == under or first[0] in _DOTS or first[-1] in _DOTS
        for role, below, first, under in zip(roles, roles[1:], firsts, firsts[1:], strict=False)
    ] + [False] * bool(texts)
    if Role.READ_ON in roles:
        for index, role in enumerate(roles):
            if role is Role.READ_ON:
                first_line = max(0, index - _BEFORE_READ_ON)
                begins[first_line:index] = [True] * (index - first_line)
    return begins


def _stands(lines: Sequence[Line], run: Sequence[Card]) -> bool:
    if not run:
        return False
    after_marker = run[0].start > 0 and lines[run[0].start - 1].role is Role.MARKER
    return run[0].sure or after_marker or len(run) > 1


def _run_at(lines: Sequence[Line], index: int, begins: Sequence[bool]) -> list[Card]:
    """The cards that follow each other from a line on, all in one order (title first, or number first)."""
    read = _numbered_card if lines[index].role in _META else _titled_card
    run: list[Card] = []
    card = read(lines, index)
    while card:
        run.append(card)
        card = read(lines, card.stop) if card.stop < len(lines) and begins[card.stop] else None
    return run


def _titled_card(lines: Sequence[Line], start: int) -> Card | None:
    title = lines[start]
    if title.role not in _TITLES or not _is_title(title):
        return None
    index = start + 1
    doubled = index < len(lines) and _same_title(title.text, lines[index].text)
    index += doubled
    stop = _read_on(lines, index)
    if stop:
        return Card(start, stop, sure=True)
    below = index
    index = _skip_meta(lines, below)
    counted = index - below
    opens = cut_off = False
    if index < len(lines):
        opens, cut_off = _snippet_at(lines, index, title.text)
        if opens or cut_off:
            index = _skip_meta(lines, _skip_more(lines, index + 1), bylines=True)
    if not (counted or opens or cut_off):
        return None
    sure = (opens and cut_off) or (doubled and bool(counted) and cut_off)
    return Card(start, index, sure) if opens or cut_off or _dates_title(lines, start, index) else None


def _dates_title(lines: Sequence[Line], start: int, stop: int) -> bool:
    """Whether counts alone make the card: only beside others of its kind, never before a paragraph."""
    follows = lines[stop].role if stop < len(lines) else None
    return lines[start].role in {Role.TITLE, Role.ITEM} and follows in {
        None,
        Role.TITLE,
        Role.ITEM,
        Role.COPYRIGHT,
        Role.MARKER,
    }


def _numbered_card(lines: Sequence[Line], start: int) -> Card | None:
    """A card whose number or date comes first; its title may be followed by a snippet."""
    index = _skip_meta(lines, start)
    if not 0 < index - start <= _RANK_LINES or index >= len(lines):
        return None
    title = lines[index]
    if title.role not in {Role.TITLE, Role.ITEM, Role.DATED} or not _is_title(title):
        return None
    index += 1
    if index < len(lines) and lines[index].role in {Role.SNIPPET, Role.SENTENCE} and len(lines[index].text) <= _SUMMARY:
        index = _skip_more(lines, index + 1)
        if index < len(lines) and _is_source(lines, index):
            index += 1
    return Card(start, index, sure=False)


def _is_source(lines: Sequence[Line], index: int) -> bool:
    """Whether a short name stands alone between a snippet and the next number."""
    after = lines[index + 1].role if index + 1 < len(lines) else None
    return lines[index].role in {Role.LABEL, Role.TITLE} and (after is None or after in _META)


def _skip_meta(lines: Sequence[Line], index: int, *, bylines: bool = False) -> int:
    """The first line from `index` on that is no count or date; with `bylines`, no byline either."""
    stop = min(index + _META_LINES, len(lines))
    while index < stop and (lines[index].role in _META or (bylines and lines[index].role is Role.BYLINE)):
        index += 1
    return index


def _skip_more(lines: Sequence[Line], index: int) -> int:
    return index + (index < len(lines) and lines[index].role in {Role.MORE, Role.READ_ON})


def _read_on(lines: Sequence[Line], index: int) -> int:
    """The line after a summary and the "read on" below it, counts, dates and bylines before them; 0 where none are."""
    index = _skip_meta(lines, index, bylines=True)
    stop = min(index + _SUMMARY_LINES + 1, len(lines))
    for at in range(index, stop):
        if lines[at].role is Role.READ_ON:
            return at + 1 if at > index else 0
        if lines[at].role not in {Role.SENTENCE, Role.SNIPPET} or len(lines[at].text) > _SUMMARY:
            return 0
    return 0


def _is_title(line: Line) -> bool:
    return len(line.text) <= TITLE_LENGTH and (len(line.text) > LABEL_LENGTH - 4 and line.text[-1] not in "。,，;；")


def _same_title(first: str, second: str) -> bool:
    if first == second:
        return True
    if first[0] != second[0]:  # neither is the other cut off
        return False
    short, long = sorted((first.rstrip(_DOTS), second.rstrip(_DOTS)), key=len)
    return (
        len(short) >= _SAME
        and len(long) <= TITLE_LENGTH + len(short)
        and long.startswith(short)
        and len(long) <= len(short) + 12
    )


def _snippet_at(lines: Sequence[Line], index: int, title: str) -> tuple[bool, bool]:
    """Whether the line opens with the title and says more, and whether it breaks off."""
    line = lines[index]
    if len(line.text) > _SUMMARY:
        return False, False
    opens = (
        len(title) >= LABEL_LENGTH - 3 and len(line.text) > len(title) + 4 and line.text.startswith(title.rstrip(_DOTS))
    )
    return opens, line.role is Role.SNIPPET
