"""Batches under kill -9 and SIGTERM: the output is that of an uninterrupted run, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.versions import SHIPPED_MODELS, Registry
from service.files import Batches, BatchJob, Files, Order, Upload
from service.policy import Policy
from service.store import open_store
from tests.service.files.calls import LIMITS, Caller, many
from tests.service.jobs.workers import CHANCE, children, kill, until
from tests.service.server_process import ROOT, ServerProcess

RECORDS = 200_000
PROCESS_KILLS, WORKER_KILLS = 30, 20
"""More than the tries that may pass without a record answered; fifty in all."""


pytestmark = pytest.mark.slow


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database beside the files."""
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Output and errors of a run that nobody disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    engine = open_store(f"sqlite:///{folder / 'lanmu.db'}")
    batch = ordered(engine, folder)
    with worker(folder):
        made = files_of(engine, folder, over(engine, folder, batch))
    engine.dispose()
    return made


def content() -> bytes:
    """Records with some bad lines among them."""
    lines = many(RECORDS).splitlines(keepends=True)
    lines[7::9000] = [b"{broken\n" for _ in lines[7::9000]]
    return b"".join(lines)


def ordered(engine: Engine, folder: Path) -> BatchJob:
    """A batch that waits for a worker."""
    files = Files(engine, folder)
    aside = files.prepared() / "uploaded"
    aside.write_bytes(content())
    upload = Upload(aside, "requests.jsonl", aside.stat().st_size, {})
    file = files.keep(upload, purpose="batch", who="a test", lifetime_s=3600)
    model = Registry(SHIPPED_MODELS).champion()
    order = Order(file.id, "/v1/moderations", "24h", None, None, model, Policy(), 3600)
    return Batches(engine, folder).create(order, who="a test")


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker for batches that does not wait between tries."""
    code = "from service.jobs.kinds import KINDS; from service.jobs.work import work; work(KINDS, retry_s=0)"
    settings = {"LANMU_DATA_DIR": str(folder), "LANMU_JOB_LEASE_S": "0.5", "LANMU_BATCH_WORKERS": "2"}
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | settings, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def over(engine: Engine, folder: Path, batch: BatchJob) -> BatchJob:
    """The batch, when it is over."""
    batches = Batches(engine, folder)
    until(lambda: batches.get(batch.id).job.state.over)
    return batches.get(batch.id)


def files_of(engine: Engine, folder: Path, batch: BatchJob) -> tuple[bytes, bytes]:
    """Output and errors of a batch that is done."""
    files = Files(engine, folder)
    assert batch.job.error is None or "ended without an answer" in batch.job.error
    assert batch.output_file_id
    assert batch.error_file_id
    return files.path(files.get(batch.output_file_id)).read_bytes(), files.path(
        files.get(batch.error_file_id)
    ).read_bytes()


def nothing_half_done(engine: Engine, folder: Path, batch: BatchJob) -> None:
    """While a batch runs, none of what it makes is among the files; afterwards all of it is."""
    files, found = Files(engine, folder), Batches(engine, folder).get(batch.id)
    listed, _ = files.list(purpose="batch_output", limit=1000)
    listed = [file for file in listed if batch.id.removeprefix("batch_") in file.id]
    made = {found.output_file_id, found.error_file_id} - {None}
    assert made == {file.id for file in listed}
    assert len(made) in {0, 2}
    assert all(files.path(file).stat().st_size == file.bytes for file in listed)


class Disturbed:
    """A batch that is killed at random moments, and the next one where it is over before the last kill."""

    def __init__(self, engine: Engine, folder: Path, whole: tuple[bytes, bytes]) -> None:
        self.engine, self.folder, self._whole = engine, folder, whole
        self.batch = ordered(engine, folder)
        self._waits = 0

    @property
    def now(self) -> BatchJob:
        """The batch as it is."""
        return Batches(self.engine, self.folder).get(self.batch.id)

    def wait(self) -> None:
        """Wait for a random moment; every third time, for one after more records were answered.

        So the tries that answer none are never too many in a row, on a machine that is as busy as can be.
        """
        self._waits += 1
        before = self.now.answered
        if self._waits % 3 == 0:
            until(lambda: self.now.answered > before or self.now.job.state.over)
        time.sleep(CHANCE.uniform(0.05, 1))

    def go_on(self) -> None:
        """Look at what there is; order another batch where this one is over."""
        nothing_half_done(self.engine, self.folder, self.batch)
        if self.now.job.state.over:
            self.end()
            self.batch = ordered(self.engine, self.folder)

    def end(self) -> None:
        """The batch comes to an end, which is that of one that nobody disturbs."""
        ended = over(self.engine, self.folder, self.batch)
        assert self._whole == files_of(self.engine, self.folder, ended)
        assert (RECORDS, ended.answered + ended.bad) == (ended.total, RECORDS)
        assert not Batches(self.engine, self.folder).folder(ended.id).exists()


def test_a_batch_outlives_its_processes(engine: Engine, tmp_path: Path, whole: tuple[bytes, bytes]) -> None:
    """SIGKILL of the job's process, or of one that judges for it, at random moments."""
    disturbed = Disturbed(engine, tmp_path, whole)
    killed = 0
    with worker(tmp_path) as running:
        while killed < PROCESS_KILLS:
            disturbed.wait()
            for job in children(running.pid):
                kill(CHANCE.choice([job, *children(job)]))
                killed += 1
            disturbed.go_on()
        disturbed.end()


def test_a_batch_outlives_its_workers(engine: Engine, tmp_path: Path, whole: tuple[bytes, bytes]) -> None:
    """SIGKILL of the worker at random moments; the next one goes on when the lease is over."""
    disturbed = Disturbed(engine, tmp_path, whole)
    for _ in range(WORKER_KILLS):
        with worker(tmp_path):
            disturbed.wait()
        disturbed.go_on()
    with worker(tmp_path):
        disturbed.end()


def test_a_batch_outlives_the_server(tmp_path: Path, whole: tuple[bytes, bytes]) -> None:
    """SIGKILL of the whole server, amid the batch and after it; orders and results are there afterwards."""
    variables: dict[str, Any] = LIMITS | {
        "LANMU_WORKER": "on",
        "LANMU_JOB_LEASE_S": "0.5",
        "LANMU_MAX_FILE_BYTES": str(1 << 30),
    }
    with ServerProcess.started(tmp_path, **variables) as server, Caller.of(server) as caller:
        batch = caller.order(content(), "/v1/moderations")
        time.sleep(CHANCE.uniform(0, 3))
        server.process.kill()
    with ServerProcess.started(tmp_path, **variables) as server, Caller.of(server) as caller:
        ended = caller.over(batch)
        made = caller.content(ended.output_file_id), caller.content(ended.error_file_id)
        server.process.kill()
    with ServerProcess.started(tmp_path, **variables) as server, Caller.of(server) as caller:
        again = caller.content(ended.output_file_id), caller.content(ended.error_file_id)

    assert "completed" == ended.status
    assert whole == made == again
