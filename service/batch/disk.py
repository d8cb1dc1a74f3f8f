"""Files that appear whole or not at all, and stay."""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any

from models.versions.files import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READ = 1 << 20


@contextmanager
def written_aside(file: Path, *, named: bool = True) -> Iterator[IO[bytes]]:
    """A stream to a new file beside `file`, which takes its place when all went well, and is removed otherwise.

    named : whether its name is on the disk afterwards; without it, `sync_folder` has to follow.
    """
    aside = aside_for(file)
    with synced(aside) as stream:
        yield stream
    try:
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    if named:
        sync_folder(file.parent)


def aside_for(file: Path) -> Path:
    """A name beside `file` for what shall become it."""
    return file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")


@contextmanager
def synced(file: Path) -> Iterator[IO[bytes]]:
    """A stream to a new file, which is on the disk when all went well, and removed otherwise."""
    try:
        with file.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def pieces(stream: IO[bytes], most: int | None = None) -> Iterator[bytes]:
    """A stream's content in pieces of bounded size. most : bytes after which to stop."""
    left = most
    while piece := stream.read(READ if left is None else min(READ, left)):
        if left is not None:
            left -= len(piece)
        yield piece


def slice_of(file: Path, place: range) -> Iterator[bytes]:
    """What stands there in a file, in pieces of bounded size; less where the file ends before."""
    with file.open("rb", buffering=0) as stream:
        stream.seek(place.start)
        yield from pieces(stream, len(place))


def write_at(file: int, content: bytes | memoryview, at: int) -> None:
    """Write all of it to a place in a file. file : its descriptor."""
    left = memoryview(content)
    while left:
        written = os.pwrite(file, left, at)
        left, at = left[written:], at + written


def copy_slice(source: Path, place: range, file: int, at: int) -> int:
    """Copy what stands in a place of one file to a place of another; the bytes, fewer where the first ends before.

    Linux copies from file to file without a way through this process, in a third of the time. Where it cannot, we do.
    """
    copied = 0
    with source.open("rb", buffering=0) as stream, suppress(OSError, AttributeError):
        while step := os.copy_file_range(stream.fileno(), file, len(place) - copied, place.start + copied, at + copied):
            copied += step
    for piece in slice_of(source, place[copied:]):
        write_at(file, piece, at + copied)
        copied += len(piece)
    return copied


def sha256_of(file: Path) -> str:
    """SHA-256 of a file in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def about(file: Path) -> dict[str, Any]:
    """What the ledger says of a file."""
    return {"bytes": file.stat().st_size, "sha256": sha256_of(file)}
