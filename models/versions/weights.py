"""Arrays in the safetensors format: packed by its library, mapped by ourselves.

Measured with an 80 MB file: the library's numpy readers copy each array into the process, so that eight processes took
1,012 MB; with views on a map they took 19 MB, and an opening takes 4 ms instead of 39. The format is eight bytes of
length, a JSON header and the arrays' bytes, and all of it is checked here.
"""

from __future__ import annotations

import hashlib
import math
import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import safetensors.numpy

from models.versions.errors import InvalidVersionError
from models.versions.json_objects import parse_object

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Weights = dict[str, np.ndarray[Any, np.dtype[Any]]]
Buffer = bytes | mmap.mmap

_DTYPES = {
    "BOOL": "|b1",
    "I8": "|i1",
    "U8": "|u1",
    "I16": "<i2",
    "U16": "<u2",
    "F16": "<f2",
    "I32": "<i4",
    "U32": "<u4",
    "F32": "<f4",
    "I64": "<i8",
    "U64": "<u8",
    "F64": "<f8",
}
"""The types of arrays that a version may hold: numbers of fixed size, little-endian."""

_LENGTH = 8
_LARGEST_HEADER = 1 << 20


def pack_weights(weights: Mapping[str, np.ndarray[Any, Any]], file: Path) -> bytes:
    """The arrays as the bytes of a safetensors file: the same arrays give the same bytes, in whatever order they come.

    Raises InvalidVersionError (naming `file`) for an array whose type has no place in a version.
    """
    packed: Weights = {}
    for name, array in sorted(weights.items()):
        if array.dtype.newbyteorder("<").str not in _DTYPES.values():
            raise InvalidVersionError(file, f"array {name!r} has dtype {array.dtype}, which is not a plain number")
        packed[name] = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    return safetensors.numpy.save(packed)


def weights_hash(weights: Mapping[str, np.ndarray[Any, Any]]) -> str:
    """SHA-256 in hex over the arrays' names, types, shapes and values, in the order of their names."""
    digest = hashlib.sha256()
    for name, array in sorted(weights.items()):
        little = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
        # The JSON-like line has an end, so no two sets of arrays run into the same bytes.
        digest.update(f"{name!r} {little.dtype.str} {array.shape}\n".encode())
        digest.update(little.tobytes())
    return digest.hexdigest()


def view_weights(buffer: Buffer, file: Path) -> Weights:
    """Read-only arrays that stand on `buffer`, the content of a safetensors file.

    Raises InvalidVersionError (naming `file`) where the arrays do not fill it exactly, or hold NaN or infinity.
    """
    header, start = _header(buffer, file)
    places = sorted((_place(name, entry, file) for name, entry in header.items()), key=_bounds)
    weights: Weights = {}
    end = 0
    for place in places:
        if place.start != end or start + place.end > len(buffer) or place.end - place.start != place.size:
            raise InvalidVersionError(file, f"array {place.name!r} of shape {place.shape} does not fit into its place")
        end = place.end
        weights[place.name] = _view(buffer, start, place, file)
    if start + end != len(buffer):
        raise InvalidVersionError(file, "has bytes that belong to no array")
    return weights


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an array says that it stands, in bytes behind the header."""

    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.dtype.itemsize * math.prod(self.shape)


def _bounds(place: _Place) -> tuple[int, int]:
    return place.start, place.end


def _header(buffer: Buffer, file: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin."""
    start = _LENGTH + int.from_bytes(buffer[:_LENGTH], "little")
    if len(buffer) < start or start > _LARGEST_HEADER:
        raise InvalidVersionError(file, f"is cut off, or no safetensors file: its header would end at byte {start}")
    header = parse_object(buffer[_LENGTH:start], file)
    header.pop("__metadata__", None)
    return header, start


def _place(name: str, entry: object, file: Path) -> _Place:
    match entry:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [start, end]} if _are_sizes([*shape, start, end]):
            if dtype not in _DTYPES:
                raise InvalidVersionError(file, f"array {name!r} has dtype {dtype!r}, which is not a plain number")
            return _Place(name, np.dtype(_DTYPES[dtype]), tuple(shape), start, end)
        case _:
            raise InvalidVersionError(file, f"array {name!r} has a malformed header")


def _are_sizes(values: list[object]) -> bool:
    return all(type(value) is int and value >= 0 for value in values)


def _view(buffer: Buffer, start: int, place: _Place, file: Path) -> np.ndarray[Any, Any]:
    offset = start + place.start
    if offset % place.dtype.itemsize:
        raise InvalidVersionError(file, f"array {place.name!r} is not aligned to its {place.dtype.itemsize} bytes")
    try:
        array: np.ndarray[Any, Any] = np.ndarray(place.shape, place.dtype, buffer, offset)
    except ValueError as error:
        raise InvalidVersionError(file, f"array {place.name!r} has an impossible shape {place.shape}") from error
    if place.dtype.kind == "f" and not np.isfinite(array).all():
        raise InvalidVersionError(file, f"array {place.name!r} holds NaN or infinity")
    if place.dtype.kind == "b" and array.view(np.uint8).max(initial=0) > 1:
        raise InvalidVersionError(file, f"array {place.name!r} holds truth values other than 0 and 1")
    return array
