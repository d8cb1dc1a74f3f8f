"""A finished batch, checked against its ledger and its input."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import orjson

from service.batch.disk import pieces
from service.batch.errors import BatchError
from service.batch.job import Fields
from service.batch.ledger import earlier_plan
from service.batch.places import found, place
from service.batch.reading import read_blocks
from service.batch.summary import Summary

if TYPE_CHECKING:
    from service.batch.job import Batch

Line = dict[str, Any]


def verify_batch(batch: Batch) -> None:
    """Check that the output and the errors are those that were written, and that the input is the one they are of.

    Raises BatchError where something is missing or differs, naming it.
    """
    plan, *lines, last = _ledger(batch.ledger_target)
    end = last["finished"]
    _check_output(batch.target, end["output"], plan, lines)
    if end["errors"]["bytes"]:
        _check_file(batch.errors_target, end["errors"])
    _check_input(batch, plan, lines)


def finished_before(batch: Batch, plan: Line) -> Summary | None:
    """What an earlier run of the same plan finished, checked; None where none did, or it is to be replaced.

    A batch that is killed when all is in its place cannot tell that it was: the same command again does.

    Raises BatchError where output or input are not those that the earlier run left.
    """
    if batch.force or batch.restart or earlier_plan(batch.work_folder) is not None:
        return None
    if not (place(batch.target).exists() and place(batch.ledger_target).exists()):
        return None
    try:
        before, *_, last = _ledger(batch.ledger_target)
    except BatchError:  # another's file, which `check_targets` refuses to replace
        return None
    if before != orjson.loads(orjson.dumps(plan)):
        return None
    try:
        verify_batch(batch)
    except BatchError as error:
        raise BatchError(f"this batch was finished before, but {error}; --force does it anew") from error
    end = last["finished"]
    counts = {name: end[name] for name in ("answered", "bad", "doubled", "sections", "labels")}
    return Summary(**counts, kept=end["answered"] + end["bad"])


def _ledger(name: str) -> list[Line]:
    if not place(name).exists():
        raise BatchError(f"there is no {name!r}: the batch is not finished, or its ledger was removed")
    with place(name).opened() as stream:
        content = b"".join(pieces(stream))
    try:
        lines: list[Line] = [orjson.loads(line) for line in content.splitlines()]
        lines[-1]["finished"]["output"]["bytes"]
    except (orjson.JSONDecodeError, LookupError, TypeError) as error:
        raise BatchError(f"{name!r} is no ledger of a finished batch") from error
    return lines


def _check_output(name: str, told: Line, plan: Line, lines: list[Line]) -> None:
    """Compare the answers of each block; or all at once, for a table and for what an earlier release wrote."""
    if "sha256" in told:
        _check_file(name, told)
        return
    if not place(name).exists():
        raise BatchError(f"{name!r} is missing")
    size, other = 0, None
    with place(name).opened() as stream:
        for line in lines:
            digest = hashlib.sha256()
            for piece in pieces(stream, line["output"]["bytes"]):
                digest.update(piece)
                size += len(piece)
            if other is None and digest.hexdigest() != line["output"]["sha256"]:
                other = line
        size += sum(map(len, pieces(stream)))
    _check_size(name, size, told)
    if other is not None:
        asked = f"line {other['first']} of {plan['input'][other['source']]['file']!r}"
        raise BatchError(f"{name!r} is not what was written: it differs in the answers from {asked} on")


def _check_file(name: str, told: Line) -> None:
    if not place(name).exists():
        raise BatchError(f"{name!r} is missing")
    digest, size = hashlib.sha256(), 0
    with place(name).opened() as stream:
        for piece in pieces(stream):
            digest.update(piece)
            size += len(piece)
    _check_size(name, size, told)
    if digest.hexdigest() != told["sha256"]:
        raise BatchError(f"{name!r} is not what was written: its SHA-256 differs")


def _check_size(name: str, size: int, told: Line) -> None:
    if size != told["bytes"]:
        raise BatchError(f"{name!r} has {size} bytes; {told['bytes']} were written")


def _check_input(batch: Batch, plan: Line, lines: list[Line]) -> None:
    told = {line["block"]: line["input"] for line in lines}
    last = -1
    places = found(batch.sources, batch.targets)
    for block in read_blocks(places, batch.format, Fields(**plan["fields"])):
        last = block.index
        if told.get(last) != block.digest():
            raise BatchError(f"the input is another one than was answered, from line {block.first} of {block.file!r}")
    if last + 1 != len(told):
        raise BatchError("the input ends earlier than the one that was answered")
