"""What records and requests have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.batch.outcomes import hashes_of, judged_and_failed

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


def test_every_id_has_a_hash_of_its_own() -> None:
    """A number and a string of the same digits are two ids; what stands beside an id does not matter."""
    ids: list[str | int] = [1, "1", -1, "-1", 0, "", 2**64 - 1, -(2**63), 1 << 32, *range(5000, 6000)]

    hashes = hashes_of(ids).tolist()

    assert len(ids) == len(set(hashes))
    assert hashes == [hash_ for each in ids for hash_ in hashes_of([each]).tolist()]
    assert [] == hashes_of([]).tolist()
