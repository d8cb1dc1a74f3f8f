"""One number in memory that all server processes share: which version answers.

The master makes it before it forks, so every process sees a change at the very next request it begins.
"""

from __future__ import annotations

import hashlib
import mmap

BYTES = 8
"""An aligned store of eight bytes is whole or not there: no process reads half of one."""


def token_of(version: str | None) -> int:
    """The number that stands for a version; 0 for none."""
    return 0 if version is None else int.from_bytes(hashlib.sha256(version.encode()).digest()[:BYTES], "little")


class Switch:
    """The shared number."""

    __slots__ = ("_view",)

    def __init__(self, token: int) -> None:
        self._view = memoryview(mmap.mmap(-1, BYTES)).cast("Q")
        self._view[0] = token

    @property
    def token(self) -> int:
        """The number of the version that answers."""
        return self._view[0]

    @token.setter
    def token(self, token: int) -> None:
        self._view[0] = token
