"""A section's characters, folded: what all terms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.code_points import TABLE_SIZE, codes_matching
from models.compiled import kernel, part
from models.memory import array_at
from models.terms.fold import TYPE_SHIFT, CharType

if TYPE_CHECKING:
    from numpy.typing import NDArray

LATIN, DIGIT = int(CharType.LATIN), int(CharType.DIGIT)
FOLDED = np.uint32((1 << TYPE_SHIFT) - 1)
LETTER_CASE = np.uint32(32)
"""The bit that makes a Latin letter lower-case."""

ZERO = np.uint32(ord("0"))


ONE_BYTE = 0x100
BLANKS = codes_matching(r"\s")
NARROW_BLANKS = tuple(code for code in BLANKS if code < ONE_BYTE)
WIDE_BLANKS = tuple(code for code in BLANKS if code >= ONE_BYTE)


class Characters(NamedTuple):
    """Room for one section's characters: folded, their CharTypes, as they are hashed, and where they came from."""

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    lower: NDArray[np.uint32]
    origin: NDArray[np.int32]


CHARACTER_BYTES = 13
"""Bytes of `Characters` for each character."""


@part
def characters_in(room: int, size: int) -> Characters:
    """Arrays of `size` numbers each; `room` is their address."""
    return Characters(
        array_at(room, size, np.uint32),
        array_at(room + 12 * size, size, np.uint8),
        array_at(room + 4 * size, size, np.uint32),
        array_at(room + 8 * size, size, np.int32),
    )


@part
def fold_text(raw: NDArray[np.uint32], chars: NDArray[np.uint32], room: Characters) -> int:
    """Fold a text into `room`. Returns the folded length."""
    count = 0
    for at in range(raw.size):
        code, kind = raw[at], np.uint8(0)
        if code < TABLE_SIZE:
            entry = chars[code]
            code, kind = entry & FOLDED, np.uint8(entry >> TYPE_SHIFT)
        if code != 0:
            room.codes[count], room.kinds[count], room.origin[count] = code, kind, at
            room.lower[count] = code | LETTER_CASE if kind == LATIN else (ZERO if kind == DIGIT else code)
            count += 1
    return count


@part
def is_blank(code: np.uint32) -> bool:
    """Whether a code point is white space, as `str.isspace` has it."""
    return code in NARROW_BLANKS if code < ONE_BYTE else code in WIDE_BLANKS


@kernel
def strip_parts(raw: NDArray[np.uint32], bounds: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where parts of a text that lie end to end begin and end without the white space around them, as by `str.strip`.

    bounds : (parts + 1,), where each begins, and where the last one ends.
    """
    starts, ends = bounds[:-1].copy(), bounds[1:].copy()
    for number in range(starts.size):
        start, end = starts[number], ends[number]
        while start < end and is_blank(raw[start]):
            start += 1
        while end > start and is_blank(raw[end - 1]):
            end -= 1
        starts[number], ends[number] = start, end
    return starts, ends
