"""The output, put together while blocks are still judged, so that little is left to do at the end.

Workers of this machine write a block's answers to their place in it where they know that (`offsets.py`); the others
are added from blocks' files. A run that goes on believes of it what the ledger tells, and does the rest anew.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from service.batch.disk import about, pieces, write_at, written_aside
from service.batch.errors import BatchError
from service.batch.job import Format
from service.batch.ledger import AGAIN, OUTPUT
from service.batch.offsets import Offsets

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from service.batch.blocks import Content, Outcome
    from service.batch.job import Shape
    from service.batch.ledger import Ledger

SYNCED = 32 << 20
"""Bytes after which what was added is brought to the disk: at the end, all would wait for it."""

KEPT = 4
"""Outputs of blocks that are kept in memory until their turn; others are read again."""


class Assembly:
    """The answers of all blocks, in one file: a thread adds those that are not there, as far as there is no gap."""

    def __init__(self, ledger: Ledger, shape: Shape) -> None:
        self.file = ledger.folder / OUTPUT
        self._ledger = ledger
        self._at_the_end = shape.format is Format.PARQUET
        self._next = 0
        self._kept: dict[int, Content] = {}
        self._fresh: set[int] = set()
        """Blocks whose files were written by this run: they are not compared with what was written."""
        self._adding: deque[Future[None]] = deque()
        self._size = self._unsynced = 0
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._at_the_end:
            return self
        self._output = _opened(self.file)
        self._open.callback(os.close, self._output)
        self._beside = ThreadPoolExecutor(1)
        self._open.callback(self._beside.shutdown, cancel_futures=True)
        sizes = {block: line["output"]["bytes"] for block, line in self._ledger.lines.items()}
        Offsets.begun(self._ledger.folder, sizes).close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def go_on(self, done: Outcome | None = None) -> None:
        """Add what has its turn. done : the block that was just done.

        Raises BatchError or OSError where something that was begun before failed.
        """
        if self._at_the_end:
            return
        if done is not None:
            self._fresh.add(done.index)
            if done.kept is None and len(self._kept) < KEPT:
                self._kept[done.index] = done.parts[0]
        while self._next in self._ledger.lines:
            self._take_in(self._next)
            self._next += 1
        while self._adding and self._adding[0].done():
            self._adding.popleft().result()

    def finished(self) -> dict[str, Any]:
        """Add what is left, and bring all of it to the disk; what the ledger says of the file. All blocks are done.

        Of answers that follow each other as the blocks do, the ledger has every block's SHA-256: none of the whole.
        """
        if self._at_the_end:
            return self._table()
        for each in self._adding:
            each.result()
        os.ftruncate(self._output, self._size)
        os.fsync(self._output)
        self._open.close()
        return {"bytes": self._size}

    def _take_in(self, block: int) -> None:
        line = self._ledger.lines[block]
        at = line.get("at")
        if at is None:
            self._adding.append(self._beside.submit(self._add, block, self._size))
        elif at != self._size:
            where = f"the answers of block {block} stand at {at} in {str(self.file)!r}"
            raise BatchError(f"{where}, but those before them end at {self._size}; {AGAIN}")
        self._size += line["output"]["bytes"]

    def _add(self, block: int, at: int) -> None:
        if block in self._kept:
            write_at(self._output, self._kept.pop(block), at)
        elif block in self._fresh:
            self._ledger.copy(block, "output", self._output, at)
        else:
            for piece in self._ledger.content(block, "output"):
                write_at(self._output, piece, at)
                at += len(piece)
        self._unsynced += self._ledger.lines[block]["output"]["bytes"]
        if self._unsynced >= SYNCED:
            os.fsync(self._output)
            self._unsynced = 0

    def _table(self) -> dict[str, Any]:
        from service.batch.arrow import write_table  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

        outputs = (b"".join(self._ledger.content(number, "output")) for number in sorted(self._ledger.lines))
        with written_aside(self.file) as stream:
            write_table(stream, outputs)
        return about(self.file)


def _opened(file: Path) -> int:
    """The output, to be written to; a kill may have come when it had the name that its user gave it, too."""
    if file.exists() and file.stat().st_nlink > 1:
        with written_aside(file) as own, file.open("rb") as stream:
            own.writelines(pieces(stream))
    return os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
