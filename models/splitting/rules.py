"""From rows of lines to blocks: which lines make one section, and what kind of section that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.memory import lent
from models.page import Kind
from models.splitting.cards import find_cards
from models.splitting.columns import (
    CARD,
    CLOSED,
    IN_ROW,
    LAST,
    LEVEL,
    LINKED,
    REGION,
    ROLE,
    STOP,
    Lines,
    width_of,
)
from models.splitting.words import FURNITURE, Role, one_of, set_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PARAGRAPH = 120
"""Short paragraphs are joined until a section has this many characters: readers label no less than a thought."""
ROW = 240
"""A row of short lines that no marker heads is cut from this many characters on: nothing says that it is one list."""
_HEADING = 40
"""Longest heading, in characters."""
_LIST_LINES = 3
"""From this many short lines on a row of them is a list, not headings."""
_LISTED = set_of(Role.TITLE, Role.LABEL, Role.DATED, Role.COUNT, Role.DATE)
_PROSE = set_of(Role.SENTENCE, Role.SNIPPET, Role.ITEM)
_HEADINGS = set_of(Role.TITLE, Role.LABEL)
_BELOW_MARKER = _LISTED | set_of(Role.ITEM, Role.SNIPPET, Role.MORE, Role.READ_ON)
_TITLES = set_of(Role.TITLE, Role.DATED, Role.ITEM, Role.SNIPPET)
_BELOW_HEADLINE = set_of(Role.BYLINE, Role.DATE)
_FURNITURE = set_of(*FURNITURE)
_MARKER, _LABEL, _TITLE, _DATED, _ITEM = (
    int(role) for role in (Role.MARKER, Role.LABEL, Role.TITLE, Role.DATED, Role.ITEM)
)

KINDS = tuple(Kind)
"""The kinds by the numbers that kernels give them."""
_PROSE_KIND, _HEADING_KIND, _TEASER_KIND, _MARKER_KIND, _LIST_KIND, _MENU_KIND = (
    KINDS.index(kind) for kind in (Kind.PROSE, Kind.HEADING, Kind.TEASER, Kind.MARKER, Kind.LIST, Kind.MENU)
)
_NO_KIND = len(KINDS)
_FURNITURE_KINDS = np.array(
    [_NO_KIND, *(KINDS.index(FURNITURE[role]) if role in FURNITURE else _NO_KIND for role in Role)], np.int32
)
"""The kind that furniture of a role makes, by the role's number."""

_COLON = ord(":")
_CALLS = tuple(ord(mark) for mark in "!?")


class Blocks(NamedTuple):
    """The blocks that cover all lines, in order, a column each: lines `starts` to `stops` (exclusive) make one section.

    kinds : what each is, as a place in KINDS. headings : the line that heads it, or -1.
    """

    starts: list[int]
    stops: list[int]
    kinds: list[int]
    headings: list[int]


def blocks_of(lines: Lines) -> Blocks:
    """The blocks of a page's lines."""
    return Blocks(*_cut(*lines).tolist())


@kernel
def _cut(codes: NDArray[np.uint32], own_columns: NDArray[np.int32]) -> NDArray[np.int32]:
    """Cut a page's lines into blocks. Returns int32 (4, blocks), as `Blocks`."""
    columns, size = lent(own_columns), own_columns.shape[1]
    own = np.empty((4, size), np.int32)
    blocks = lent(own)
    _put_in_row(columns)
    find_cards(Lines(lent(codes), columns))
    _add_marked_cards(columns)
    count = index = 0
    while index < size:
        role, stop, start, first = columns[IN_ROW, index], columns[STOP, index], index, -1
        if stop:
            count = _put(blocks, count, index, stop, _TEASER_KIND, index)
        elif role == _MARKER:
            count = _put_marked(columns, blocks, count, index)
        elif one_of(role, _FURNITURE):
            count = _put_furniture(columns, blocks, count, index)
        elif one_of(role, _LISTED):
            count, start, first = _put_row(columns, blocks, count, index)
        else:
            first = index
        if first >= 0:
            count = _put_prose(columns, blocks, count, start, first)
        index = blocks[1, count - 1]
    return own[:, :count]


@part
def _put(blocks: NDArray[np.int32], count: int, start: int, stop: int, kind: int, heading: int) -> int:
    """Add a block; returns how many there are."""
    blocks[0, count], blocks[1, count], blocks[2, count], blocks[3, count] = start, stop, kind, heading
    return count + 1


@part
def _put_marked(columns: NDArray[np.int32], blocks: NDArray[np.int32], count: int, index: int) -> int:
    """A marker with the titles it heads, or alone where cards or anything else follow."""
    stop, titles = _listed_stop(columns, index + 1, _BELOW_MARKER), 0
    if stop < columns.shape[1] and _is_prose(columns, stop) and _heads(columns, stop - 1) and stop - 1 > index:
        stop -= 1
    for at in range(index + 1, stop):
        titles += one_of(columns[IN_ROW, at], _TITLES)
    heads = titles > 0 and 2 * titles >= stop - index - 1
    return _put(blocks, count, index, stop if heads else index + 1, _TEASER_KIND if heads else _MARKER_KIND, index)


@part
def _put_furniture(columns: NDArray[np.int32], blocks: NDArray[np.int32], count: int, index: int) -> int:
    stop = index + 1
    kind = _FURNITURE_KINDS[columns[IN_ROW, index]]
    while stop < columns.shape[1] and not columns[STOP, stop] and _FURNITURE_KINDS[columns[IN_ROW, stop]] == kind:
        stop += 1
    return _put(blocks, count, index, stop, kind, -1)


@part
def _put_row(columns: NDArray[np.int32], blocks: NDArray[np.int32], count: int, index: int) -> tuple[int, int, int]:
    """A row of short lines: a menu, a list, or the heading of what follows.

    Returns how many blocks there are, and where the paragraph that the row leads to begins, with its headings and
    without; the last is -1 where it leads to none.
    """
    roles, stop = columns[IN_ROW], _listed_stop(columns, index, _LISTED)
    before_prose = stop < roles.size and _is_prose(columns, stop)
    if stop - index < _LIST_LINES:
        head = index if before_prose else stop
    else:
        before_byline = stop < roles.size and one_of(roles[stop], _BELOW_HEADLINE)
        head = stop - 1 if before_prose or before_byline else stop
        if head < stop and (not _heads(columns, head) or roles[head - 1] == roles[head] == _LABEL):
            head = stop
    begun = index
    for at in range(index + 1, head + 1):
        if at == head or (index + 3 <= at < head - 2 and at - begun >= _LIST_LINES and _turns(roles, at)):
            count, begun = _put_pieces(columns, blocks, count, begun, at), at
    if before_prose and head < stop:
        return count, head, stop
    return (_put(blocks, count, head, stop, _HEADING_KIND, head) if head < stop else count), head, -1


@part
def _turns(roles: NDArray[np.int32], at: int) -> bool:
    """Whether names turn into titles there, or titles into names: three of one kind before, three of another behind."""
    before, after = roles[at - 1], roles[at]
    if before == after:
        return False
    return roles[at - 3] == before == roles[at - 2] and roles[at + 1] == after == roles[at + 2]


@part
def _put_pieces(columns: NDArray[np.int32], blocks: NDArray[np.int32], count: int, start: int, stop: int) -> int:
    """A row cut where it holds more than readers take for one thing; a list of links is one, however long."""
    size, whole = 0, columns[LINKED, start]
    for index in range(start, stop):
        size += width_of(columns, index)
        full = size >= ROW and stop - index > _LIST_LINES and not whole
        if full or index + 1 == stop:
            kind, heading = _short_kind(columns, start, index + 1)
            count = _put(blocks, count, start, index + 1, kind, heading)
            start, size = index + 1, 0
    return count


@part
def _short_kind(columns: NDArray[np.int32], start: int, stop: int) -> tuple[int, int]:
    """The kind of a block of short lines, and its heading.

    One or two by themselves are headings, unless a date or a link tells that they lead elsewhere.
    """
    size, titles, dated, labels = stop - start, 0, 0, 0
    for index in range(start, stop):
        role = columns[IN_ROW, index]
        titles += role == _TITLE
        dated += role == _DATED
        labels += role == _LABEL
    if size < _LIST_LINES and titles:
        if columns[IN_ROW, start] == _DATED:
            return _TEASER_KIND, start
        return (_LIST_KIND if columns[LINKED, start] and not columns[LEVEL, start] else _HEADING_KIND), start
    if 2 * dated > size:
        return _TEASER_KIND, -1
    return (_MENU_KIND if 2 * labels >= size else _LIST_KIND), -1


@part
def _put_prose(columns: NDArray[np.int32], blocks: NDArray[np.int32], count: int, start: int, first: int) -> int:
    """A paragraph with the headings before it, and what follows while it is short.

    first : its first line that is no heading.
    """
    size = items = 0
    stop = max(first, start + 1)
    for index in range(start, stop):
        size += width_of(columns, index) + 1
    while stop < columns.shape[1] and size < PARAGRAPH and _continues(columns, stop, first):
        size += width_of(columns, stop) + 1
        stop += 1
    for index in range(first, stop):
        items += columns[IN_ROW, index] == _ITEM
    kind = _LIST_KIND if items and items == stop - first else _PROSE_KIND
    return _put(blocks, count, start, stop, kind, start if first > start else -1)


@part
def _continues(columns: NDArray[np.int32], index: int, first: int) -> bool:
    """Whether a line goes on with the short paragraph before it."""
    if columns[STOP, index] or columns[LEVEL, index]:
        return False
    if index == first or _is_prose(columns, index):
        return True
    if not one_of(columns[IN_ROW, index], _LISTED):
        return False
    if columns[LAST, index - 1] == _COLON:
        return True
    return _listed_stop(columns, index, _LISTED) - index < _LIST_LINES and not _heads(columns, index)


@part
def _heads(columns: NDArray[np.int32], index: int) -> bool:
    """Whether the line is a heading: short, not closed, or called one by the markup."""
    if columns[LEVEL, index]:
        return True
    if not one_of(columns[ROLE, index], _HEADINGS) or width_of(columns, index) > _HEADING:
        return False
    return not columns[CLOSED, index] or columns[LAST, index] in _CALLS


@part
def _is_prose(columns: NDArray[np.int32], index: int) -> bool:
    return one_of(columns[IN_ROW, index], _PROSE) and not columns[STOP, index]


@part
def _listed_stop(columns: NDArray[np.int32], index: int, within: int) -> int:
    """The first line from `index` on that is none of those roles, stands in another region, or begins a card."""
    size = columns.shape[1]
    region = columns[REGION, index] if index < size else 0
    while (
        index < size
        and one_of(columns[IN_ROW, index], within)
        and not columns[STOP, index]
        and columns[REGION, index] == region
    ):
        index += 1
    return index


@part
def _put_in_row(columns: NDArray[np.int32]) -> None:
    """Fill the column IN_ROW: a marker between two names of a menu is a name too (热点 between 财经 and 体育)."""
    roles, size = columns[IN_ROW], columns.shape[1]
    for index in range(size):
        roles[index] = columns[ROLE, index]
    for index in range(1, size - 1):
        if roles[index] == _MARKER and roles[index - 1] == roles[index + 1] == _LABEL:
            roles[index] = _LABEL


@part
def _add_marked_cards(columns: NDArray[np.int32]) -> None:
    """Add the cards that the markup shows, rows of lines with one card's number, in place of any that they touch."""
    numbers, stops, size = columns[CARD], columns[STOP], columns.shape[1]
    for index in range(size):
        for at in range(index, stops[index]):
            if numbers[at]:
                stops[index] = 0
                break
    start = 0
    for index in range(1, size + 1):
        if index == size or numbers[index] != numbers[start]:
            if numbers[start]:
                stops[start] = index
            start = index
