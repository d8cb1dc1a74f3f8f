"""A page's lines as kernels walk along them: numbers in columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.compiled import part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

START, END, ROLE, LAST, CLOSED, CARD, LEVEL, REGION, LINKED, IN_ROW, STOP = range(11)
COLUMNS = 11


class Lines(NamedTuple):
    """A page's lines that hold anything but white space.

    codes : uint32 (characters,), the page's code points, folded (see `lines.fold`).
    columns : int32 (COLUMNS, lines), of each line:

        START, END : its place in `codes` without the white space around it.
        ROLE : what it looks like by itself, a `Role`.
        LAST : its last code point.
        CLOSED : 1 where it ends as a sentence does.
        CARD : number of the teaser card that the markup puts it in; 0 where no markup tells.
        LEVEL : 1 to 6 where the markup calls it a heading, else 0.
        REGION : number of the list, table or part of the page that the markup puts it in; 0 where no markup tells.
        LINKED : 1 where all of it is one link.
        IN_ROW, STOP : room for what the rules find: its role among its neighbours, and the line after the last of the
            teaser card that begins with it.
    """

    codes: NDArray[np.uint32]
    columns: NDArray[np.int32]


@part
def width_of(columns: NDArray[np.int32], line: int) -> int:
    """The line's length in characters."""
    return columns[END, line] - columns[START, line]
