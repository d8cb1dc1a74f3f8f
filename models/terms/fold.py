"""Characters that mean the same become the same, before words are looked up.

Full-width forms become half-width, traditional characters simplified ones, quotes and spaces plain ones; invisible
characters are dropped. For hashing, letters also become lower-case and every digit becomes 0: a section is judged by
there being a number, not by which.

`simplified.tsv` holds the single characters that OpenCC 1.4.2 converts from traditional to simplified script.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from models.code_points import TABLE_SIZE

TYPE_SHIFT = 16

DROPPED = 0
"""What a character folds to that is left out: NUL, zero-width characters, joiners, the byte order mark."""

INVISIBLE = (0x00, 0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10))
SPACES = (0x0B, 0x0C, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
PLAIN = {
    "“": '"', "”": '"', "„": '"', "「": '"', "」": '"', "『": '"', "』": '"',
    "‘": "'", "’": "'", "。": ".", "｡": ".", "、": ",", "､": ",", "—": "-", "–": "-", "―": "-", "•": "·", "・": "·",
    "〔": "(", "〕": ")", "【": "[", "】": "]", "《": "<", "》": ">", "〈": "<", "〉": ">", "…": "…",
}  # fmt: skip


class CharType(IntEnum):
    """What a folded character is, for the segmenter and the shape terms."""

    OTHER = 0
    HAN = 1
    LATIN = 2
    DIGIT = 3
    JOINED = 4  # + # & . _ % -, which jieba keeps inside a run of words
    SPACE = 5
    NEWLINE = 6
    MARK = 7  # punctuation


MARKS = ",;:!?()\"'[]<>·…~/|*=^`{}\\@$→←↑↓▲▼●○■□◆◇★☆※"


def simplified() -> dict[str, str]:
    """Traditional character → simplified character."""
    lines = files("models.terms").joinpath("simplified.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


@cache
def fold_table() -> NDArray[np.uint32]:
    """Code point → folded code point, shape (65536,)."""
    table = np.arange(TABLE_SIZE, dtype=np.uint32)
    for full in range(0xFF01, 0xFF5F):
        table[full] = full - 0xFEE0
    for table_of in (simplified(), PLAIN):
        for old, new in table_of.items():
            table[ord(old)] = ord(new)
    table[list(SPACES)] = ord(" ")
    table[ord("\t")] = ord(" ")
    table[ord("\r")] = ord("\n")
    table[list(INVISIBLE)] = DROPPED
    return table


def folded(word: str) -> str:
    """A word as the segmenter sees it."""
    return word.translate(fold_changes())


@cache
def fold_changes() -> dict[int, int | None]:
    """Code point → folded code point, None for those that are dropped; only what changes."""
    return {DROPPED: None} | {old: None if new == DROPPED else new for old, new in _changes(fold_table())}


@cache
def type_table() -> NDArray[np.uint8]:
    """Folded code point → CharType, shape (65536,)."""
    table = np.zeros(TABLE_SIZE, dtype=np.uint8)
    table[0x4E00:0x9FD6] = CharType.HAN  # the range of jieba's re_han
    for first, last, kind in (("a", "z", CharType.LATIN), ("A", "Z", CharType.LATIN), ("0", "9", CharType.DIGIT)):
        table[ord(first) : ord(last) + 1] = kind
    table[[ord(mark) for mark in MARKS]] = CharType.MARK
    table[[ord(mark) for mark in "+#&._%-"]] = CharType.JOINED
    table[ord(" ")] = CharType.SPACE
    table[ord("\n")] = CharType.NEWLINE
    return table


@cache
def hash_table() -> NDArray[np.uint32]:
    """Folded code point → what is hashed: lower-case, digits as 0, shape (65536,)."""
    table = np.arange(TABLE_SIZE, dtype=np.uint32)
    for upper in range(ord("A"), ord("Z") + 1):
        table[upper] = upper + 32
    table[ord("0") : ord("9") + 1] = ord("0")
    return table


@cache
def hash_changes() -> dict[int, int]:
    """Folded code point → what is hashed; only what changes."""
    return dict(_changes(hash_table()))


def _changes(table: NDArray[np.uint32]) -> Iterator[tuple[int, int]]:
    """The positions in a table that hold another number, and the number."""
    changed = np.flatnonzero(table != np.arange(TABLE_SIZE))
    return zip(changed.tolist(), table[changed].tolist(), strict=True)


@cache
def char_table() -> NDArray[np.uint32]:
    """Code point → folded code point and its CharType (shifted by TYPE_SHIFT) in one number, shape (65536,)."""
    table = fold_table()
    return table | (type_table()[table].astype(np.uint32) << np.uint32(TYPE_SHIFT))
