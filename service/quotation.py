"""Quotation marks in JSON: their number tells whether a parser passed over a name that was said twice.

orjson keeps the last of repeated names and tells nobody. Each string that it gave has two marks that open or close it:
one pair more is a name or a string that it passed over.
"""

from __future__ import annotations

import numpy as np

QUOTE, BACKSLASH = b'"\\'


def quotation_marks(data: bytes) -> int | None:
    r"""How many marks of valid JSON open or close a string; None where a mark behind two backslashes may be either.

    >>> quotation_marks(b'{"text": "\\"so\\""}')
    4
    """
    if b"\\" not in data:  # to look for one byte takes a tenth of the time that counting two takes
        return data.count(b'"')
    codes = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(codes == QUOTE)
    escaped = marks[codes[marks - 1] == BACKSLASH]
    return None if (codes[escaped - 2] == BACKSLASH).any() else marks.size - escaped.size
