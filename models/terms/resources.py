"""The tables that turn text into terms, as kernels take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.compiled import part
from models.memory import array_at
from models.terms.dictionary import Lookup
from models.terms.lexicon import Matches
from models.terms.trie import Trie

if TYPE_CHECKING:
    from numpy.typing import NDArray


KINDS = (
    np.uint32, np.uint32, np.uint64, np.uint64, np.float64, np.uint8, np.uint32, np.uint64, np.uint64, np.int32,
    np.int32, np.int32, np.bool_, np.int64,
)  # fmt: skip
"""What the arrays hold, in the order of `Resources.table`."""


class Resources(NamedTuple):
    """What turns text into terms.

    chars : uint32 (65536,), what `fold.char_table` makes.
    lookup : jieba's dictionary.
    matches : the lexicon.
    family : int32 (classes,), the fact that a lexicon class counts towards, as an offset from facts.FAMILY, or -1.
    marker_class : the class of markers, or -1.
    function : bool (tags,), whether words with this tag stand for themselves.
    bases : int64 (len(GROUPS) + 1,), where each group's buckets begin, and their number.
    """

    chars: NDArray[np.uint32]
    lookup: Lookup
    matches: Matches
    family: NDArray[np.int32]
    marker_class: int
    function: NDArray[np.bool_]
    bases: NDArray[np.int64]

    def table(self) -> NDArray[np.int64]:
        """Where each array lies and how long it is, for `resources_of`: this object is held while a kernel works.

        Raises TypeError where an array is not what `resources_of` takes it for.
        """
        arrays: tuple[NDArray[Any], ...] = (
            self.chars, *self.lookup.trie, self.lookup.cost, self.lookup.tag, *self.matches.trie, *self.matches[1:],
            self.family, self.function, self.bases,
        )  # fmt: skip
        for number, (array, kind) in enumerate(zip(arrays, KINDS, strict=True)):
            if array.dtype != kind or not array.flags.c_contiguous:
                message = f"array {number} has {array.dtype}, where kernels read {np.dtype(kind)}, one after the other"
                raise TypeError(message)
        places = [number for array in arrays for number in (array.ctypes.data, array.size)]
        return np.array([*places, self.marker_class], np.int64)


@part
def resources_of(table: NDArray[np.int64]) -> Resources:
    """What `Resources.table` tells of, lent. A number of a Lookup that no kernel asks for is left at zero."""
    return Resources(
        array_at(table[0], table[1], np.uint32),
        Lookup(
            Trie(
                array_at(table[2], table[3], np.uint32),
                array_at(table[4], table[5], np.uint64),
                array_at(table[6], table[7], np.uint64),
            ),
            array_at(table[8], table[9], np.float64),
            array_at(table[10], table[11], np.uint8),
            0.0,
        ),
        Matches(
            Trie(
                array_at(table[12], table[13], np.uint32),
                array_at(table[14], table[15], np.uint64),
                array_at(table[16], table[17], np.uint64),
            ),
            array_at(table[18], table[19], np.int32),
            array_at(table[20], table[21], np.int32),
        ),
        array_at(table[22], table[23], np.int32),
        table[28],
        array_at(table[24], table[25], np.bool_),
        array_at(table[26], table[27], np.int64),
    )
