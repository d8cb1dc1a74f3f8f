"""Ids that stand for more than one record, found at the end in bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import orjson

from service.batch.blocks import fault

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
        yield from _told(_table(ledger, turn, turns), names)


def _table(ledger: Ledger, turn: int, turns: int) -> NDArray[np.uint64]:
    """Hash, source and line of each record of this turn."""
    parts = [np.empty((0, 3), np.uint64)]
    for number, line in sorted(ledger.lines.items()):
        if not line["ids"]["bytes"]:
            continue
        pairs = np.fromfile(ledger.file(number, "ids"), "<u8").reshape(-1, 2)
        pairs = pairs[pairs[:, 0] % np.uint64(turns) == turn] if turns > 1 else pairs
        sources = np.full(len(pairs), line["source"], np.uint64)
        parts.append(np.column_stack([pairs[:, 0], sources, pairs[:, 1]]))
    return np.concatenate(parts)


def _told(table: NDArray[np.uint64], names: Sequence[str]) -> Iterator[bytes]:
    """What to say of the doubled records of a turn, in their order."""
    table = table[_several(table[:, 0])]
    _, first, place = np.unique(table[:, 0], return_index=True, return_inverse=True)
    earlier = first[place.reshape(-1)]
    for row in np.flatnonzero(earlier != np.arange(len(table))).tolist():
        _, source, line = table[row].tolist()
        _, other, before = table[earlier[row]].tolist()
        where = f"line {before}" if other == source else f"line {before} of {names[other]}"
        reason = f"has the id of {where}; both are answered"
        yield orjson.dumps(fault(names[source], line, reason, field="id"), option=orjson.OPT_APPEND_NEWLINE)


def _several(hashes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Where the hashes are that come more than once: mostly nowhere, which a plain sort finds out soonest."""
    ordered = np.sort(hashes)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    return np.flatnonzero(np.isin(hashes, twice)) if twice.size else np.empty(0, np.intp)
