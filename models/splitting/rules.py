"""From rows of lines to blocks: which lines make one section, and what kind of section that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.page import Kind
from models.splitting.cards import find_cards
from models.splitting.lines import Lines
from models.splitting.words import FURNITURE, Role, one_of, set_of
from models.terms.memory import held, lent

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

_COLON, _EXCLAMATION, _QUESTION = ord(":"), ord("!"), ord("?")
_CLOSED = tuple(ord(mark) for mark in "，。.！!?？；;:：,…")
_QUOTES = tuple(ord(mark) for mark in "”」』’\"')]】》")


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


class Walk(NamedTuple):
    """What the walk over a page's lines reads, and what it writes.

    roles : uint8 (lines,), the lines' roles in their row; see `_roles_in_row`.
    cards : int32 (lines,), the line after each teaser card's last, at its first; 0 where none begins.
    blocks : int32 (4, lines), the columns of `Blocks`.
    """

    lines: Lines
    roles: NDArray[np.uint8]
    cards: NDArray[np.int32]
    blocks: NDArray[np.int32]


@kernel
def _cut(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int32],
    ends: NDArray[np.int32],
    roles_alone: NDArray[np.uint8],
    numbers: NDArray[np.int32],
    levels: NDArray[np.int32],
    regions: NDArray[np.int32],
    linked: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Cut a page's lines, given as the columns of `Lines`, into blocks. Returns int32 (4, blocks), as `Blocks`."""
    lines = Lines(
        lent(codes), lent(starts), lent(ends), lent(roles_alone), lent(numbers), lent(levels), lent(regions), lent(linked)
    )
    size = lines.roles.size
    roles, cards, blocks = _roles_in_row(lines.roles), _mark_cards(lines, find_cards(lines)), np.empty((4, size), np.int32)
    walk = Walk(lines, lent(roles), lent(cards), lent(blocks))
    count = index = 0
    while index < size:
        role, start, first = roles[index], index, index
        if cards[index]:
            count, first = _put(walk, count, index, cards[index], _TEASER_KIND, index), -1
        elif role == _MARKER:
            count, first = _put_marked(walk, count, index), -1
        elif one_of(role, _FURNITURE):
            count, first = _put_furniture(walk, count, index), -1
        elif one_of(role, _LISTED):
            count, start, first = _put_row(walk, count, index)
        if first >= 0:
            count = _put_prose(walk, count, start, first)
        index = blocks[1, count - 1]
    held(roles)
    held(cards)
    return blocks[:, :count]


@part
def _put(walk: Walk, count: int, start: int, stop: int, kind: int, heading: int) -> int:
    """Add a block; returns how many there are."""
    blocks = walk.blocks
    blocks[0, count], blocks[1, count], blocks[2, count], blocks[3, count] = start, stop, kind, heading
    return count + 1


@part
def _put_marked(walk: Walk, count: int, index: int) -> int:
    """A marker with the titles it heads, or alone where cards or anything else follow."""
    stop = _listed_stop(walk, index + 1, _BELOW_MARKER)
    if stop < walk.roles.size and _is_prose(walk, stop) and _heads(walk.lines, stop - 1) and stop - 1 > index:
        stop -= 1
    titles = 0
    for at in range(index + 1, stop):
        titles += one_of(walk.roles[at], _TITLES)
    if not titles or 2 * titles < stop - index - 1:
        return _put(walk, count, index, index + 1, _MARKER_KIND, index)
    return _put(walk, count, index, stop, _TEASER_KIND, index)


@part
def _put_furniture(walk: Walk, count: int, index: int) -> int:
    kind, stop = _FURNITURE_KINDS[walk.roles[index]], index + 1
    while stop < walk.roles.size and not walk.cards[stop] and _FURNITURE_KINDS[walk.roles[stop]] == kind:
        stop += 1
    return _put(walk, count, index, stop, kind, -1)


@part
def _put_row(walk: Walk, count: int, index: int) -> tuple[int, int, int]:
    """A row of short lines: a menu, a list, or the heading of what follows.

    Returns how many blocks there are, and where the paragraph that the row leads to begins, with its headings and
    without; the last is -1 where it leads to none.
    """
    roles, stop = walk.roles, _listed_stop(walk, index, _LISTED)
    before_prose = stop < roles.size and _is_prose(walk, stop)
    if stop - index < _LIST_LINES:
        head = index if before_prose else stop
    else:
        head = stop - 1 if before_prose or _before_byline(roles, stop) else stop
        if head < stop and (not _heads(walk.lines, head) or roles[head - 1] == roles[head] == _LABEL):
            head = stop
    begun = index
    for at in range(index + 1, head + 1):
        if at == head or (index + 3 <= at < head - 2 and at - begun >= _LIST_LINES and _turns(roles, at)):
            count, begun = _put_pieces(walk, count, begun, at), at
    if before_prose and head < stop:
        return count, head, stop
    return (_put(walk, count, head, stop, _HEADING_KIND, head) if head < stop else count), head, -1


@part
def _turns(roles: NDArray[np.uint8], at: int) -> bool:
    """Whether names turn into titles there or titles into names: three of one kind before it, three of another after."""
    before, after = roles[at - 1], roles[at]
    if before == after:
        return False
    return roles[at - 3] == before == roles[at - 2] and roles[at + 1] == after == roles[at + 2]


@part
def _put_pieces(walk: Walk, count: int, start: int, stop: int) -> int:
    """A row cut where it holds more than readers take for one thing; a list of links is one, however long."""
    size, lines, whole = 0, walk.lines, walk.lines.linked[start]
    for index in range(start, stop):
        size += lines.ends[index] - lines.starts[index]
        full = size >= ROW and stop - index > _LIST_LINES and not whole
        if full or index + 1 == stop:
            kind, heading = _short_kind(walk, start, index + 1)
            count = _put(walk, count, start, index + 1, kind, heading)
            start, size = index + 1, 0
    return count


@part
def _short_kind(walk: Walk, start: int, stop: int) -> tuple[int, int]:
    """The kind of a block of short lines, and its heading.

    One or two by themselves are headings, unless a date or a link tells that they lead elsewhere.
    """
    lines, titles, dated, labels = walk.lines, 0, 0, 0
    for index in range(start, stop):
        role = walk.roles[index]
        titles += role == _TITLE
        dated += role == _DATED
        labels += role == _LABEL
    if stop - start < _LIST_LINES and titles:
        if walk.roles[start] == _DATED:
            return _TEASER_KIND, start
        return (_LIST_KIND if lines.linked[start] and not lines.levels[start] else _HEADING_KIND), start
    if 2 * dated > stop - start:
        return _TEASER_KIND, -1
    return (_MENU_KIND if 2 * labels >= stop - start else _LIST_KIND), -1


@part
def _put_prose(walk: Walk, count: int, start: int, first: int) -> int:
    """A paragraph with the headings before it, and what follows while it is short.

    first : its first line that is no heading.
    """
    lines, roles, size = walk.lines, walk.roles, 0
    stop = max(first, start + 1)
    for index in range(start, stop):
        size += lines.ends[index] - lines.starts[index] + 1
    while stop < roles.size and size < PARAGRAPH and _continues(walk, stop, first):
        size += lines.ends[stop] - lines.starts[stop] + 1
        stop += 1
    items = 0
    for index in range(first, stop):
        items += roles[index] == _ITEM
    kind = _LIST_KIND if items and items == stop - first else _PROSE_KIND
    return _put(walk, count, start, stop, kind, start if first > start else -1)


@part
def _continues(walk: Walk, index: int, first: int) -> bool:
    """Whether a line goes on with the short paragraph before it."""
    lines = walk.lines
    if walk.cards[index] or lines.levels[index]:
        return False
    if index == first or _is_prose(walk, index):
        return True
    if not one_of(walk.roles[index], _LISTED):
        return False
    if lines.codes[lines.ends[index - 1] - 1] == _COLON:
        return True
    return _listed_stop(walk, index, _LISTED) - index < _LIST_LINES and not _heads(lines, index)


@part
def _heads(lines: Lines, index: int) -> bool:
    """Whether the line is a heading: short, not closed, or called one by the markup."""
    if lines.levels[index]:
        return True
    if not one_of(lines.roles[index], _HEADINGS) or lines.ends[index] - lines.starts[index] > _HEADING:
        return False
    last = lines.codes[lines.ends[index] - 1]
    return last in (_EXCLAMATION, _QUESTION) or not _is_closed(lines, index)


@part
def _is_closed(lines: Lines, index: int) -> bool:
    """Whether the line ends as a sentence does: with a mark, or with a quotation mark after one or alone."""
    end = lines.ends[index]
    if lines.codes[end - 1] in _CLOSED:
        return True
    return lines.codes[end - 1] in _QUOTES and (end - 1 == lines.starts[index] or lines.codes[end - 2] in _CLOSED)


@part
def _is_prose(walk: Walk, index: int) -> bool:
    return one_of(walk.roles[index], _PROSE) and not walk.cards[index]


@part
def _before_byline(roles: NDArray[np.uint8], index: int) -> bool:
    return index < roles.size and one_of(roles[index], _BELOW_HEADLINE)


@part
def _listed_stop(walk: Walk, index: int, within: int) -> int:
    """The first line from `index` on that is none of those roles, or in another region, or begins a card."""
    roles, regions = walk.roles, walk.lines.regions
    region = regions[index] if index < roles.size else 0
    while index < roles.size and one_of(roles[index], within) and not walk.cards[index] and regions[index] == region:
        index += 1
    return index


@part
def _roles_in_row(roles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The lines' roles; a marker between two names of a menu is a name too (热点 between 财经 and 体育)."""
    found = roles.copy()
    for index in range(1, found.size - 1):
        if found[index] == _MARKER and found[index - 1] == found[index + 1] == _LABEL:
            found[index] = _LABEL
    return found


@part
def _mark_cards(lines: Lines, shaped: NDArray[np.int32]) -> NDArray[np.int32]:
    """The cards that the markup shows, rows of lines with one card number, and those shaped ones that none of them touches.

    shaped : what `find_cards` found; it is written to.
    """
    numbers, size = lines.cards, shaped.size
    start = 0
    for index in range(size):
        for at in range(index, shaped[index]):
            if numbers[at]:
                shaped[index] = 0
                break
    for index in range(1, size + 1):
        if index == size or numbers[index] != numbers[start]:
            if numbers[start]:
                shaped[start] = index
            start = index
    return shaped
