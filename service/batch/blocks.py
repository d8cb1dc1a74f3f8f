"""A block: some records that follow each other, as bytes. It is what workers are given and what the ledger counts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from typing import Any

import orjson

from service.batch.job import Format

BLOCK_BYTES = 4 << 20
BLOCK_RECORDS = 8192
"""Where a block ends. Blocks are cut by what the input holds alone, so any run cuts them in the same places."""

LARGEST = 16 << 20
"""Bytes that a record may have; a larger one is told in the file of errors and never held in memory."""

PARTS = ("output", "errors", "ids")
"""What an outcome holds, and the ledger keeps."""

Content = bytes | memoryview
"""What a part holds; a view is of memory that a cluster shares."""

Fault = dict[str, Any]
"""A line of the file of errors."""


def too_large() -> str:
    """What is said of a record that is larger than LARGEST."""
    return f"longer than {LARGEST >> 20} MiB; cut the page into parts"


def fault(file: str, line: int | None, reason: str, *, field: str | None = None, record_id: object = None) -> Fault:
    """A line of the file of errors.

    line : the number of the line, row or record in its file, from 1; None where the file as a whole is meant.
    """
    return {"file": file, "line": line, "id": record_id, "field": field, "reason": reason}


@dataclass(frozen=True, slots=True)
class Block:
    """Some records that follow each other.

    index : number of the block in the batch, from 0.
    file, source : the file it was cut from, and its number.
    first : number of its first line, row or record in that file.
    size : bytes of the file that were read for it, as far as known; for showing progress only.
    columns : the names of columns, for formats that say them once a file.
    faults : what was found wrong when it was cut.
    payload : the records as the file has them, or as its reader packs them.
    """

    index: int
    file: str
    source: int
    format: Format
    first: int
    size: int
    payload: bytes = field(repr=False)
    columns: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    def digest(self) -> str:
        """SHA-256 in hex of all that the answers depend on."""
        told = [self.source, self.format, self.first, self.columns, self.faults]
        digest = hashlib.sha256(orjson.dumps(told))
        digest.update(self.payload)
        return digest.hexdigest()

    def told(self) -> dict[str, Any]:
        """All but the payload, as plain values."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "payload"}

    @classmethod
    def heard(cls, told: dict[str, Any], payload: bytes) -> Block:
        """From plain values."""
        changed = {"format": Format(told["format"]), "columns": tuple(told["columns"]), "faults": tuple(told["faults"])}
        return cls(**(told | changed), payload=payload)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a block.

    parts : in the order of PARTS, the answers; bad records, as in the file of errors; and for each record a hash of its
        id and its line, as uint64 pairs. Empty where they are kept in a file.
    labels : how many sections got which label; None counts those without one under `none`.
    digests : SHA-256 in hex of the block (`input`) and of each part: made where the block is judged, since the process
        that keeps the ledger is one for all workers.
    sizes : bytes of each part.
    kept : the name of a synced file in the ledger's folder that holds the parts, one after the other, in their place.
    at : where the answers stand in the batch's output already, synced; then `kept` holds the others.
    """

    index: int
    records: int
    bad: int
    sections: int
    labels: dict[str, int]
    digests: dict[str, str]
    sizes: dict[str, int]
    parts: tuple[Content, ...] = field(repr=False)
    kept: str | None = None
    at: int | None = None

    def told(self) -> dict[str, Any]:
        """All but the parts, as plain values."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "parts"}

    @classmethod
    def heard(cls, told: dict[str, Any], *parts: Content) -> Outcome:
        """From plain values and the parts."""
        return cls(**told, parts=parts)
