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
"""Ids that are compared at once, 100 MB or so; more are taken in turns, by what their hashes leave when divided."""


def doubled_ids(ledger: Ledger, names: Sequence[str]) -> Iterator[bytes]:
    """A line of the file of errors for each record whose id an earlier record has.

    names : the files' names, by their numbers.
    """
    records = sum(line["ids"]["bytes"] for line in ledger.lines.values()) // 16
    turns = records // AT_ONCE + 1
    for turn in range(turns):
        yield from _told(_table(ledger, turn, turns), ledger, names)


def _table(ledger: Ledger, turn: int, turns: int) -> NDArray[np.uint64]:
    """Hash, block and line of each record of this turn."""
    parts = [np.empty((0, 3), np.uint64)]
    for number, line in sorted(ledger.lines.items()):
        if not line["ids"]["bytes"]:
            continue
        pairs = _ids_of(ledger, number)
        pairs = pairs[pairs[:, 0] % np.uint64(turns) == turn] if turns > 1 else pairs
        blocks = np.full(len(pairs), number, np.uint64)
        parts.append(np.column_stack([pairs[:, 0], blocks, pairs[:, 1]]))
    return np.concatenate(parts)


def _told(table: NDArray[np.uint64], ledger: Ledger, names: Sequence[str]) -> Iterator[bytes]:
    """What to say of the doubled records of a turn, in their order."""
    table = table[_several(table[:, 0])]
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


def _ids_of(ledger: Ledger, block: int) -> NDArray[np.uint64]:
    """The pairs of a block: a hash of each id, and its line."""
    return np.frombuffer(b"".join(ledger.content(block, "ids")), "<u8").reshape(-1, 2)


def _several(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Where the hashes are that come more than once: mostly nowhere, which a plain sort finds out soonest."""
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.flatnonzero(np.isin(hashes, twice)) if twice.size else np.empty(0, np.intp)
