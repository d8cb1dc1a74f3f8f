"""Real workers as processes, for tests that kill and stop them."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from models.versions import Registry, read_version
from service.jobs import Job, Jobs, State
from tests.service.server_process import ROOT

DEEDS = "tests.service.jobs.deeds"
WAIT_S = 600
"""Long, for jobs run when nobody else wants the processor: only a test that fails waits to the end."""
CHANCE = random.Random(20261123)  # noqa: S311 - no secret
"""Moments are random, and the same in each run."""


class WorkerProcess:
    """A worker of the kinds in `deeds`, which logs into a file of `folder`."""

    def __init__(self, url: str, folder: Path, **variables: str) -> None:
        self.log_file = folder / f"worker-{time.monotonic_ns()}.log"
        settings = {"LANMU_DATABASE_URL": url, "LANMU_DATA_DIR": str(folder / "var"), "LANMU_JOB_LEASE_S": "1"}
        with self.log_file.open("w") as log:
            command, environment = [sys.executable, "-m", DEEDS], os.environ | settings | variables
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log)

    @property
    def log(self) -> list[dict[str, Any]]:
        """Its log lines so far."""
        return [json.loads(line) for line in self.log_file.read_text("utf-8").splitlines() if line.startswith("{")]

    @property
    def jobs(self) -> list[int]:
        """The processes of the jobs that it is at."""
        return children(self.process.pid)

    def says(self, event: str, **words: Any) -> bool:
        """Whether such a line is in the log."""
        return any(line["event"] == event and words.items() <= line.items() for line in self.log)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def kill(self) -> None:
        """Kill it, if it has not ended."""
        with suppress(ProcessLookupError):
            self.send(signal.SIGCONT)
            self.process.kill()
        self.process.wait(10)


@contextmanager
def worker(url: str, folder: Path, **variables: str) -> Iterator[WorkerProcess]:
    """A worker that is ready."""
    running = WorkerProcess(url, folder, **variables)
    try:
        until(lambda: running.says("worker_ready"))
        yield running
    finally:
        running.kill()


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def kill(pid: int) -> None:
    """SIGKILL, where there still is such a process."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def until(true: Callable[[], object], seconds: float = WAIT_S) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.02)


def ended(jobs: Jobs, job: Job) -> Job:
    """The job, when it is over."""
    until(lambda: jobs.get(job.id).state.over)
    return jobs.get(job.id)


def begun(jobs: Jobs, job: Job) -> None:
    """Wait until a worker is at the job."""
    until(lambda: jobs.get(job.id).state is not State.QUEUED)


def whole(registry: Path) -> list[str]:
    """The versions that are visible; each of them must be whole, and so must be the champion."""
    versions = Registry(registry).versions()
    for version in versions:
        read_version(registry / version)
    assert Registry(registry).champion() in versions
    return versions
