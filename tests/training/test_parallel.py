"""Fits spread over the cores."""

from __future__ import annotations

import os

from training.parallel import WORTH_PROCESSES, spread


def where(number: int) -> tuple[int, int]:
    """The number that was given, and the process that it was given to."""
    return number, os.getpid()


def test_answers_come_in_the_order_of_the_calls() -> None:
    """However many processes there are, the first answer is the first call's."""
    answers = spread(where, [(number,) for number in range(7)], sections=WORTH_PROCESSES)

    assert list(range(7)) == [number for number, _ in answers]


def test_few_sections_stay_in_this_process() -> None:
    """For few sections no other process is started."""
    answers = spread(where, [(1,), (2,)], sections=WORTH_PROCESSES - 1)

    assert {os.getpid()} == {process for _, process in answers}
