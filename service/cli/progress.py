"""How far a batch is: a bar in a terminal, a line now and then elsewhere."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from service.cli.parts import console_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from service.batch.summary import Summary

    Report = Callable[[Summary], None]

LINE_SECONDS = 5.0
MINUTE, HOUR = 60, 3600


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Report]:
    """What `run_batch` reports its progress to."""
    if not stream.isatty():
        yield _Lines(stream)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - for terminals alone

    columns = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console_on(stream), transient=True) as progress:
        task = progress.add_task("starting", total=None)
        pace = _Pace()

        def report(done: Summary) -> None:
            pace.see(done)
            progress.update(task, completed=done.size, total=done.total, description=pace.counts(done))

        yield report


class _Pace:
    """The rate since the first block came: neither the workers' start nor what an earlier run did is part of it."""

    def __init__(self) -> None:
        self._began = 0.0
        self._first: Summary | None = None

    def see(self, done: Summary) -> None:
        """Note the first block."""
        if self._first is None and done.records > done.kept:
            self._began, self._first = time.monotonic(), done

    def counts(self, done: Summary) -> str:
        """Records, rate and bad records."""
        if self._first is None:
            return f"starting, {done.kept} records done before" if done.kept else "starting"
        new = done.records - self._first.records
        rate = f", {new / (time.monotonic() - self._began):.0f} a second" if new else ""
        return f"{done.records} records{rate}{f', {done.bad} bad' if done.bad else ''}"

    def left(self, done: Summary) -> str:
        """Share of the input and time left, where its size is known."""
        if not done.total:
            return ""
        share = min(done.size / done.total, 1)
        read = 0 if self._first is None else done.size - self._first.size
        passed = time.monotonic() - self._began
        left = f", {clock(passed / read * (done.total - done.size))} left" if read > 0 and share < 1 else ""
        return f", {share:.0%} of the input{left}"


class _Lines:
    """One line every few seconds: logs stay readable."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._pace = _Pace()
        self._last = time.monotonic()

    def __call__(self, done: Summary) -> None:
        self._pace.see(done)
        now = time.monotonic()
        if now - self._last < LINE_SECONDS:
            return
        self._last = now
        click.echo(f"{self._pace.counts(done)}{self._pace.left(done)}", file=self._stream)


def rate_of(done: Summary, seconds: float) -> float:
    """Records a second, without those that an earlier run had done."""
    return (done.records - done.kept) / seconds if seconds else 0.0


def clock(seconds: float) -> str:
    """A span of time as a person says it."""
    if seconds < MINUTE:
        return f"{seconds:.0f} s"
    if seconds < HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:.1f} h"
