"""The table of jobs: what is cancelled, unknown, or oddly timed and written."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import Engine, update

from service.jobs import JobOverError, Jobs, State, UnknownJobError
from service.jobs.claims import Claims
from service.store import now, writing
from service.store.tables import JOBS
from tests.service.jobs.claiming import LEASE_S, take


def test_a_waiting_job_is_cancelled_at_once(jobs: Jobs, first: Claims) -> None:
    """Nobody gets it any more."""
    added = jobs.add("echo", {})

    job = jobs.cancel(added.id)

    assert State.CANCELLED is job.state
    assert first.claim(["echo"]) is None


def test_the_worker_hears_that_its_job_is_to_be_cancelled(jobs: Jobs, first: Claims) -> None:
    """When it renews its lease."""
    added = jobs.add("echo", {})
    claimed = take(first)
    before = first.renew(claimed)

    jobs.cancel(added.id)

    assert [False, True] == [before, first.renew(claimed)]


def test_a_cancelled_job_whose_worker_died_is_not_tried_again(jobs: Jobs, first: Claims, second: Claims) -> None:
    """It is over when its lease is."""
    added = jobs.add("echo", {})
    first.claim(["echo"])
    jobs.cancel(added.id)
    time.sleep(LEASE_S + 0.05)

    assert second.claim(["echo"]) is None
    assert State.CANCELLED is jobs.get(added.id).state


def test_a_job_that_is_over_cannot_be_cancelled(jobs: Jobs, first: Claims) -> None:
    """And the message says how it ended."""
    added = jobs.add("echo", {})
    claimed = take(first)
    first.fail(claimed, "no such page")

    with pytest.raises(JobOverError, match="is failed already"):
        jobs.cancel(added.id)


def test_an_unknown_job_is_named(jobs: Jobs) -> None:
    """By its id."""
    with pytest.raises(UnknownJobError, match="no job 'nothing'"):
        jobs.get("nothing")


@pytest.mark.parametrize("column", ["lease_until", "ready_at"])
def test_a_clock_that_is_set_back_strands_no_job(jobs: Jobs, store: Engine, first: Claims, column: str) -> None:
    """A moment further ahead than any could be set was written before the clock was set back: it binds nobody."""
    jobs.add("echo", {})
    if column == "lease_until":
        first.claim(["echo"])
    with writing(store) as connection:
        connection.execute(update(JOBS).values({column: now() + 3600}))

    assert first.claim(["echo"]) is not None


def test_what_a_database_cannot_store_is_replaced(jobs: Jobs, first: Claims) -> None:
    """A log with NUL and half a surrogate pair is kept all the same."""
    added = jobs.add("echo", {"text": "\x00"})
    claimed = take(first)

    first.fail(claimed, "a\x00b", printed="c\ud800d")

    assert ("a�b", "c�d") == (jobs.get(added.id).error, jobs.log(added.id))
