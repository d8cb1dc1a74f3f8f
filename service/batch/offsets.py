"""Where each block's answers begin in the output: known once those of all blocks before it are made.

Workers of one machine tell each other how large they are through a file that each appends to.
"""

from __future__ import annotations

import os
import struct
from array import array
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIZES = "sizes"

_ENTRY = struct.Struct("<QQ")
"""Number of a block, and bytes of its answers. A page of memory holds whole ones, so nobody reads half of one."""

_AT_ONCE = 4096 * _ENTRY.size


class Offsets:
    """The sizes that were told so far, in a batch's folder. Raises OSError where there is no file of them."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / SIZES, os.O_RDWR | os.O_APPEND)
        self._read = 0
        self._sizes: dict[int, int] = {}
        """Those of blocks that others are missing before."""
        self._begins = array("Q", [0])

    @classmethod
    def begun(cls, folder: Path, sizes: Mapping[int, int]) -> Self:
        """A new file, in place of an earlier run's. sizes : those known already."""
        (folder / SIZES).write_bytes(b"".join(_ENTRY.pack(*each) for each in sizes.items()))
        return cls(folder)

    def tell(self, block: int, size: int) -> None:
        """Let all know how large a block's answers are. A block that is judged again has as many bytes again."""
        os.write(self._file, _ENTRY.pack(block, size))

    def of(self, block: int) -> int | None:
        """Where a block begins; None where the size of one before it is not known yet."""
        while told := os.pread(self._file, _AT_ONCE, self._read):
            self._read += len(told)
            self._sizes.update(_ENTRY.iter_unpack(told))
        while (size := self._sizes.pop(len(self._begins) - 1, None)) is not None:
            self._begins.append(self._begins[-1] + size)
        return self._begins[block] if block < len(self._begins) else None

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)
