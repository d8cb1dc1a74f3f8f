"""Compressed streams, unpacked in bounded memory; a cut-off or damaged one gives all that is before the damage."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, TYPE_CHECKING, Protocol

import zstandard

from service.batch.job import Packing

if TYPE_CHECKING:
    from collections.abc import Iterator

_FED = {Packing.GZIP: 1 << 16, Packing.ZSTD: 512}
"""Bytes unpacked at a time. 512 bytes of zstd become 16 MiB at worst; zlib is told itself how much it may give."""

_GIVEN = 1 << 20
_WINDOW = 1 << 27
"""The largest window that a zstd frame may ask for, in bytes: what `zstd` itself allows without being told."""

LEVEL = {Packing.GZIP: 6, Packing.ZSTD: 3}


class Readable(Protocol):
    """What bytes come from."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""


class DamagedError(Exception):
    """A stream ends early or is not what it should be; all that is before the damage was given."""


class Unpacked:
    """A stream of unpacked bytes."""

    def __init__(self, stream: Readable | IO[bytes], packing: Packing) -> None:
        self._pieces = _PIECES[packing](stream)
        self._piece = b""
        self._at = 0

    def read(self, size: int) -> bytes:
        """Up to so many bytes; none at the end. Raises DamagedError."""
        if self._at == len(self._piece):
            self._piece, self._at = next(self._pieces, b""), 0
        start, self._at = self._at, min(self._at + size, len(self._piece))
        return self._piece[start : self._at]


def pack(content: bytes, packing: Packing) -> bytes:
    """A whole compressed stream; such streams, joined, are one again. Nothing becomes nothing."""
    if not content or packing is Packing.NONE:
        return content
    if packing is Packing.GZIP:
        return gzip.compress(content, LEVEL[packing], mtime=0)
    return zstandard.ZstdCompressor(level=LEVEL[packing], write_content_size=True).compress(content)


def _as_it_is(stream: Readable) -> Iterator[bytes]:
    while piece := stream.read(_GIVEN):
        yield piece


def _gunzip(stream: Readable) -> Iterator[bytes]:
    """Members that follow each other, and the zeros that some programs put behind the last."""
    unpacker, fed, members = zlib.decompressobj(wbits=31), b"", 0
    inside = False
    while fed := fed or stream.read(_FED[Packing.GZIP]):
        if members and not inside:
            fed = fed.lstrip(b"\0")
        inside = inside or bool(fed)
        try:
            piece = unpacker.decompress(fed, _GIVEN)
        except zlib.error as error:
            raise DamagedError(f"is damaged, or no gzip: {error}") from error
        if piece:
            yield piece
        fed = unpacker.unconsumed_tail
        if unpacker.eof:
            fed, unpacker, members, inside = unpacker.unused_data, zlib.decompressobj(wbits=31), members + 1, False
    while inside and (piece := unpacker.decompress(b"", _GIVEN)):
        yield piece
    if inside and not unpacker.eof:
        raise DamagedError("ends early: its gzip stream is cut off")


def _unzstd(stream: Readable) -> Iterator[bytes]:
    decompressor = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
    unpacker, fed, begun = decompressor.decompressobj(), b"", False
    while fed := fed or stream.read(_FED[Packing.ZSTD]):
        try:
            piece = unpacker.decompress(fed)
        except zstandard.ZstdError as error:
            raise DamagedError(f"is damaged, or no zstd: {error}") from error
        begun, fed = True, b""
        if piece:
            yield piece
        if unpacker.eof:
            fed, unpacker, begun = unpacker.unused_data, decompressor.decompressobj(), False
    if begun:
        raise DamagedError("ends early: its zstd stream is cut off")


_PIECES = {Packing.NONE: _as_it_is, Packing.GZIP: _gunzip, Packing.ZSTD: _unzstd}
