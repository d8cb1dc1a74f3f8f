"""How far a batch is: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.parts import console_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from service.batch import Summary

    Report = Callable[[Summary], None]

LINE_SECONDS = 5.0


@contextmanager
def progress_on(stream: TextIO, size: int | None) -> Iterator[Report]:
    """What `run_batch` reports its progress to; `size` is the bytes there are, or None where nobody knows."""
    if not stream.isatty():
        yield _Lines(stream, size)
        return
    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console_on(stream), transient=True) as progress:
        task = progress.add_task("starting", total=size)
        started = time.monotonic()

        def report(done: Summary) -> None:
            progress.update(task, completed=done.size, description=_counts(done, time.monotonic() - started))

        yield report


class _Lines:
    """One line every few seconds: logs stay readable."""

    def __init__(self, stream: TextIO, size: int | None) -> None:
        self._stream = stream
        self._size = size
        self._started = self._last = time.monotonic()

    def __call__(self, done: Summary) -> None:
        now = time.monotonic()
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        share = f", {min(done.size / self._size, 1):.0%} of the file" if self._size else ""
        click.echo(f"{_counts(done, now - self._started)}{share}", file=self._stream)


def _counts(done: Summary, seconds: float) -> str:
    rate = done.records / seconds if seconds else 0.0
    bad = f", {done.bad} bad" if done.bad else ""
    return f"{done.records} records, {rate:.0f} a second{bad}"
