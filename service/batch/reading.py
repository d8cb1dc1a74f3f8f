"""Files to blocks, in the process that hands them out."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from service.batch.blocks import Block
from service.batch.job import Fields, Format
from service.batch.lines import read_lines, read_rows
from service.batch.packing import Unpacked
from service.batch.places import STDIN, Place, form_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from service.batch.lines import Piece


def read_blocks(places: Sequence[Place], given: Format | None, fields: Fields) -> Iterator[Block]:
    """The blocks of all files, in order; there is one at least, an empty one where there is nothing to read."""
    index = 0
    for source, place in enumerate(places):
        form = format_of(place, given)
        for piece, size in _pieces(place, form, fields):
            faults = tuple(piece.faults)
            yield Block(index, place.name, source, form, piece.first, size, piece.payload, piece.columns, faults)
            index += 1
    if not index:
        yield Block(0, "", 0, given or Format.JSONL, 1, 0, b"")


def format_of(place: Place, given: Format | None) -> Format:
    """What a file holds: as given, or by its name, or JSON Lines."""
    return given or form_of(place.name)[0] or Format.JSONL


def _pieces(place: Place, form: Format, fields: Fields) -> Iterator[tuple[Piece, int]]:
    """The pieces of a file, each with the bytes that were read for it."""
    stream = place.opened()
    try:
        counted = _Counted(stream)
        for piece in _cut(counted, place, form, fields):
            yield piece, counted.taken()
    finally:
        if place.path != STDIN:
            stream.close()


def _cut(stream: _Counted, place: Place, form: Format, fields: Fields) -> Iterator[Piece]:
    packing = form_of(place.name)[1]
    if form is Format.PARQUET:
        from service.batch.tables import read_table  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

        return read_table(stream.stream, place.name, fields)
    unpacked = Unpacked(stream, packing) if packing else stream
    if form is Format.CSV:
        return read_rows(unpacked, place.name)
    if form is Format.WARC:
        from service.batch.archives import read_archive  # noqa: PLC0415 - and fastwarc where there are archives

        return read_archive(unpacked, place.name, fields)
    return read_lines(unpacked, place.name)


class _Counted:
    """A stream that knows how far it was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self._before = 0
        self._read = 0

    def read(self, size: int) -> bytes:
        """Up to so many bytes."""
        content = self.stream.read(size)
        self._read += len(content)
        return content

    def taken(self) -> int:
        """Bytes read since the last time."""
        now = self._read or self.stream.tell()
        before, self._before = self._before, now
        return max(now - before, 0)
