"""Teaser cards: the lines that one teaser was scraped into.

A card is a title, often the title once more, counts and dates, and a snippet that breaks off or opens with the title.
Some lists put the number or date first. One such group may be an article's own head, so a card stands by its own shape
only where that shape is plain; otherwise it needs a marker line or another card beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiled import making_part, part
from models.splitting.columns import END, ROLE, START, STOP, Lines, width_of
from models.splitting.shapes import LABEL_LENGTH, TITLE_LENGTH
from models.splitting.words import Role, one_of, set_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_META = set_of(Role.COUNT, Role.DATE)
_META_OR_BYLINE = _META | set_of(Role.BYLINE)
_TITLES = set_of(Role.TITLE, Role.DATED, Role.ITEM, Role.LABEL, Role.SENTENCE, Role.SNIPPET)
_BELOW_TITLES = _META | set_of(Role.SNIPPET)
_NUMBERED = set_of(Role.TITLE, Role.ITEM, Role.DATED)
_COUNTED = set_of(Role.TITLE, Role.ITEM)
_BELOW_COUNTS = set_of(Role.TITLE, Role.ITEM, Role.COPYRIGHT, Role.MARKER)
_SOURCES = set_of(Role.LABEL, Role.TITLE)
_SUMMARIES = set_of(Role.SNIPPET, Role.SENTENCE)
_ONWARD = set_of(Role.MORE, Role.READ_ON)
_READ_ON, _MARKER, _SNIPPET = int(Role.READ_ON), int(Role.MARKER), int(Role.SNIPPET)

_DOT, _ELLIPSIS = ord("."), ord("…")
_FULL_STOP, _COMMA, _WIDE_COMMA, _SEMICOLON, _WIDE_SEMICOLON = (ord(mark) for mark in "。,，;；")
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
_CUT = 12
"""Most characters by which one of them is longer."""


@making_part
def find_cards(lines: Lines) -> None:
    """Fill the column STOP with the line after each card's last, at its first; 0 where no card begins."""
    size, stops = lines.columns.shape[1], lines.columns[STOP]
    begins, lone, run = _beginnings(lines), np.zeros(size, np.int32), np.empty(size + 1, np.int32)
    cards, index = 0, 0
    while index < size:
        if not begins[index]:
            index += 1
            continue
        found, sure = _run_at(lines, index, begins, run)
        stands = sure or found > 1 or (index > 0 and lines.columns[ROLE, index - 1] == _MARKER)
        if found and (stands or run[1] - run[0] >= _FULL):
            for card in range(found):
                (stops if stands else lone)[run[card]] = run[card + 1]
            cards += found if stands else 0
            index = run[found]
        else:
            index += 1
    for index in range(size if cards >= _MANY else 0):
        stops[index] += lone[index]


@making_part
def _beginnings(lines: Lines) -> NDArray[np.bool_]:
    """Whether a card may begin at each line, as far as the line after it tells: most need not be looked at further.

    A title that is no number wants a number, a snippet or its own words below it, or a "read on" some lines further.
    """
    roles, size = lines.columns[ROLE], lines.columns.shape[1]
    begins = np.zeros(size, np.bool_)
    for index in range(size - 1):
        begins[index] = (
            one_of(roles[index], _META)
            or one_of(roles[index + 1], _BELOW_TITLES)
            or _is_dot(lines.codes[lines.columns[START, index]])
            or _is_dot(lines.codes[min(lines.columns[START, index] + 1, lines.columns[END, index] - 1)])
            or _begin_alike(lines, index, index + 1)
        )
    for index in range(size):
        if roles[index] == _READ_ON:
            for before in range(max(0, index - _BEFORE_READ_ON), index):
                begins[before] = True
    return begins


@part
def _is_dot(code: int) -> bool:
    return code in (_DOT, _ELLIPSIS)


@part
def _begin_alike(lines: Lines, first: int, second: int) -> bool:
    """Whether two lines have the same two characters at their beginning, or the same single one."""
    here, there = lines.columns[START, first], lines.columns[START, second]
    lone, other = lines.columns[END, first] - here == 1, lines.columns[END, second] - there == 1
    if lone != other or lines.codes[here] != lines.codes[there]:
        return False
    return lone or lines.codes[here + 1] == lines.codes[there + 1]


@part
def _run_at(lines: Lines, index: int, begins: NDArray[np.bool_], run: NDArray[np.int32]) -> tuple[int, bool]:
    """Find the cards that follow each other from a line on, all in one order (title first, or number first).

    run : room; afterwards the first line of each card, and the line after the last one's.

    Returns how many there are, and whether the first one's shape alone tells.
    """
    numbered, found, first_sure = one_of(lines.columns[ROLE, index], _META), 0, False
    run[0] = at = index
    while at < lines.columns.shape[1] and (found == 0 or begins[at]):
        stop, sure = _numbered_card(lines, at) if numbered else _titled_card(lines, at)
        if not stop:
            break
        first_sure = sure if found == 0 else first_sure
        found += 1
        run[found] = at = stop
    return found, first_sure


@part
def _titled_card(lines: Lines, start: int) -> tuple[int, bool]:
    """The line after the card that begins with a title, and whether its shape alone tells; 0 where there is none."""
    roles, size = lines.columns[ROLE], lines.columns.shape[1]
    if not one_of(roles[start], _TITLES) or not _is_title(lines, start):
        return 0, False
    index = start + 1
    doubled = index < size and _same_title(lines, start, index)
    index += doubled
    stop = _read_on(lines, index)
    if stop:
        return stop, True
    below = index
    index = _skip(roles, below, _META, _META_LINES)
    counted = index > below
    opens = cut_off = False
    if index < size and width_of(lines.columns, index) <= _SUMMARY:
        opens, cut_off = _opens_with(lines, index, start), roles[index] == _SNIPPET
    if opens or cut_off:
        index = _skip(roles, _skip(roles, index + 1, _ONWARD, 1), _META_OR_BYLINE, _META_LINES)
        return index, (opens and cut_off) or (doubled and counted and cut_off)
    return (index if counted and _dates_title(roles, start, index) else 0), False


@part
def _dates_title(roles: NDArray[np.int32], start: int, stop: int) -> bool:
    """Whether counts alone make the card: only beside others of its kind, never before a paragraph."""
    return one_of(roles[start], _COUNTED) and (stop >= roles.size or one_of(roles[stop], _BELOW_COUNTS))


@part
def _numbered_card(lines: Lines, start: int) -> tuple[int, bool]:
    """The same of a card whose number or date comes first; its title may be followed by a snippet."""
    roles, size = lines.columns[ROLE], lines.columns.shape[1]
    index = _skip(roles, start, _META, _META_LINES)
    if not 0 < index - start <= _RANK_LINES or index >= size:
        return 0, False
    if not one_of(roles[index], _NUMBERED) or not _is_title(lines, index):
        return 0, False
    index += 1
    if index < size and one_of(roles[index], _SUMMARIES) and width_of(lines.columns, index) <= _SUMMARY:
        index = _skip(roles, index + 1, _ONWARD, 1)
        index += index < size and _is_source(roles, index)
    return index, False


@part
def _is_source(roles: NDArray[np.int32], index: int) -> bool:
    """Whether a short name stands alone between a snippet and the next number."""
    return one_of(roles[index], _SOURCES) and (index + 1 >= roles.size or one_of(roles[index + 1], _META))


@part
def _skip(roles: NDArray[np.int32], index: int, within: int, most: int) -> int:
    """The first line from `index` on whose role is not among those, `most` lines further at most."""
    stop = min(index + most, roles.size)
    while index < stop and one_of(roles[index], within):
        index += 1
    return index


@part
def _read_on(lines: Lines, index: int) -> int:
    """The line after a summary and the "read on" below it, counts, dates and bylines before them; 0 where none are."""
    roles = lines.columns[ROLE]
    index = _skip(roles, index, _META_OR_BYLINE, _META_LINES)
    for at in range(index, min(index + _SUMMARY_LINES + 1, roles.size)):
        if roles[at] == _READ_ON:
            return at + 1 if at > index else 0
        if not one_of(roles[at], _SUMMARIES) or width_of(lines.columns, at) > _SUMMARY:
            return 0
    return 0


@part
def _is_title(lines: Lines, index: int) -> bool:
    last = lines.codes[lines.columns[END, index] - 1]
    closed = last in (_FULL_STOP, _COMMA, _WIDE_COMMA, _SEMICOLON, _WIDE_SEMICOLON)
    return LABEL_LENGTH - 4 < width_of(lines.columns, index) <= TITLE_LENGTH and not closed


@part
def _without_dots(lines: Lines, index: int) -> int:
    """The line's length in characters without the dots at its end."""
    end = lines.columns[END, index]
    while end > lines.columns[START, index] and _is_dot(lines.codes[end - 1]):
        end -= 1
    return end - lines.columns[START, index]


@part
def _opens_alike(lines: Lines, first: int, second: int, width: int) -> bool:
    """Whether two lines have so many characters in common at their beginning; both are as long."""
    here, there = lines.columns[START, first], lines.columns[START, second]
    for offset in range(width):
        if lines.codes[here + offset] != lines.codes[there + offset]:
            return False
    return True


@part
def _same_title(lines: Lines, first: int, second: int) -> bool:
    """Whether two lines are the same, or one of them the other, cut off."""
    if lines.codes[lines.columns[START, first]] != lines.codes[lines.columns[START, second]]:
        return False
    width = width_of(lines.columns, first)
    if width == width_of(lines.columns, second) and _opens_alike(lines, first, second, width):
        return True
    one, other = _without_dots(lines, first), _without_dots(lines, second)
    short, long = min(one, other), max(one, other)
    return short >= _SAME and long <= short + _CUT and _opens_alike(lines, first, second, short)


@part
def _opens_with(lines: Lines, index: int, title: int) -> bool:
    """Whether the line opens with the title and says more."""
    width = width_of(lines.columns, title)
    if width < LABEL_LENGTH - 3 or width_of(lines.columns, index) <= width + 4:
        return False
    return _opens_alike(lines, index, title, _without_dots(lines, title))
