"""The ledger: what of a batch is done, block by block, so that a killed batch goes on where it was.

<target>.unfinished/
    ledger.jsonl    first what the batch is to do, then a line for each block that is done
    000000.block    the block's answers, bad records and hashes of ids, one after the other
    output          the answers of all blocks; those that a worker could write there at once are in no block's file
    sizes           how many bytes of answers blocks have, for workers to know where theirs begin
    lock            held by the batch that runs

A block's file is written aside and synced, by the worker where it is on this machine; then it is renamed, and its line
is written and synced. A line that a kill cut off is dropped, and its block is done again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import orjson

from models.versions.files import sync_folder
from service.batch.blocks import PARTS
from service.batch.disk import copy_slice, slice_of, written_aside
from service.batch.errors import BatchError, BusyError, ChangedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from service.batch.blocks import Block, Outcome

LEDGER, LOCK, OUTPUT = "ledger.jsonl", "lock", "output"
AGAIN = "begin anew with --restart"

Line = dict[str, Any]


class Ledger:
    """What is done of one batch. `plan` is what it is to do; `lines` has a line for each block, by number."""

    def __init__(self, folder: Path, stream: IO[bytes], plan: dict[str, Any], lines: dict[int, Line]) -> None:
        self.folder = folder
        self.plan = plan
        self.lines = lines
        self._stream = stream

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, plan: dict[str, Any], *, restart: bool) -> Iterator[Self]:
        """The ledger of this folder, with what an earlier run of the same plan did.

        Raises ChangedError where the earlier run had another plan, unless `restart` says to forget it; BusyError where
        another process holds the ledger.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BusyError(f"another process works on this batch: it holds {str(folder / LOCK)!r}") from None
            lines = None if restart else _earlier(folder, plan)
            if lines is None:
                _clear(folder)
            with (folder / LEDGER).open("r+b" if lines is not None else "wb") as stream:
                if lines is None:
                    _append(stream, plan)
                    sync_folder(folder)
                else:
                    _drop_halves(folder)
                    stream.truncate(_whole(folder / LEDGER))
                    stream.seek(0, os.SEEK_END)
                yield cls(folder, stream, plan, lines or {})

    def has(self, block: Block) -> bool:
        """Whether the block is done. Raises ChangedError where the block that is done held something else."""
        line = self.lines.get(block.index)
        if line is None:
            return False
        if line["input"] != block.digest():
            where = f"{block.file!r} from line {block.first}"
            raise ChangedError(f"{where} is not what it was when the unfinished batch read it; {AGAIN}")
        return True

    def add(self, block: Block, outcome: Outcome) -> Line:
        """Keep what became of a block."""
        line: Line = {
            "block": block.index, "source": block.source, "first": block.first, "size": block.size,
            "input": outcome.digests["input"], "records": outcome.records, "bad": outcome.bad,
            "sections": outcome.sections, "labels": outcome.labels,
        }  # fmt: skip
        if outcome.at is not None:
            line["at"] = outcome.at
        for part in PARTS:
            line[part] = {"bytes": outcome.sizes[part], "sha256": outcome.digests[part]}
        file = self.file(block.index)
        if outcome.kept is None:
            with written_aside(file, named=False) as stream:
                stream.writelines(outcome.parts)
        else:
            file.with_name(outcome.kept).replace(file)
        sync_folder(self.folder)
        _append(self._stream, line)
        self.lines[block.index] = line
        return line

    def file(self, block: int) -> Path:
        """The file of a block."""
        return file_of(self.folder, block)

    def content(self, block: int, part: str, *, check: bool = True) -> Iterator[bytes]:
        """The content of a block's part, piece by piece.

        check : whether to compare all of it with what was written, or its length alone.

        Raises BatchError where it is something else.
        """
        line = self.lines[block]
        file, place = place_of(self.folder, line, part)
        digest, missing = hashlib.sha256(), len(place)
        for piece in slice_of(file, place):
            if check:
                digest.update(piece)
            missing -= len(piece)
            yield piece
        if missing or (check and digest.hexdigest() != line[part]["sha256"]):
            raise _other(file)

    def copy(self, block: int, part: str, file: int, at: int) -> None:
        """Copy a block's part to a place in a file, given by its descriptor. Raises BatchError for another length."""
        source, place = place_of(self.folder, self.lines[block], part)
        if copy_slice(source, place, file, at) < len(place):
            raise _other(source)

    def remove(self) -> None:
        """Remove all of it, the ledger first: without one, what a kill leaves of the rest is nobody's."""
        (self.folder / LEDGER).unlink()
        sync_folder(self.folder)
        shutil.rmtree(self.folder)


def earlier_plan(folder: Path) -> dict[str, Any] | None:
    """What an unfinished batch in this folder is to do; None where there is none, or one that had not begun."""
    try:
        with (folder / LEDGER).open("rb") as stream:
            first = stream.readline()
    except FileNotFoundError:
        return None
    plan: dict[str, Any] | None = orjson.loads(first) if first.endswith(b"\n") else None
    return plan


def _earlier(folder: Path, plan: dict[str, Any]) -> dict[int, Line] | None:
    """The blocks that an earlier run did, or None where there was none, or none that did any."""
    before = earlier_plan(folder)
    if before is None:
        return None
    content = (folder / LEDGER).read_bytes()
    lines = [orjson.loads(line) for line in content[: content.rfind(b"\n")].split(b"\n")[1:]]
    if not lines:  # nothing was done by the other plan that could be lost
        return None
    plan = orjson.loads(orjson.dumps(plan))
    for name in sorted({*before, *plan}):
        if before.get(name) != plan.get(name):
            raise ChangedError(
                f"the unfinished batch in {str(folder)!r} had other {name}: {before.get(name)!r:.300}, "
                f"now {plan.get(name)!r:.300}; {AGAIN}, or give the same ones"
            )
    return {line["block"]: line for line in lines if _is_there(folder, line)}


def file_of(folder: Path, block: int) -> Path:
    """The file of a block in a ledger's folder."""
    return folder / f"{block:06}.block"


def place_of(folder: Path, line: Mapping[str, Any], part: str) -> tuple[Path, range]:
    """In which file a part of a block stands, and where."""
    if part == PARTS[0] and "at" in line:
        return folder / OUTPUT, range(line["at"], line["at"] + line[part]["bytes"])
    kept = PARTS[1:] if "at" in line else PARTS
    before = sum(line[name]["bytes"] for name in kept[: kept.index(part)])
    return file_of(folder, line["block"]), range(before, before + line[part]["bytes"])


def _other(file: Path) -> BatchError:
    return BatchError(f"{str(file)!r} is not what was written; run the same command again to do it anew")


def _is_there(folder: Path, line: Mapping[str, Any]) -> bool:
    """Whether all of a block is as it was written; one that lost something is done again."""
    for part in PARTS:
        file, place = place_of(folder, line, part)
        if not file.is_file():
            return False
        digest = hashlib.sha256()
        for piece in slice_of(file, place):
            digest.update(piece)
        if digest.hexdigest() != line[part]["sha256"]:
            return False
    return True


def _whole(file: Path) -> int:
    """Bytes of a ledger up to the end of its last whole line."""
    return file.read_bytes().rfind(b"\n") + 1


def _append(stream: IO[bytes], line: Mapping[str, Any]) -> None:
    stream.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    stream.flush()
    os.fsync(stream.fileno())


def _drop_halves(folder: Path) -> None:
    """Remove files that were being written when a kill came."""
    for file in folder.glob(".*.part"):
        file.unlink()


def _clear(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != LOCK:
            file.unlink()
