"""The server and the worker beside it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.versions import Registry
from service.jobs import Jobs, State
from tests.service.jobs.workers import CHANCE, DEEDS, begun, children, ended, kill, until, whole
from tests.service.server_process import ServerProcess
from training.train import Trained

MOMENTS = 10

pytestmark = pytest.mark.slow


@pytest.fixture
def jobs(store: Engine) -> Jobs:
    """The jobs of the server's database."""
    return Jobs(store)


@pytest.fixture
def registry(tmp_path: Path, trained: Trained) -> Path:
    """A registry whose champion can answer."""
    shutil.copytree(trained.folder, tmp_path / "registry" / "small")
    Registry(tmp_path / "registry").promote("small", who="ann", why="for a test")
    return tmp_path / "registry"


@contextmanager
def server(url: str, folder: Path, registry: Path) -> Iterator[ServerProcess]:
    """A server with one process and its worker."""
    settings = {"LANMU_WORKERS": "1", "LANMU_WORKER": "on", "LANMU_JOB_LEASE_S": "1"}
    places = {"LANMU_DATABASE_URL": url, "LANMU_MODELS_DIR": str(registry)}
    folder.mkdir(exist_ok=True)
    with ServerProcess.started(folder, module="tests.service.jobs.server", **settings, **places) as running:
        yield running


def worker_of(running: ServerProcess) -> int | None:
    """The worker's process."""
    return next((pid for pid in children(running.process.pid) if DEEDS in command_of(pid)), None)


def command_of(pid: int) -> str:
    """What a process runs."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def answers(running: ServerProcess) -> bool:
    """Whether the champion answers."""
    answer = running.post("/v1/classify", {"text": "显然，这次涨价毫无道理。"})
    return (answer.status, answer.json["model"]) == (200, "small")


def test_a_killed_server_loses_no_job(shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path) -> None:
    """SIGKILL at ten moments on each database: the champion answers, only whole versions are visible, all is done."""
    payload = {"registry": str(registry), "promote": False}
    added = [jobs.add("save", payload, max_attempts=MOMENTS) for _ in range(MOMENTS)]
    for _ in range(MOMENTS):
        with server(shared_url, tmp_path / "server", registry) as running:
            assert answers(running)
            time.sleep(CHANCE.uniform(0, 1))
            kill(running.process.pid)
        whole(registry)
    with server(shared_url, tmp_path / "server", registry) as running:
        over = [ended(jobs, job) for job in added]

        assert answers(running)
    assert {State.DONE: MOMENTS} == Counter(job.state for job in over)
    assert {str((job.result or {})["version"]) for job in over} < set(whole(registry))


def test_a_worker_that_dies_is_started_again(shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path) -> None:
    """The server answers meanwhile, and the job is done by the new worker."""
    with server(shared_url, tmp_path / "server", registry) as running:
        job = jobs.add("count", {"to": 100})
        begun(jobs, job)
        first = worker_of(running)
        kill(int(first or 0))

        assert answers(running)
        over = ended(jobs, job)

        assert worker_of(running) not in {None, first}
    assert (State.DONE, 2) == (over.state, over.attempts)


def test_the_worker_ends_with_its_server(shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path) -> None:
    """On SIGTERM it gives its job back; both are gone, with status 0."""
    with server(shared_url, tmp_path / "server", registry) as running:
        job = jobs.add("count", {"to": 10_000})
        begun(jobs, job)
        pid = worker_of(running)

        status = running.stop()

    assert (0, State.QUEUED, 0) == (status, jobs.get(job.id).state, jobs.get(job.id).attempts)
    assert not Path(f"/proc/{pid}").exists()


def test_the_worker_ends_with_a_server_that_is_killed(
    shared_url: str, jobs: Jobs, registry: Path, tmp_path: Path
) -> None:
    """It hears of it from the kernel, and gives its job back."""
    with ExitStack() as stack:
        running = stack.enter_context(server(shared_url, tmp_path / "server", registry))
        job = jobs.add("count", {"to": 10_000})
        begun(jobs, job)
        pid = worker_of(running)
        os.kill(running.process.pid, signal.SIGKILL)

        until(lambda: not Path(f"/proc/{pid}").exists())

    assert State.QUEUED is jobs.get(job.id).state
