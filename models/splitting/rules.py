"""From rows of lines to blocks: which lines make one section, and what kind of section that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from models.page import Kind
from models.splitting.cards import find_cards
from models.splitting.lines import Columns, Line
from models.splitting.shapes import is_closed
from models.splitting.words import FURNITURE, Role

PARAGRAPH = 120
"""Short paragraphs are joined until a section has this many characters: readers label no less than a thought."""
ROW = 240
"""A row of short lines that no marker heads is cut from this many characters on: nothing says that it is one list."""
_HEADING = 40
"""Longest heading, in characters."""
_LIST_LINES = 3
"""From this many short lines on a row of them is a list, not headings."""
_LISTED = frozenset({Role.TITLE, Role.LABEL, Role.DATED, Role.COUNT, Role.DATE})
_PROSE = frozenset({Role.SENTENCE, Role.SNIPPET, Role.ITEM})
_HEADINGS = frozenset({Role.TITLE, Role.LABEL})
_BELOW_MARKER = _LISTED | {Role.ITEM, Role.SNIPPET, Role.MORE, Role.READ_ON}
_TITLES = frozenset({Role.TITLE, Role.DATED, Role.ITEM, Role.SNIPPET})
_BELOW_HEADLINE = frozenset({Role.BYLINE, Role.DATE})


class Block(NamedTuple):
    """Lines `start` to `stop` (exclusive) make one section; `heading` is the line that heads it, or -1."""

    start: int
    stop: int
    kind: Kind
    heading: int = -1


def blocks_of(lines: Sequence[Line]) -> list[Block]:
    """The blocks that cover all lines, in order."""
    return _Cutter(lines).blocks()


class _Cutter:
    """One walk over a page's lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        columns = Columns.of(lines)
        self.roles = _roles_in_row(columns.roles)
        self.regions = columns.regions
        self.cards = find_cards(lines, columns)
        marked = _marked_cards(columns.cards)
        if marked:
            shaped = self.cards.items()
            unmarked = {start: stop for start, stop in shaped if not any(line.card for line in lines[start:stop])}
            self.cards = marked | unmarked

    def blocks(self) -> list[Block]:
        blocks: list[Block] = []
        index = 0
        while index < len(self.lines):
            found = self._blocks_at(index)
            blocks.extend(found)
            index = found[-1].stop
        return blocks

    def _blocks_at(self, index: int) -> list[Block]:
        role = self.roles[index]
        if index in self.cards:
            return [Block(index, self.cards[index], Kind.TEASER, index)]
        if role is Role.MARKER:
            return [self._marked(index)]
        if role in FURNITURE:
            return [self._furniture(index)]
        if role in _LISTED:
            return self._listed(index)
        return [self._prose(index, index)]

    def _marked(self, index: int) -> Block:
        """A marker with the titles it heads, or alone where cards or anything else follow."""
        stop = self._listed_stop(index + 1, within=_BELOW_MARKER)
        if stop < len(self.lines) and self._is_prose(stop) and self._heads(stop - 1) and stop - 1 > index:
            stop -= 1
        titles = sum(map(_TITLES.__contains__, self.roles[index + 1 : stop]))
        if not titles or 2 * titles < stop - index - 1:
            return Block(index, index + 1, Kind.MARKER, index)
        return Block(index, stop, Kind.TEASER, index)

    def _furniture(self, index: int) -> Block:
        kind = FURNITURE[self.roles[index]]
        stop = index + 1
        while stop < len(self.lines) and stop not in self.cards and FURNITURE.get(self.roles[stop]) is kind:
            stop += 1
        return Block(index, stop, kind)

    def _listed(self, index: int) -> list[Block]:
        """A row of short lines: a menu, a list, or the heading of what follows."""
        stop = self._listed_stop(index, within=_LISTED)
        before_prose = stop < len(self.lines) and self._is_prose(stop)
        if stop - index < _LIST_LINES:
            if before_prose:
                return [self._prose(index, stop)]
            return [self._short_block(index, stop)]
        head = stop - 1 if before_prose or self._before_byline(stop) else stop
        if head < stop and (not self._heads(head) or self.roles[head - 1] is self.roles[head] is Role.LABEL):
            head = stop
        parts = (piece for part in self._parts(index, head) for piece in self._pieces(*part))
        blocks = [self._short_block(*piece) for piece in parts]
        if head < stop:
            blocks.append(self._prose(head, stop) if before_prose else Block(head, stop, Kind.HEADING, head))
        return blocks

    def _parts(self, start: int, stop: int) -> list[tuple[int, int]]:
        """A row of short lines cut where names turn into titles or titles into names."""
        cuts, roles = [start], self.roles
        for index in range(start + 3, stop - 2):
            if roles[index - 1] is roles[index]:
                continue
            before, after = roles[index - 3 : index], roles[index : index + 3]
            if index - cuts[-1] >= _LIST_LINES and len(set(before)) == len(set(after)) == 1:
                cuts.append(index)
        return list(zip(cuts, [*cuts[1:], stop], strict=True))

    def _pieces(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """A row cut where it holds more than readers take for one thing; a list of links is one, however long."""
        size, lines = 0, self.lines
        uncut = stop if start < stop and lines[start].linked else start
        for index in range(uncut, stop):
            size += len(lines[index].text)
            if size >= ROW and stop - index > _LIST_LINES:
                yield start, index + 1
                start, size = index + 1, 0
        if start < stop:
            yield start, stop

    def _short_block(self, start: int, stop: int) -> Block:
        roles = self.roles[start:stop]
        if stop - start < _LIST_LINES and Role.TITLE in roles:
            return self._lone_block(start, stop)
        if 2 * roles.count(Role.DATED) > len(roles):
            return Block(start, stop, Kind.TEASER)
        if 2 * roles.count(Role.LABEL) >= len(roles):
            return Block(start, stop, Kind.MENU)
        return Block(start, stop, Kind.LIST)

    def _lone_block(self, start: int, stop: int) -> Block:
        """One or two lines by themselves: headings, unless a date or a link tells that they lead elsewhere."""
        if self.roles[start] is Role.DATED:
            return Block(start, stop, Kind.TEASER, start)
        linked = self.lines[start].linked and not self.lines[start].level
        return Block(start, stop, Kind.LIST if linked else Kind.HEADING, start)

    def _prose(self, start: int, first: int) -> Block:
        """A paragraph with the headings before it, and what follows while it is short.

        first : its first line that is no heading.
        """
        heading = start if first > start else -1
        stop = max(first, start + 1)
        size = stop - start
        for line in self.lines[start:stop]:
            size += len(line.text)
        while stop < len(self.lines) and size < PARAGRAPH and self._continues(stop, first):
            size += len(self.lines[stop].text) + 1
            stop += 1
        roles = self.roles[first:stop]
        kind = Kind.LIST if roles and roles.count(Role.ITEM) == len(roles) else Kind.PROSE
        return Block(start, stop, kind, heading)

    def _continues(self, index: int, first: int) -> bool:
        if index in self.cards or self.lines[index].level:
            return False
        if index == first or self._is_prose(index):
            return True
        if self.roles[index] not in _LISTED:
            return False
        if self.lines[index - 1].text[-1] == ":":
            return True
        if self._listed_stop(index, within=_LISTED) - index >= _LIST_LINES:
            return False
        return not self._heads(index)

    def _heads(self, index: int) -> bool:
        """Whether the line is a heading: short, not closed, or called one by the markup."""
        line = self.lines[index]
        if line.level:
            return True
        return (
            line.role in _HEADINGS
            and len(line.text) <= _HEADING
            and (not is_closed(line.text) or line.text[-1] in "!?")
        )

    def _is_prose(self, index: int) -> bool:
        return self.roles[index] in _PROSE and index not in self.cards

    def _before_byline(self, index: int) -> bool:
        return index < len(self.lines) and self.roles[index] in _BELOW_HEADLINE

    def _listed_stop(self, index: int, within: frozenset[Role]) -> int:
        roles, cards, regions, count = self.roles, self.cards, self.regions, len(self.roles)
        region = regions[index] if index < count else 0
        while index < count and roles[index] in within and index not in cards and regions[index] == region:
            index += 1
        return index


def _roles_in_row(roles: Sequence[Role]) -> Sequence[Role]:
    """The lines' roles; a marker between two names of a menu is a name too (热点 between 财经 and 体育)."""
    if Role.MARKER not in roles:
        return roles
    found = list(roles)
    for index in range(1, len(found) - 1):
        if found[index] is Role.MARKER and found[index - 1] is found[index + 1] is Role.LABEL:
            found[index] = Role.LABEL
    return found


def _marked_cards(numbers: Sequence[int]) -> dict[int, int]:
    """The cards that the markup shows: rows of lines with the same card number."""
    cards: dict[int, int] = {}
    if not any(numbers):
        return cards
    start = 0
    for index in range(1, len(numbers) + 1):
        if index == len(numbers) or numbers[index] != numbers[start]:
            if numbers[start]:
                cards[start] = index
            start = index
    return cards
