"""Workers: what becomes of jobs that work, fail, die, leak, hang and shout."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.jobs import Jobs, State
from service.jobs.process import NICENESS
from service.store import open_store
from tests.service.jobs.workers import WorkerProcess, begun, ended, until, worker


@pytest.fixture(scope="module")
def running(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WorkerProcess]:
    """One worker for all tests of this module; it must survive them."""
    with worker(shared_url, tmp_path_factory.mktemp("worker"), LANMU_JOB_MEMORY_MB="300") as process:
        yield process


@pytest.fixture
def jobs(shared_url: str, running: WorkerProcess) -> Iterator[Jobs]:
    """The jobs that this worker does."""
    engine = open_store(shared_url)
    yield Jobs(engine)
    engine.dispose()
    assert running.process.poll() is None


def test_a_job_is_done_with_its_progress_and_its_log(jobs: Jobs, running: WorkerProcess) -> None:
    """The result is what the handler returned, and the folder of its temporary files is gone."""
    job = ended(jobs, jobs.add("count", {"to": 5}))

    assert (State.DONE, {"counted": 5}, 1) == (job.state, job.result, job.attempts)
    assert ("counting", 5, 5) == (job.stage, job.done, job.total)
    assert "counting to 5\n" == jobs.log(job.id)
    assert [] == list((running.log_file.parent / "var" / "jobs").iterdir())


def test_a_job_that_says_why_not_is_not_tried_again(jobs: Jobs) -> None:
    """The reason is its error."""
    job = ended(jobs, jobs.add("refuse", {}))

    assert (State.FAILED, 1, "there is nothing to do it with") == (job.state, job.attempts, job.error)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a policy for what may wait")
def test_a_job_gives_way_to_the_answers(jobs: Jobs, running: WorkerProcess) -> None:
    """Its worker does not: leases are renewed however busy the machine is."""
    job = ended(jobs, jobs.add("give_way", {}))

    assert {"nice": NICENESS, "policy": os.SCHED_IDLE} == job.result
    assert os.sched_getscheduler(0) == os.sched_getscheduler(running.process.pid)


@pytest.mark.parametrize(
    ("kind", "payload", "reason"),
    [
        ("die", {}, "its process was ended by SIGKILL"),
        ("die", {"status": 7}, "its process exited with status 7"),
        ("stumble", {}, "ZeroDivisionError: division by zero"),
        ("leak", {}, "it needs more than 300 MiB of memory (LANMU_JOB_MEMORY_MB)"),
        ("hurry", {}, "it took longer than 0.5 s and was ended"),
    ],
    ids=["killed", "exits", "stumbles", "leaks", "hangs"],
)
def test_a_job_that_never_answers_is_parked(jobs: Jobs, kind: str, payload: dict[str, int], reason: str) -> None:
    """After three tries, with the reason, and others go on meanwhile."""
    poison = jobs.add(kind, payload)
    other = ended(jobs, jobs.add("echo", {"number": 1}))

    job = ended(jobs, poison)

    assert State.DONE is other.state
    assert (State.PARKED, 3) == (job.state, job.attempts)
    assert f"3 tries ended without an answer, the last: {reason}" in str(job.error)


def test_what_went_wrong_is_in_the_log(jobs: Jobs) -> None:
    """The traceback of each try."""
    job = ended(jobs, jobs.add("stumble", {}))

    assert 3 == jobs.log(job.id).count("ZeroDivisionError: division by zero")


def test_a_log_without_end_is_cut(jobs: Jobs) -> None:
    """It says so, and its characters are whole."""
    job = ended(jobs, jobs.add("shout", {}))

    log = jobs.log(job.id)

    assert len(log) < 300_000
    assert log.startswith("显然显然")
    assert "the rest is not kept" in log[-60:]
    assert "�" not in log


def test_a_running_job_is_cancelled(jobs: Jobs) -> None:
    """It hears of it, and what it made until then is kept."""
    job = jobs.add("count", {"to": 10_000})
    begun(jobs, job)

    jobs.cancel(job.id)

    over = ended(jobs, job)
    assert State.CANCELLED is over.state
    assert 0 <= (over.result or {})["counted"] < 10_000


def test_a_job_whose_time_is_over_is_killed_with_all_that_it_started(jobs: Jobs) -> None:
    """It would not have ended by itself."""
    job = ended(jobs, jobs.add("hurry", {}, max_attempts=1))

    child = int(str(job.stage).removeprefix("child "))

    until(lambda: not Path(f"/proc/{child}").exists())


def test_a_kind_whose_packages_are_missing_is_left_to_others(jobs: Jobs, running: WorkerProcess) -> None:
    """The job waits, and the worker's log says why."""
    job = jobs.add("absent", {})
    time.sleep(0.7)

    assert State.QUEUED is jobs.get(job.id).state
    assert running.says("kind_left_to_others", kind="absent", not_installed=["nothere"])
