"""Labels that are new, or only written wrongly."""

from __future__ import annotations

NEAR = 2
"""A new label that is at most so many letters from a known one may be a slip, and has to be declared."""


def is_near(one: str, other: str) -> bool:
    """Whether a label differs from another by so few letters put in, left out or exchanged that it may be a slip.

    >>> is_near("opinon", "opinion"), is_near("joke", "none")
    (True, False)
    """
    most = min(NEAR, max(1, len(other) // 4))
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row, above = [at], row
        for place, its in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (letter != its)))
    return row[-1] <= most
