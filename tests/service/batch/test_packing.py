"""Compressed streams are unpacked in bounded memory, and give all that is before a damage."""

from __future__ import annotations

import gzip
import io
import random
import resource
import zlib
from collections.abc import Callable
from typing import Any

import pytest
import zstandard

from service.batch.job import Packing
from service.batch.packing import DamagedError, Unpacked, pack

ZSTD = zstandard.ZstdCompressor()
PACK: dict[Packing, Callable[[bytes], bytes]] = {Packing.GZIP: gzip.compress, Packing.ZSTD: ZSTD.compress}
BOTH = pytest.mark.parametrize("packing", [Packing.GZIP, Packing.ZSTD], ids=["gzip", "zstd"])
NOISE = random.Random(7).randbytes(300_000)  # noqa: S311 - the same noise in every run, no secret


def unpacked(content: bytes, packing: Packing) -> tuple[bytes, str]:
    """What comes out, and what is said of a damage."""
    stream, parts = Unpacked(io.BytesIO(content), packing), []
    try:
        while part := stream.read(10_000):
            parts.append(part)
    except DamagedError as error:
        return b"".join(parts), str(error)
    return b"".join(parts), ""


@BOTH
def test_streams_that_follow_each_other_are_one(packing: Packing) -> None:
    """Files that were joined, as `cat` does and as our own output is, are read to the end."""
    content = PACK[packing](b"first\n") + PACK[packing](NOISE) + PACK[packing](b"")

    assert (b"first\n" + NOISE, "") == unpacked(content, packing)


@BOTH
def test_what_is_packed_here_is_read_again(packing: Packing) -> None:
    """The same content gives the same bytes, and they give the content."""
    assert pack(NOISE, packing) == pack(NOISE, packing)
    assert (NOISE, "") == unpacked(pack(NOISE, packing), packing)


@BOTH
@pytest.mark.parametrize("left", [1, 10, 150_000, 299_990], ids=str)
def test_a_stream_that_is_cut_off_gives_what_is_there(packing: Packing, left: int) -> None:
    """What comes out is the beginning of the content, and the end is said to be missing."""
    content, said = unpacked(PACK[packing](NOISE)[:left], packing)

    assert NOISE.startswith(content)
    assert "ends early" in said
    assert len(content) > left - 140_000


@BOTH
def test_what_is_no_such_stream_is_said(packing: Packing) -> None:
    """Text that is only named .gz or .zst gives nothing, and so does what stands behind a whole stream."""
    assert (b"", True) == ((found := unpacked(b"no such thing", packing))[0], "is damaged, or no" in found[1])
    assert (b"ok", True) == ((found := unpacked(PACK[packing](b"ok") + b"junk", packing))[0], "damaged" in found[1])


def test_zeros_behind_gzip_are_passed_over() -> None:
    """Tapes and some programs fill up with zeros."""
    assert (b"ab", "") == unpacked(gzip.compress(b"a") + b"\0" * 100_000 + gzip.compress(b"b") + b"\0\0", Packing.GZIP)


@BOTH
def test_a_bomb_takes_no_memory(packing: Packing) -> None:
    """A quarter of a gigabyte that was packed into little is unpacked piece by piece."""
    packer: Any = {Packing.GZIP: zlib.compressobj(1, wbits=31), Packing.ZSTD: ZSTD.compressobj()}[packing]
    zeros = bytes(1 << 20)
    bomb = b"".join(packer.compress(zeros) for _ in range(256)) + packer.flush()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    stream, size = Unpacked(io.BytesIO(bomb), packing), 0
    while part := stream.read(1 << 20):
        size += len(part)

    assert 256 << 20 == size
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes
