"""Ids that stand for more than one record, found at the end in bounded memory."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np
import orjson

from service.batch.blocks import fault
from service.batch.job import Format, Packing, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from service.batch.ledger import Ledger

AT_ONCE = 1 << 22
"""Ids that are compared at once, 70 MB or so, and 100 more where all come twice; more are taken in turns, by what their
hashes leave when divided."""


def doubled_ids(ledger: Ledger, names: Sequence[str]) -> Iterator[bytes]:
    """A line of the file of errors for each record whose id an earlier record has.

    names : the files' names, by their numbers.
    """
    records = sum(line["ids"]["bytes"] for line in ledger.lines.values()) // 16
    turns = records // AT_ONCE + 1
    for turn in range(turns):
        twice = _twice(_hashes(ledger, turn, turns))
        if twice.size:
            yield from _told(_table(ledger, twice), ledger, names)


def _hashes(ledger: Ledger, turn: int, turns: int) -> NDArray[np.uint64]:
    """The hashes of this turn. What was written is compared with the ledger in the first one."""
    parts = [np.empty(0, np.uint64)]
    for number in sorted(ledger.lines):
        hashes = _ids_of(ledger, number, check=turn == 0)[:, 0]
        parts.append(hashes[hashes % np.uint64(turns) == turn] if turns > 1 else hashes)
    return np.concatenate(parts)


def _twice(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes that come more than once: mostly none, which a sort finds out soonest. Sorts what it is given."""
    hashes.sort()
    return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])


def _table(ledger: Ledger, twice: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash, block and line of each record with one of these hashes, in the records' order."""
    parts = [np.empty((0, 3), np.uint64)]
    for number in sorted(ledger.lines):
        pairs = _ids_of(ledger, number, check=False)
        pairs = pairs[_are_among(pairs[:, 0], twice)]
        parts.append(np.column_stack([pairs[:, 0], np.full(len(pairs), number, np.uint64), pairs[:, 1]]))
    return np.concatenate(parts)


def _are_among(hashes: NDArray[np.uint64], ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether each is one of the ordered ones, of which there is one at least: `np.isin` would sort these each time."""
    places = np.searchsorted(ordered, hashes)
    return np.asarray(ordered[np.minimum(places, ordered.size - 1)] == hashes)


def _told(table: NDArray[np.uint64], ledger: Ledger, names: Sequence[str]) -> Iterator[bytes]:
    """What to say of the records whose id an earlier one of the table has, in their order."""
    _, first, place = np.unique(table[:, 0], return_index=True, return_inverse=True)
    earlier = first[place.reshape(-1)]
    ids = lru_cache(maxsize=1)(partial(_ids, ledger))  # one block after the other
    for row in np.flatnonzero(earlier != np.arange(len(table))).tolist():
        _, block, line = table[row].tolist()
        _, block_before, before = table[earlier[row]].tolist()
        source, other = ledger.lines[block]["source"], ledger.lines[block_before]["source"]
        where = f"line {before}" if other == source else f"line {before} of {names[other]}"
        reason = f"has the id of {where}; both are answered"
        told = fault(names[source], line, reason, field="id", record_id=ids(block).get(line))
        yield orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def _ids(ledger: Ledger, block: int) -> dict[int, str | int]:
    """The ids of a block's records, by line. The ledger keeps hashes, but a line for each record has its id.

    Other forms of output are not searched for them, nor is one that lacks a record that could not be judged.
    """
    output, told = ledger.plan["output"], ledger.lines[block]
    if (output["format"], output["packing"], output["rows"]) != (Format.JSONL, Packing.NONE, Rows.RECORD):
        return {}
    lines = _ids_of(ledger, block)[:, 1].tolist()
    if len(lines) != told["records"] - told["bad"]:
        return {}
    name = "id" if output["endpoint"] is None else "custom_id"
    answers = b"".join(ledger.content(block, "output")).splitlines()
    return {line: orjson.loads(answer)[name] for line, answer in zip(lines, answers, strict=True)}


def _ids_of(ledger: Ledger, block: int, *, check: bool = True) -> NDArray[np.uint64]:
    """The pairs of a block: a hash of each id, and its line. check : as in `Ledger.content`."""
    return np.frombuffer(b"".join(ledger.content(block, "ids", check=check)), "<u8").reshape(-1, 2)
