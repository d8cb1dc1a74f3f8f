"""The table of jobs: what holds between those who ask for work and those who do it, on both databases."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from service.jobs import Jobs, LeaseLostError, State
from service.jobs.claims import Claims, Progress, advanced, held, pin
from tests.service.jobs.claiming import LEASE_S, take


def test_jobs_are_claimed_in_the_order_they_were_added(jobs: Jobs, first: Claims) -> None:
    """Oldest first, and no job of a kind that was not asked for."""
    added = [jobs.add("echo", {"number": number}) for number in range(3)]
    jobs.add("other", {})

    claimed = [first.claim(["echo"]) for _ in range(4)]

    assert [*(job.id for job in added), None] == [job and job.id for job in claimed]


def test_a_key_with_a_long_name_may_ask_for_work(jobs: Jobs) -> None:
    """Its prefix, which tells it from others, is kept."""
    name = "编" * 200

    who = jobs.add("echo", {}, who=f"{name} (0123abcd)").who

    assert (200, "编…编", " (0123abcd)") == (len(who), who[168:171], who[-11:])


def test_a_job_at_work_is_nobody_elses(jobs: Jobs, first: Claims, second: Claims) -> None:
    """Until its lease ends, no other worker gets it."""
    jobs.add("echo", {})
    first.claim(["echo"])

    assert second.claim(["echo"]) is None


def test_a_result_is_kept(jobs: Jobs, first: Claims) -> None:
    """With the moment, and what was printed."""
    added = jobs.add("echo", {}, who="a key")
    claimed = take(first)

    first.finish(claimed, {"answer": 42}, printed="one\n")

    job = jobs.get(added.id)
    assert (State.DONE, {"answer": 42}, "a key", "first") == (job.state, job.result, job.who, job.worker)
    assert job.created_at <= (job.started_at or job.created_at) <= (job.finished_at or job.created_at)
    assert "one\n" == jobs.log(added.id)


def test_a_second_job_with_the_key_joins_the_first(jobs: Jobs, first: Claims) -> None:
    """As long as the first is queued or running; after that it is a new job."""
    waits = jobs.add("echo", {}, once="key")
    joined_waiting = jobs.add("echo", {}, once="key")
    claimed = take(first)
    joined_running = jobs.add("echo", {}, once="key")
    first.finish(claimed, {})

    after = jobs.add("echo", {}, once="key")

    assert [waits.id] * 2 == [joined_waiting.id, joined_running.id]
    assert [False, True, True, False] == [job.joined for job in (waits, joined_waiting, joined_running, after)]
    assert after.id != waits.id


def test_of_many_who_ask_at_once_all_join_one(jobs: Jobs) -> None:
    """The key is unique in the database, not only in a look at it."""
    together = threading.Barrier(8)

    def add(_: int) -> str:
        together.wait()
        return jobs.add("echo", {}, once="key").id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(add, range(8)))

    assert 1 == len(ids)


def test_a_renewed_lease_does_not_end(jobs: Jobs, store: Engine, second: Claims) -> None:
    """However long the work takes; and it tells how far it is."""
    busy = Claims(store, "busy", 4 * LEASE_S, retry_s=0)  # a busy machine may let a worker wait for some tenths
    added = jobs.add("echo", {})
    claimed = take(busy)

    for done in range(4):
        time.sleep(2 * LEASE_S)
        busy.renew(claimed, Progress("counting", done, 4))
        assert second.claim(["echo"]) is None

    job = jobs.get(added.id)
    assert ("counting", 3, 4) == (job.stage, job.done, job.total)


def test_a_job_whose_lease_ended_is_claimed_again(jobs: Jobs, first: Claims, second: Claims) -> None:
    """With a larger token, and the reason on record."""
    jobs.add("echo", {})
    lost = take(first)
    first.renew(lost, Progress("counting", 1, 4))
    time.sleep(LEASE_S + 0.05)

    found = take(second)

    assert (lost.id, lost.token + 1, 2) == (found.id, found.token, found.attempts)
    assert "try 1 of 3 ended without an answer: worker first died or lost the database at 'counting'" in str(
        found.error
    )


@pytest.mark.parametrize("change", ["renew", "finish", "fail", "retry", "cancelled", "give_back"])
def test_an_old_token_is_refused(jobs: Jobs, first: Claims, second: Claims, change: str) -> None:
    """Nothing that a worker says counts once another one has the job."""
    added = jobs.add("echo", {})
    stale = take(first)
    time.sleep(LEASE_S + 0.05)
    fresh = take(second)
    assert fresh is not None
    words: list[Any] = {"finish": [{"by": "first"}], "fail": ["no"], "retry": ["no"]}.get(change, [])  # type: ignore[assignment]

    with pytest.raises(LeaseLostError, match=f"no longer held with token {stale.token}"):
        getattr(first, change)(stale, *words)

    second.finish(fresh, {"by": "second"})
    assert {"by": "second"} == jobs.get(added.id).result


def test_what_is_lost_is_not_held(jobs: Jobs, first: Claims, second: Claims, store: Engine) -> None:
    """A stale worker does not come to the moment in which its result would become visible elsewhere."""
    jobs.add("echo", {})
    stale = take(first)
    time.sleep(LEASE_S + 0.05)
    take(second)

    with pytest.raises(LeaseLostError, match="another worker has it"), held(store, stale):
        pytest.fail("the job is another worker's")


def test_what_is_held_is_nobody_elses(jobs: Jobs, first: Claims, second: Claims, store: Engine) -> None:
    """However late it is: who wants to claim the job meanwhile passes it over, or waits."""
    jobs.add("echo", {})
    mine = take(first)

    with ThreadPoolExecutor(1) as pool, held(store, mine):
        time.sleep(LEASE_S + 0.05)
        other = pool.submit(second.claim, ["echo"])
        time.sleep(0.2)
        claimed_meanwhile = other.result() if other.done() else None

    assert claimed_meanwhile is None


def test_a_late_answer_counts_where_nobody_took_over(jobs: Jobs, first: Claims) -> None:
    """The token decides, not the clock: finished work is not thrown away."""
    added = jobs.add("echo", {})
    claimed = take(first)
    time.sleep(LEASE_S + 0.05)

    first.finish(claimed, {})

    assert State.DONE is jobs.get(added.id).state


def test_after_three_lost_workers_a_job_is_parked(jobs: Jobs, first: Claims) -> None:
    """With its reason, and the next one is claimed instead."""
    poison = jobs.add("echo", {})
    for _ in range(3):
        first.claim(["echo"])
        time.sleep(LEASE_S + 0.05)
    good = jobs.add("echo", {})

    claimed = take(first)

    job = jobs.get(poison.id)
    assert good.id == claimed.id
    assert (State.PARKED, 3) == (job.state, job.attempts)
    assert "3 tries ended without an answer, the last: worker first died" in str(job.error)


def test_tries_that_brought_a_job_forward_do_not_count(jobs: Jobs, store: Engine, first: Claims) -> None:
    """However many they are; three after the last of them park the job."""
    added = jobs.add("echo", {})
    for _ in range(5):
        claimed = take(first)
        with held(store, claimed) as connection:
            advanced(connection, claimed)
        assert State.QUEUED is first.retry(claimed, "the disk is full")
    assert "a try that brought it forward ended without an answer: the disk is full" == jobs.get(added.id).error

    ends = [first.retry(take(first), "the disk is full") for _ in range(3)]

    assert [State.QUEUED, State.QUEUED, State.PARKED] == ends
    assert "3 tries ended without an answer, the last: the disk is full" == jobs.get(added.id).error


def test_lost_tries_that_brought_a_job_forward_do_not_count(jobs: Jobs, store: Engine, first: Claims) -> None:
    """The table tells, where the worker died with its try."""
    added = jobs.add("echo", {})
    for _ in range(3):
        claimed = take(first)
        with held(store, claimed) as connection:
            advanced(connection, claimed)
        time.sleep(LEASE_S + 0.05)
    for _ in range(3):
        take(first)
        time.sleep(LEASE_S + 0.05)

    assert first.claim(["echo"]) is None
    assert (State.PARKED, 6) == (jobs.get(added.id).state, jobs.get(added.id).attempts)


def test_a_try_that_is_given_back_makes_no_room_for_more(jobs: Jobs, store: Engine, first: Claims) -> None:
    """One that brought its job forward is neither lost nor won."""
    jobs.add("echo", {})
    claimed = take(first)
    with held(store, claimed) as connection:
        advanced(connection, claimed)
    first.give_back(claimed)

    assert [State.QUEUED, State.QUEUED, State.PARKED] == [first.retry(take(first), "no") for _ in range(3)]


def test_versions_are_pinned_until_the_job_is_over(jobs: Jobs, store: Engine, first: Claims) -> None:
    """Through a lost try, too."""
    jobs.add("echo", {})
    claimed = take(first)
    with held(store, claimed) as connection:
        pin(connection, claimed, ["a", "b"])
    assert {"a", "b"} == jobs.pinned()
    first.retry(claimed, "no")
    again = take(first)
    assert {"a", "b"} == jobs.pinned()

    first.finish(again, {})

    assert set() == jobs.pinned()


def test_a_job_that_is_given_back_has_lost_no_try(jobs: Jobs, first: Claims, second: Claims) -> None:
    """Workers that are told to end, as in every deployment, do not park a job."""
    jobs.add("echo", {})
    for _ in range(5):
        claimed = take(first)
        assert claimed is not None
        first.give_back(claimed)

    found = take(second)

    assert 1 == found.attempts


def test_a_failed_try_waits_before_the_next(jobs: Jobs, store: Engine) -> None:
    """What ended it may pass."""
    patient = Claims(store, "patient", LEASE_S, retry_s=1)
    jobs.add("echo", {})
    claimed = take(patient)

    patient.retry(claimed, "the disk is full")

    assert patient.claim(["echo"]) is None
    time.sleep(1.1)
    assert 2 == take(patient).attempts
