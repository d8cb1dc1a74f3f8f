"""Workers whose database is away or full: they wait, say so, and lose nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from service.jobs import Jobs, State
from service.store import open_store
from tests.service.databases import administer, database
from tests.service.jobs.workers import begun, ended, until, worker
from tests.service.server_process import ROOT

ROOM = "4m"
"""What a small disk holds."""

NO_MOUNT = 77
PROGRAM = "tests.service.jobs.full_disk"


def cut_off(name: str | None) -> None:
    """Let nobody into a database, and put out those who are in."""
    administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own name


def test_a_database_that_goes_away_is_waited_for(tmp_path: Path) -> None:
    """A running job goes on meanwhile, and its result is stored when the database is back."""
    with database("postgresql", tmp_path) as url:
        name, engine = make_url(url).database, open_store(url)
        with worker(url, tmp_path, LANMU_JOB_LEASE_S="60") as running:
            job = Jobs(engine).add("count", {"to": 30})
            begun(Jobs(engine), job)
            engine.dispose()
            cut_off(name)
            until(lambda: running.says("database_failed") and not running.jobs)
            administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')

            over = ended(Jobs(engine), job)

            assert (State.DONE, 1, {"counted": 30}) == (over.state, over.attempts, over.result)
            until(lambda: running.says("database_answers_again"))
        engine.dispose()


def test_a_full_disk_is_waited_for(tmp_path: Path) -> None:
    """SQLite on a full disk: the worker says so and tries again; with room the job is done."""
    disk = tmp_path / "disk"
    disk.mkdir()
    # A mount that only this program sees, and that is gone when it ends.
    script = f"mount -t tmpfs -o size={ROOM} tmpfs {disk} || exit {NO_MOUNT}; exec {sys.executable} -m {PROGRAM} {disk}"
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)

    if done.returncode == NO_MOUNT or "unshare" in done.stderr:
        pytest.skip("this machine lets no user mount a small disk")
    assert "full, then done, 1 attempt\n" == done.stdout, done.stderr


def test_a_worker_that_is_told_to_end_does_not_wait_for_ever(tmp_path: Path) -> None:
    """With a database that is away it ends all the same; the lease ends by itself."""
    with database("postgresql", tmp_path) as url:
        name = make_url(url).database
        with worker(url, tmp_path) as running:
            cut_off(name)
            until(lambda: running.says("database_failed"))
            running.process.terminate()

            assert 0 == running.process.wait(20)
