"""The roles of plain lines, read off their characters: three lines in four need no pattern to be asked about.

Where any of the patterns may have a say, nothing is said here, and `lines.role_of` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.code_points import TABLE_SIZE, codes_matching
from models.compiled import part
from models.splitting import shapes, words
from models.splitting.words import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FLAG_SHIFT, FOLDED = np.uint32(16), np.uint32(0xFFFF)

BLANK, OUTER, BAR, STOPS_MENU, OPENS_NUMBER, OPENS_CODE, OPENS_ITEM, NUMERAL = (1 << bit for bit in range(8))
ENDS_CODE, ENDS_DATE, AFTER_DOTS, ENDS_SENTENCE, COUNTS, DECIMAL, CLOSES, QUOTES = (1 << bit for bit in range(8, 16))
_BEYOND = OPENS_NUMBER | ENDS_DATE | COUNTS
"""What is assumed of a character past the table: it may be a digit."""

BEGINS_OPENING, BEGINS_PHRASE = 1, 2

_SPACE, _DOT, _ELLIPSIS, _FULL_STOP, _COMMA, _WIDE_COMMA, _LISTING, _CLOSING, _BRACKET = (
    ord(mark) for mark in " .…。,，、)]"
)
_ASCII, _ARROW, _SEMICOLON = 128, ord(">"), ord(";")
_BEFORE_ARROW, _BEFORE_SEMICOLON = tuple(ord(mark) for mark in "/-=>"), tuple(ord(mark) for mark in ")}];")
_SPEAKING = tuple(ord(mark) for mark in words.SPEAKING_MARKS)
_CALLS = tuple(ord(mark) for mark in "!?")
_SNIPPET, _SENTENCE, _LABEL, _TITLE, _COUNT = (
    int(role) for role in (Role.SNIPPET, Role.SENTENCE, Role.LABEL, Role.TITLE, Role.COUNT)
)
_UNKNOWN = 0
_NUMERAL_LENGTH, _NUMBER_LENGTH = 3, 12
_ROLE_BITS = 6
_HASH = np.uint64((1 << 64) - (1 << _ROLE_BITS))
_SEED, _MIX, _FOLD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(32)
_FACTOR, _MASK = 40503, TABLE_SIZE - 1


class Signs(NamedTuple):
    """What tells plain lines from others.

    characters : uint32 (65536,), what each code point is folded to, and the flags of that above FLAG_SHIFT.
    starts : uint8 (2, 65536), by a hash of two or of three characters, whether an opening or a phrase begins with them.
        Some that none begins with have theirs by chance.
    lines : uint64 (a power of two,), hashes of whole lines, each with its role in the last bits; 0 in empty places.
    """

    characters: NDArray[np.uint32]
    starts: NDArray[np.uint8]
    lines: NDArray[np.uint64]


def signs(folded: Mapping[str, str]) -> Signs:
    """The tables. folded : the characters that folding changes."""
    characters = np.arange(TABLE_SIZE, dtype=np.uint32)
    for old, new in folded.items():
        characters[ord(old)] = ord(new)
    flags = np.zeros(TABLE_SIZE, np.uint32)
    for flag, marks in (
        (OUTER, words.OUTER),
        (BAR, shapes.BARS),
        (STOPS_MENU, shapes.SENTENCE_MARKS),
        (OPENS_NUMBER, shapes.OPENS_NUMBER),
        (OPENS_CODE, shapes.OPENS_CODE),
        (OPENS_ITEM, shapes.OPENS_ITEM),
        (NUMERAL, shapes.NUMERALS),
        (ENDS_CODE, {ending[-1] for ending in shapes.CODE_END}),
        (ENDS_DATE, shapes.ENDS_DATE),
        (AFTER_DOTS, shapes.AFTER_DOTS),
        (ENDS_SENTENCE, shapes.ENDS_SENTENCE),
        (COUNTS, shapes.COUNTING),
        (CLOSES, shapes.CLOSED),
        (QUOTES, shapes.QUOTES),
    ):
        flags[[ord(mark) for mark in marks]] |= flag
    flags[codes_matching(r"\s")] |= BLANK | COUNTS
    flags[codes_matching(r"\d")] |= DECIMAL | OPENS_NUMBER | ENDS_DATE | COUNTS
    starts = np.zeros((2, TABLE_SIZE), np.uint8)
    for flag, beginnings in ((BEGINS_OPENING, words.opening_starts()), (BEGINS_PHRASE, words.PHRASE_STARTS)):
        for start in beginnings:
            place = 0
            for character in start:
                place = (place * _FACTOR + ord(character)) & _MASK
            starts[len(start) - 2, place] |= flag
    return Signs(characters | (flags[characters] << FLAG_SHIFT), starts, _hashed_lines())


def _hashed_lines() -> NDArray[np.uint64]:
    known = words.whole_lines()
    size = 1 << (4 * len(known)).bit_length()
    lines = np.zeros(size, np.uint64)
    for line, role in known.items():
        hashed = int(_SEED)
        for character in line:
            hashed = (hashed ^ ord(character)) * int(_MIX) % (1 << 64)
            hashed ^= hashed >> int(_FOLD)
        place = (hashed >> _ROLE_BITS) % size
        while lines[place]:
            place = (place + 1) % size
        lines[place] = hashed & int(_HASH) | role
    return lines


@part
def _begun(codes: NDArray[np.uint32], at: int, last: int, signs: Signs) -> int:
    """What may begin at a character: BEGINS_OPENING, BEGINS_PHRASE or both. last : where the line's last one stands."""
    pair = (codes[at] * _FACTOR + codes[min(at + 1, last)]) & _MASK
    return signs.starts[0, pair] | signs.starts[1, (pair * _FACTOR + codes[min(at + 2, last)]) & _MASK]


@part
def flags_of(signs: Signs, code: np.uint32) -> np.uint32:
    """The flags of a folded character."""
    return signs.characters[code] >> FLAG_SHIFT if code < TABLE_SIZE else np.uint32(_BEYOND)


class Marks(NamedTuple):
    """What stands in a line: bars and arrows, spaces, white space, marks that no menu has, full stops, commas,
    characters that no count or date has, and places where a phrase may begin.
    """

    bars: int
    spaces: int
    blanks: int
    sentences: int
    stops: int
    commas: int
    words: int
    phrases: int


@part
def plain_role(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> int:
    """The role of the line `codes[start:end]`, which is not empty, as `lines.role_of` tells it; 0 where a pattern has
    to be asked.
    """
    width = end - start
    if width <= words.WHOLE_LINE:
        known = _whole_line(codes, start, end, signs)
    else:
        known = _SNIPPET if _is_cut_off(codes, start, end, signs) else _UNKNOWN
    if known or _may_open(codes, start, end, signs) or _may_be_code(codes, start, end, signs):
        return known
    marks = _marks_of(codes, start, end, signs)
    may_be_menu = (marks.bars >= shapes.MENU_BARS or marks.spaces >= shapes.MENU_NAMES - 1) and not marks.sentences
    if (marks.phrases and width <= words.PHRASE_LINE) or (may_be_menu and width <= shapes.MENU_LENGTH):
        return _UNKNOWN
    return _SENTENCE if width > shapes.TITLE_LENGTH else _short_role(codes, start, end, signs, marks)


@part
def _short_role(codes: NDArray[np.uint32], start: int, end: int, signs: Signs, marks: Marks) -> int:
    """The same of a short line without words that tell its role, which is neither a menu nor code."""
    first = flags_of(signs, codes[start])
    if first & OPENS_NUMBER and not marks.words:
        return _COUNT if _is_number(codes, start, end, signs) else _UNKNOWN
    may_be_dated = first & OPENS_NUMBER and marks.blanks
    may_be_item = first & OPENS_ITEM or (first & (NUMERAL | OPENS_NUMBER) and _may_number(codes, start, end))
    return _UNKNOWN if may_be_dated or may_be_item else _title_role(codes, start, end, signs, marks)


@part
def _title_role(codes: NDArray[np.uint32], start: int, end: int, signs: Signs, marks: Marks) -> int:
    """The same of one that begins with neither a number nor a date."""
    width, last = end - start, codes[end - 1]
    if flags_of(signs, last) & ENDS_SENTENCE or marks.stops > 1:
        return _SENTENCE
    if width <= shapes.LABEL_LENGTH:
        return _LABEL
    before = codes[end - 2] if last in (_CLOSING, _BRACKET) else last
    if flags_of(signs, before) & ENDS_DATE:
        return _UNKNOWN
    return _SENTENCE if width > shapes.QUESTION_LENGTH and last in _CALLS and marks.commas else _TITLE


@part
def _marks_of(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> Marks:
    bars = spaces = blanks = sentences = stops = commas = others = phrases = 0
    for at in range(start, end):
        code, flags = codes[at], flags_of(signs, codes[at])
        bars += (flags & BAR) != 0
        spaces += code == _SPACE
        blanks += (flags & BLANK) != 0
        sentences += (flags & STOPS_MENU) != 0
        stops += code == _FULL_STOP
        commas += (code == _COMMA) | (code == _WIDE_COMMA)
        others += (flags & COUNTS) == 0
        phrases += (code in _SPEAKING) | ((_begun(codes, at, end - 1, signs) & BEGINS_PHRASE) != 0)
    return Marks(bars, spaces, blanks, sentences, stops, commas, others, phrases)


@part
def _may_open(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> bool:
    """Whether a line may begin with one of the openings."""
    return codes[start] in _SPEAKING or (_begun(codes, start, end - 1, signs) & BEGINS_OPENING) != 0


@part
def is_closed(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> bool:
    """`shapes.is_closed` of a line."""
    last = flags_of(signs, codes[end - 1])
    if last & QUOTES and end - start > 1:
        return ((last | flags_of(signs, codes[end - 2])) & CLOSES) != 0
    return (last & (CLOSES | QUOTES)) != 0


@part
def _whole_line(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> int:
    """The role of a line that is nothing but known words: `words.whole_lines` of its `words.bare`; 0 for others."""
    while start < end and flags_of(signs, codes[start]) & OUTER:
        start += 1
    while end > start and flags_of(signs, codes[end - 1]) & OUTER:
        end -= 1
    hashed = _SEED
    for at in range(start, end):
        if codes[at] != _SPACE:
            hashed = (hashed ^ np.uint64(codes[at])) * _MIX
            hashed ^= hashed >> _FOLD
    mask = np.uint64(signs.lines.size - 1)
    place = (hashed >> np.uint64(_ROLE_BITS)) & mask
    while signs.lines[place] != 0 and (signs.lines[place] ^ hashed) & _HASH:
        place = (place + np.uint64(1)) & mask
    return signs.lines[place] & ~_HASH


@part
def _is_cut_off(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> bool:
    """`shapes.is_cut_off` of a line of two characters or more."""
    if codes[end - 1] == _ELLIPSIS or (codes[end - 1] == _DOT and codes[end - 2] == _DOT):
        return True
    while end > start and flags_of(signs, codes[end - 1]) & AFTER_DOTS:
        end -= 1
    if end > start and codes[end - 1] == _ELLIPSIS:
        return True
    return end - start > 2 and codes[end - 1] == codes[end - 2] == codes[end - 3] == _DOT  # noqa: PLR2004 - three dots


@part
def _may_be_code(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> bool:
    """Whether a line begins or ends with what code does; brackets open code where it is nothing else."""
    first, last = codes[start], codes[end - 1]
    if flags_of(signs, first) & OPENS_CODE and codes[min(start + 1, end - 1)] < _ASCII:
        return True
    if not flags_of(signs, last) & ENDS_CODE:
        return False
    before = codes[max(end - 2, start)]
    if last == _ARROW:
        return before in _BEFORE_ARROW
    return before in _BEFORE_SEMICOLON if last == _SEMICOLON else True


@part
def _is_number(codes: NDArray[np.uint32], start: int, end: int, signs: Signs) -> bool:
    """Whether a line is a number and nothing else, with dots and commas."""
    if end - start > _NUMBER_LENGTH or not flags_of(signs, codes[start]) & DECIMAL:
        return False
    for at in range(start + 1, end):
        if codes[at] not in (_DOT, _COMMA) and not flags_of(signs, codes[at]) & DECIMAL:
            return False
    return True


@part
def _may_number(codes: NDArray[np.uint32], start: int, end: int) -> bool:
    """Whether what follows a numeral or digit may make it an item's number."""
    for at in range(start + 1, min(start + 1 + _NUMERAL_LENGTH, end)):
        if codes[at] in (_LISTING, _CLOSING, _DOT):
            return True
    return False
