"""Quotation marks in JSON: their number tells whether a parser passed over a name that was said twice.

orjson keeps the last of repeated names and tells nobody. Each string that it gave has two marks that open or close it:
one pair more is a name or a string that it passed over.
"""

from __future__ import annotations

import numpy as np

QUOTE, BACKSLASH = b'"\\'

FEW = 64
"""So many escapes are looked at one by one."""


def quotation_marks(data: bytes) -> int | None:
    r"""How many marks of valid JSON open or close a string; None where a mark behind two backslashes may be either.

    >>> quotation_marks(b'{"text": "\\"so\\""}')
    4
    """
    if data.isascii() and b"\\" in data:  # who writes Chinese in ASCII escapes every character of it
        return _among_many(data)
    # For a body with few escapes NumPy takes as long, but its code then takes the caches from what comes next.
    marks = data.count(b'"')
    place = data.find(b"\\")
    for _ in range(FEW):
        if place < 0:
            return marks
        marks -= data[place + 1] == QUOTE
        place = data.find(b"\\", place + 2)
    return _among_many(data)


def _among_many(data: bytes) -> int | None:
    codes = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(codes == QUOTE)
    escaped = marks[codes[marks - 1] == BACKSLASH]
    return None if (codes[escaped - 2] == BACKSLASH).any() else marks.size - escaped.size
