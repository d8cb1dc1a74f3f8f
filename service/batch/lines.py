"""Lines of any file in chunks of bounded memory."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from service.batch.records import LARGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

CHUNK_LINES = 512
CHUNK_BYTES = 4 << 20
"""Where a chunk ends: enough for the model to work in bulk, little enough to report progress often."""


@dataclass(slots=True)
class Chunk:
    """Some lines that follow each other.

    lines : numbers, from 1, and contents; blank lines are left out.
    size : bytes read for them.
    """

    lines: list[tuple[int, bytes]] = field(default_factory=list)
    size: int = 0

    @property
    def full(self) -> bool:
        """Whether no more lines should come in."""
        return len(self.lines) >= CHUNK_LINES or self.size >= CHUNK_BYTES


def read_chunks(source: IO[bytes]) -> Iterator[Chunk]:
    """The lines of a file, chunk by chunk; of a line that is too long for a record, only its too long start."""
    chunk = Chunk()
    for number, (line, size) in enumerate(_read_lines(source), start=1):
        chunk.size += size
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if content.strip():
            chunk.lines.append((number, content))
        if chunk.full:
            yield chunk
            chunk = Chunk()
    if chunk.size:
        yield chunk


def _read_lines(source: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Each line, and how many bytes it took."""
    while line := source.readline(LARGEST_LINE + 1):
        size = len(line)
        while not line.endswith(b"\n") and (rest := source.readline(LARGEST_LINE)):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield line, size
