"""The tables that turn text into terms, as kernels take them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.compiled import part
from models.memory import lent
from models.terms.dictionary import Lookup
from models.terms.lexicon import Matches
from models.terms.trie import Trie

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    def flat(self) -> tuple[Any, ...]:
        """One after the other, as kernels take them: to look into nested tuples costs numba 10 µs a call."""
        return (
            self.chars, *self.lookup.trie, *self.lookup[1:], *self.matches.trie, *self.matches[1:], *self[3:],
        )  # fmt: skip


@part
def resources_of(flat: tuple[Any, ...]) -> Resources:
    """What `flat` took apart, lent by the caller of the kernel."""
    return Resources(
        lent(flat[0]),
        Lookup(Trie(lent(flat[1]), lent(flat[2]), lent(flat[3])), lent(flat[4]), lent(flat[5]), flat[6]),
        Matches(Trie(lent(flat[7]), lent(flat[8]), lent(flat[9])), lent(flat[10]), lent(flat[11])),
        lent(flat[12]),
        flat[13],
        lent(flat[14]),
        lent(flat[15]),
    )
