"""Messages between a batch and its workers: a head in JSON and bytes as they are, nothing pickled."""

from __future__ import annotations

import struct
from typing import IO, Any

import orjson

_LENGTHS = struct.Struct("<IQ")


def send(stream: IO[bytes], head: dict[str, Any], *payload: bytes) -> None:
    """Write a message."""
    told = orjson.dumps(head)
    stream.write(_LENGTHS.pack(len(told), sum(map(len, payload))))
    stream.write(told)
    for part in payload:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read a message; None where the other side is gone."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_length, length = _LENGTHS.unpack(lengths)
    head, payload = stream.read(head_length), stream.read(length)
    if len(head) < head_length or len(payload) < length:
        return None
    return orjson.loads(head), payload
