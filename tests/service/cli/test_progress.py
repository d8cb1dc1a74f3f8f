"""How far a batch is: lines in a log, a bar in a terminal."""

from __future__ import annotations

import io
import time

import pytest

from service.batch.summary import Summary
from service.cli import progress
from service.cli.progress import clock, progress_on


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


REPORTS = [
    Summary(answered=100, size=100, total=1000, kept=100),
    Summary(answered=200, size=200, total=1000, kept=100),
    Summary(answered=299, bad=1, size=300, total=1000, kept=100),
]
"""What an earlier run had done, the first block, and another one."""


class Clock:
    """A clock that is set by hand."""

    seconds = 0.0

    def monotonic(self) -> float:
        """The time."""
        return self.seconds


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the progress is told by."""
    made = Clock()
    monkeypatch.setattr(progress, "time", made)
    return made


def test_a_log_gets_lines_with_rate_and_time_left(hand: Clock) -> None:
    """The rate is that of this run since its first block; nothing in a line moves a cursor."""
    log = io.StringIO()

    with progress_on(log) as report:
        for done in REPORTS:
            hand.seconds += 5
            report(done)

    assert [
        "starting, 100 records done before, 10% of the input",
        "200 records, 20% of the input",
        "300 records, 20 a second, 1 bad, 30% of the input, 35 s left",
    ] == log.getvalue().splitlines()


def test_a_log_gets_few_lines(hand: Clock) -> None:
    """One in five seconds, however often something is told."""
    log = io.StringIO()

    with progress_on(log) as report:
        for _ in range(100):
            hand.seconds += 0.25
            report(REPORTS[2])

    assert 5 == len(log.getvalue().splitlines())


def test_a_terminal_gets_a_bar() -> None:
    """With records, rate, bad ones and the time left; it is gone when the batch is over."""
    terminal = Terminal()

    with progress_on(terminal) as report:
        for done in REPORTS:
            report(done)
            time.sleep(0.2)

    drawn = terminal.getvalue()
    assert "300 records, " in drawn
    assert " a second, 1 bad" in drawn
    assert "━" in drawn
    assert drawn.endswith("\x1b[2K")


@pytest.mark.parametrize(("seconds", "told"), [(59.4, "59 s"), (90, "2 min"), (9000, "2.5 h")])
def test_a_span_is_told_as_people_do(seconds: float, told: str) -> None:
    """In the unit that fits."""
    assert told == clock(seconds)
