"""What records and requests have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.batch.outcomes import judged_and_failed

if TYPE_CHECKING:
    from collections.abc import Sequence


def inverses(numbers: Sequence[int]) -> list[float]:
    """One divided by each number."""
    return [1 / number for number in numbers]


def test_all_are_judged_at_once() -> None:
    """One call is enough where nothing fails."""
    calls: list[Sequence[int]] = []

    def judge(numbers: Sequence[int]) -> list[float]:
        calls.append(numbers)
        return inverses(numbers)

    assert ([1.0, 0.5], []) == judged_and_failed([1, 2], judge)
    assert [[1, 2]] == calls


def test_one_that_fails_takes_no_other_with_it() -> None:
    """It is given back with the reason, and the others are judged, in order."""
    reason = "cannot be judged: ZeroDivisionError('division by zero'); please report it"

    assert ([1.0, 0.5], [(0, reason)]) == judged_and_failed([1, 0, 2], inverses)
