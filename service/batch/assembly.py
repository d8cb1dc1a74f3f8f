"""The output, put together while blocks are still judged, so that little is left to do at the end.

It grows beside the blocks' files, in their order, and goes to the disk bit by bit. What a kill leaves of it is
removed: it is made again from the blocks' files.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from service.batch.disk import about, written_aside
from service.batch.job import Format

if TYPE_CHECKING:
    from types import TracebackType

    from service.batch.blocks import Content, Outcome
    from service.batch.job import Shape
    from service.batch.ledger import Ledger

SYNCED = 32 << 20
"""Bytes after which what was written is brought to the disk: at the end, all would wait for it."""

KEPT = 4
"""Outputs of blocks that are kept in memory until their turn; others are read again."""


class Assembly:
    """The answers of all blocks, in one file: a thread writes them as far as there is no gap."""

    def __init__(self, ledger: Ledger, shape: Shape) -> None:
        self.file = ledger.folder / "output"
        self._ledger = ledger
        self._at_the_end = shape.format is Format.PARQUET
        self._next = 0
        self._kept: dict[int, Content] = {}
        self._fresh: set[int] = set()
        """Blocks whose files were written by this run: they are not compared with what was written."""
        self._writing: deque[Future[None]] = deque()
        self._size = self._synced = 0
        self._aside = ExitStack()

    def __enter__(self) -> Self:
        self._stream = self._aside.enter_context(written_aside(self.file))
        self._beside = ThreadPoolExecutor(1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.shutdown(cancel_futures=True)
        self._aside.__exit__(kind, failure, trace)

    def go_on(self, done: Outcome | None = None) -> None:
        """Write what has its turn. done : the block that was just done.

        Raises BatchError or OSError where something that was begun before failed.
        """
        if self._at_the_end:
            return
        if done is not None:
            self._fresh.add(done.index)
            if done.kept is None and len(self._kept) < KEPT:
                self._kept[done.index] = done.parts[0]
        while self._next in self._ledger.lines:
            self._writing.append(self._beside.submit(self._write, self._next))
            self._next += 1
        while self._writing and self._writing[0].done():
            self._writing.popleft().result()

    def finished(self) -> dict[str, Any]:
        """Write what is left, and bring all of it to the disk; what the ledger says of the file. All blocks are done.

        Of answers that follow each other as the blocks do, the ledger has every block's SHA-256: none of the whole.
        """
        if self._at_the_end:
            return self._table()
        for each in self._writing:
            each.result()
        self._aside.close()
        return {"bytes": self._size}

    def _write(self, block: int) -> None:
        if block in self._kept:
            self._stream.write(self._kept.pop(block))
        elif block in self._fresh:
            self._ledger.copy(block, "output", self._stream)
        else:
            self._stream.writelines(self._ledger.content(block, "output"))
        self._size += self._ledger.lines[block]["output"]["bytes"]
        if self._size - self._synced >= SYNCED:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._synced = self._size

    def _table(self) -> dict[str, Any]:
        from service.batch.arrow import write_table  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

        outputs = (b"".join(self._ledger.content(number, "output")) for number in sorted(self._ledger.lines))
        write_table(self._stream, outputs)
        self._aside.close()
        return about(self.file)
