"""Workers and their jobs under kill -9, SIGSTOP and SIGTERM, on both databases: nothing is lost or half done."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine

from models.versions import Registry, write_version
from service.jobs import Jobs, State
from tests.service.jobs.workers import CHANCE, WAIT_S, begun, ended, kill, until, whole, worker

MOMENTS = 10
"""On each of the two databases."""
THOUSAND = 1000

pytestmark = pytest.mark.slow


@pytest.fixture
def jobs(store: Engine) -> Jobs:
    """The jobs of a database of this test's own."""
    return Jobs(store)


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """A registry with a champion."""
    folder = tmp_path / "registry"
    write_version(folder, "first", weights={"scores": np.ones(4)}, metadata={}, golden=[])
    Registry(folder).promote("first", who="ann", why="for a test")
    return folder


def test_killed_jobs_are_done_in_the_end(shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path) -> None:
    """SIGKILL of a job's process at ten moments: only whole versions are visible, and each job is done."""
    added = []
    with worker(shared_url, tmp_path) as running:
        for _ in range(MOMENTS):
            # A kill may hit the next try of an earlier job, too; three tries might not be enough.
            job = jobs.add("save", {"registry": str(registry), "promote": True}, max_attempts=2 * MOMENTS)
            begun(jobs, job)
            time.sleep(CHANCE.uniform(0, 0.25))
            for process in running.jobs:
                kill(process)
            whole(registry)
            added.append(job)
        over = [ended(jobs, job) for job in added]

    assert {State.DONE: MOMENTS} == Counter(job.state for job in over)
    assert {str((job.result or {})["version"]) for job in over} < set(whole(registry))
    assert sum(job.attempts for job in over) > MOMENTS


def test_killed_workers_lose_no_job(shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path) -> None:
    """SIGKILL of a worker at ten moments on each database, with another one started: as above."""
    payload = {"registry": str(registry), "promote": True}
    added = [jobs.add("save", payload, max_attempts=MOMENTS) for _ in range(MOMENTS)]
    with ExitStack() as stack:
        following = stack.enter_context(worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="0.5"))
        for _ in range(MOMENTS):
            running, following = following, stack.enter_context(worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="0.5"))
            time.sleep(CHANCE.uniform(0, 0.25))
            running.kill()
            whole(registry)
        over = [ended(jobs, job) for job in added]

    assert {State.DONE: MOMENTS} == Counter(job.state for job in over)
    assert {str((job.result or {})["version"]) for job in over} < set(whole(registry))


def test_a_job_that_kills_its_workers_is_parked(shared_url: str, jobs: Jobs, tmp_path: Path) -> None:
    """After three workers, and the fourth does the other job."""
    poison = jobs.add("die", {"worker": True})
    for _ in range(3):
        with worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="0.3") as running:
            until(lambda: running.process.poll() is not None)
    other = jobs.add("echo", {"number": 1})

    with worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="0.3"):
        done, parked = ended(jobs, other), ended(jobs, poison)

    assert (State.DONE, State.PARKED, 3) == (done.state, parked.state, parked.attempts)
    assert "3 tries ended without an answer, the last: worker" in str(parked.error)
    assert "died or lost the database" in str(parked.error)


def test_what_a_stopped_worker_made_is_refused(shared_url: str, jobs: Jobs, tmp_path: Path) -> None:
    """SIGSTOP past the lease, then SIGCONT: another worker's result stands, the stale one becomes visible nowhere."""
    published = tmp_path / "published"
    with worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="0.5") as stale:
        job = jobs.add("count", {"to": 30, "publish": str(published)})
        begun(jobs, job)
        until(lambda: stale.jobs)
        (process,) = stale.jobs
        for pid in (stale.process.pid, process):
            os.kill(pid, signal.SIGSTOP)
        with worker(shared_url, tmp_path) as fresh:
            over = ended(jobs, job)
            for pid in (process, stale.process.pid):
                os.kill(pid, signal.SIGCONT)
            until(lambda: stale.says("job_refused", job=job.id))
            until(lambda: not stale.jobs)
            until(lambda: fresh.says("job_ended", job=job.id))

    assert (State.DONE, 2, 2) == (over.state, over.attempts, over.token)
    assert over == jobs.get(job.id)
    assert "2\n" == published.read_text()


def test_two_workers_do_each_of_a_thousand_jobs_once(shared_url: str, jobs: Jobs, tmp_path: Path) -> None:
    """No job is done twice, and none is forgotten.

    Workers may wait for SQLite, or for the processor, longer than a second. A lease that ends meanwhile has its job
    done again, as it should, and the first answer refused: here leases are long, so what is done twice is a mistake.
    """
    trace, patient = tmp_path / "trace", {"LANMU_JOB_LEASE_S": "60"}
    with worker(shared_url, tmp_path, **patient), worker(shared_url, tmp_path, **patient):
        added = [jobs.add("echo", {"number": number, "trace": str(trace)}) for number in range(THOUSAND)]
        ended(jobs, added[-1])
        over = [ended(jobs, job) for job in added]

    assert {(State.DONE, 1): THOUSAND} == Counter((job.state, job.attempts) for job in over)
    assert Counter(range(THOUSAND)) == Counter(map(int, trace.read_text().split()))
    assert 2 == len({job.worker for job in over})


def test_a_worker_that_is_told_to_end_gives_its_job_back(shared_url: str, jobs: Jobs, tmp_path: Path) -> None:
    """It ends with status 0; the try does not count, and nobody waits for the lease to end."""
    with worker(shared_url, tmp_path, LANMU_JOB_LEASE_S="600") as running:
        job = jobs.add("count", {"to": 10_000})
        begun(jobs, job)
        running.send(signal.SIGTERM)
        status = running.process.wait(WAIT_S)

    given_back = jobs.get(job.id)

    assert 0 == status
    assert (State.QUEUED, 0, None) == (given_back.state, given_back.attempts, given_back.error)


def test_the_job_of_a_killed_worker_ends_with_it(shared_url: str, jobs: Jobs, tmp_path: Path) -> None:
    """Nothing works on for a worker that is dead, neither the job's process nor what that started."""
    with worker(shared_url, tmp_path) as running:
        job = jobs.add("ignore", {})
        until(lambda: jobs.get(job.id).stage)
        processes = [*running.jobs, int(str(jobs.get(job.id).stage).removeprefix("child "))]
        running.kill()

    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in processes))
