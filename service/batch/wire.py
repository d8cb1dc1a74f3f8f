"""Messages between a batch and its workers: a head in JSON and bytes as they are, nothing pickled."""

from __future__ import annotations

import struct
from typing import IO, TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from service.batch.blocks import Content

_COUNTS = struct.Struct("<II")
"""Bytes of the head, and how many parts follow it: their lengths come first."""


def send(stream: IO[bytes], head: dict[str, Any], *parts: Content) -> None:
    """Write a message."""
    told = orjson.dumps(head)
    lengths = struct.pack(f"<{len(parts)}Q", *map(len, parts))
    stream.write(_COUNTS.pack(len(told), len(parts)) + lengths + told)
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Read a message: its head and its parts; None where the other side is gone."""
    counts = stream.read(_COUNTS.size)
    if len(counts) < _COUNTS.size:
        return None
    length, count = _COUNTS.unpack(counts)
    rest = stream.read(8 * count + length)
    if len(rest) < 8 * count + length:
        return None
    parts = []
    for size in struct.unpack_from(f"<{count}Q", rest):
        parts.append(stream.read(size))
        if len(parts[-1]) < size:
            return None
    return orjson.loads(rest[8 * count :]), parts
