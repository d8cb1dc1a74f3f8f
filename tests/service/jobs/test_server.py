"""The server and the worker beside it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.versions import Registry
from service.jobs import Jobs, State
from service.seeds import Wanted, list_seeds
from tests.service.jobs.workers import CHANCE, DEEDS, begun, children, ended, kill, until, whole
from tests.service.server_process import ServerProcess
from training.train import Trained

MOMENTS = 10
STARTS = 3

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


@contextmanager
def adding(running: ServerProcess, prefix: str, stored: set[str]) -> Iterator[None]:
    """Bring pages of two seeds, one after the other, until the server is gone; `stored` gets the texts it accepted."""

    def add() -> None:
        with suppress(OSError, HTTPException):
            for number in count():
                texts = [f"{prefix}·{number}·{place}：把面揉匀，醒发半小时。" for place in range(2)]
                page = {"page": f"{prefix}-{number}", "sections": [{"text": text, "label": "none"} for text in texts]}
                answer = running.post("/v1/seeds", {"seeds": [page]})
                assert answer.status == 201
                stored.update(texts)

    with ThreadPoolExecutor(1) as pool:
        client = pool.submit(add)
        yield
        client.result()


def test_a_killed_server_loses_no_job_and_no_seed(
    shared_url: str, jobs: Jobs, store: Engine, registry: Path, tmp_path: Path
) -> None:
    """SIGKILL at ten moments on each database, while seeds come in: the champion answers, all is done, no page is cut.

    Every other time the processes that answer are killed with their master.
    """
    payload = {"registry": str(registry), "promote": False}
    added = [jobs.add("save", payload, max_attempts=MOMENTS) for _ in range(MOMENTS)]
    stored = set[str]()
    for number in range(MOMENTS):
        with server(shared_url, tmp_path / "server", registry) as running, adding(running, f"面点{number}", stored):
            assert answers(running)
            time.sleep(CHANCE.uniform(0, 1.2))
            for pid in [running.process.pid, *(children(running.process.pid) if number % 2 else [])]:
                kill(pid)
        whole(registry)
    with server(shared_url, tmp_path / "server", registry) as running:
        over = [ended(jobs, job) for job in added]

        assert answers(running)
    assert {State.DONE: MOMENTS} == Counter(job.state for job in over)
    assert {str((job.result or {})["version"]) for job in over} < set(whole(registry))
    seeds = list_seeds(store, Wanted(limit=100_000))[0]
    assert len(stored) > MOMENTS
    assert stored <= {seed.text for seed in seeds}
    assert {2} == set(Counter(seed.page for seed in seeds).values())


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


def test_a_server_ends_at_once_after_its_start(store_url: str, tmp_path: Path, registry: Path) -> None:
    """Also when the worker beside it is told to end before it is ready to hear that."""
    statuses = []
    for start in range(STARTS):
        with server(store_url, tmp_path / str(start), registry) as running:
            statuses.append(running.stop())

    assert [0] * STARTS == statuses


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
