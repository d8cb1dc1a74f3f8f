"""Blocks of lines: JSON Lines, and the rows of CSV, whose cells may hold line ends."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST, Fault, fault, too_large
from service.batch.packing import DamagedError

if TYPE_CHECKING:
    from service.batch.packing import Readable


class End(NamedTuple):
    """Where in some bytes a block of lines ends.

    at : behind its last line, 0 where no line ends. lines : how many end before. full : whether it has all that it may.
    """

    at: int
    lines: int
    full: bool


Cut = Callable[[bytes, int], End]
"""Finds the end in some bytes, and is told about where it may be."""

LINE_END, QUOTE = 0x0A, 0x22


@dataclass(slots=True)
class Piece:
    """What a reader hands over to become a block."""

    first: int
    payload: bytes
    columns: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)


def count_of(byte: int, content: bytes, end: int | None = None) -> int:
    """How often a byte is found: five times as fast as `bytes.count`, which looks at one after the other."""
    return int(np.count_nonzero(np.frombuffer(content, np.uint8)[:end] == byte))


def cut_lines(content: bytes, about: int) -> End:
    """Where a block of lines ends. Lines are counted once, up to where it may be: from there it is not far."""
    end = min(about, len(content))
    lines = count_of(LINE_END, content, end)
    if lines > 2 * BLOCK_RECORDS:
        return cut_lines(content, end * BLOCK_RECORDS // lines)
    for _ in range(BLOCK_RECORDS, lines):
        end = content.rindex(b"\n", 0, end)
    for found in range(lines, BLOCK_RECORDS):
        after = content.find(b"\n", end) + 1
        if not after:
            return End(content.rfind(b"\n", 0, end) + 1, found, full=False)
        end = after
    return End(content.rindex(b"\n", 0, end) + 1, BLOCK_RECORDS, full=True)


def cut_rows(content: bytes, _: int) -> End:
    """Where a block of rows ends: a line end inside quotes is none of a row."""
    ends = row_ends(content)
    at = int(ends[:BLOCK_RECORDS][-1]) + 1 if ends.size else 0
    return End(at, count_of(LINE_END, content, at), full=ends.size >= BLOCK_RECORDS)


def row_ends(content: bytes) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Where lines end that are not inside quotes."""
    codes = np.frombuffer(content, np.uint8)
    ends, quotes = np.flatnonzero(codes == LINE_END), np.flatnonzero(codes == QUOTE)
    return np.asarray(ends[np.searchsorted(quotes, ends) % 2 == 0])


def read_lines(stream: Readable, file: str, cut: Cut = cut_lines, columns: tuple[str, ...] = ()) -> Iterator[Piece]:
    """The lines of a stream, piece by piece, the first line numbered 1.

    An over-long line is told and left empty, so that the lines behind it keep their numbers. Damage ends the stream,
    is told, and what comes before it is kept.
    """
    source = _Source(stream)
    first = 1
    while True:
        content, lines, faults = source.taken(cut, file, first)
        if not content and not faults:
            return
        if first == 1:
            content = content.removeprefix(codecs.BOM_UTF8)
        yield Piece(first, content, columns, faults)
        first += lines


def read_rows(stream: Readable, file: str) -> Iterator[Piece]:
    """The rows of a CSV file; the first names the columns, and its line goes with the first piece, emptied."""
    columns: tuple[str, ...] | None = None
    for piece in read_lines(stream, file, cut_rows):
        if columns is None:
            columns, piece.payload, wrong = _header(piece.payload)
            piece.faults += [fault(file, 1, wrong)] if wrong else []
        piece.columns = columns
        yield piece


def _header(content: bytes) -> tuple[tuple[str, ...], bytes, str | None]:
    """The columns, the content without them but with as many lines, and what is wrong with them."""
    ends = row_ends(content)
    end = int(ends[0]) + 1 if ends.size else len(content)
    rest = b"\n" * content[:end].count(b"\n") + content[end:]
    try:
        names = next(csv.reader(content[:end].decode("utf-8").splitlines(keepends=True), strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        return (), rest, f"the names of the columns cannot be read: {error}"
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        return (), rest, f"several columns have the name {' and '.join(twice)}"
    return tuple(names), rest, None


class _Source:
    """A stream with what was read of it and is not taken yet."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._held = b""
        self._usual = BLOCK_BYTES
        """Bytes that a block is likely to have: what is held far beyond that is moved for nothing."""
        self._ended = False
        self._damage: str | None = None

    def taken(self, cut: Cut, file: str, first: int) -> tuple[bytes, int, list[Fault]]:
        """The next lines, at most a block of them; how many end; and what is wrong with them. Nothing at the end."""
        self._fill(min(self._usual + self._usual // 8, BLOCK_BYTES))
        end = cut(self._held, self._usual)
        if not end.full:
            self._fill(BLOCK_BYTES)
            end = cut(self._held, BLOCK_BYTES)
        while not end.at and not self._ended and len(self._held) <= LARGEST:
            self._fill(len(self._held) + BLOCK_BYTES)
            end = cut(self._held, len(self._held))
        if not end.at and len(self._held) > LARGEST:
            return self._skipped(), 1, [fault(file, first, too_large())]
        at = len(self._held) if self._ended and not end.full else end.at
        content, self._held = self._held[:at], self._held[at:]
        self._usual = min(len(content), BLOCK_BYTES)
        faults = self._damaged(file, first + end.lines) if self._ended and not self._held else []
        return content, end.lines, faults

    def _damaged(self, file: str, line: int) -> list[Fault]:
        """What is wrong with the stream as a whole, told once."""
        damage, self._damage = self._damage, None
        return [fault(file, line, f"the file {damage}; what is before this line was read")] if damage else []

    def _skipped(self) -> bytes:
        """Pass over the rest of a line, and give it as an empty one."""
        while (end := self._held.find(b"\n")) < 0 and not self._ended:
            self._held = b""
            self._fill(BLOCK_BYTES)
        self._held = self._held[end + 1 :] if end >= 0 else b""
        return b"\n"

    def _fill(self, size: int) -> None:
        """Hold so many bytes, or all there are: a block must not depend on how a pipe hands bytes over."""
        parts, length = [self._held], len(self._held)
        while length < size and not self._ended:
            try:
                part = self._stream.read(size - length)
            except DamagedError as error:
                self._damage, part = str(error), b""
            self._ended = not part
            parts.append(part)
            length += len(part)
        self._held = b"".join(parts)
