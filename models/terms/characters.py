"""A section's characters, folded: what all terms are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import part
from models.terms.fold import TABLE_SIZE, TYPE_SHIFT, CharType

if TYPE_CHECKING:
    from numpy.typing import NDArray

LATIN, DIGIT = int(CharType.LATIN), int(CharType.DIGIT)
FOLDED = np.uint32((1 << TYPE_SHIFT) - 1)
LETTER_CASE = np.uint32(32)
"""The bit that makes a Latin letter lower-case."""

ZERO = np.uint32(ord("0"))


class Characters(NamedTuple):
    """Room for one section's characters: folded, their CharTypes, as they are hashed, and where they came from."""

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    lower: NDArray[np.uint32]
    origin: NDArray[np.int32]


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
