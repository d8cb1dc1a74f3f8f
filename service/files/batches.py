"""Batches: what was ordered and how far it is, in the database; what is being made, in a folder for each.

<data>/batches/<id>/
    input.<suffix>      the file's bytes, by a link of their own: that the file is deleted disturbs nobody
    output.<suffix>     and what else a batch in files leaves, see `service.batch`
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from models.versions.files import sync_folder
from service.batch.summary import Summary
from service.files.errors import UnknownBatchError, UnknownFileError
from service.files.keeping import Files, new_id, page_of, seen, suffix_of
from service.files.shapes import Records, form_and_shape
from service.jobs.errors import JobOverError
from service.jobs.job import Job, State, job_of
from service.jobs.jobs import Jobs
from service.policy import Policy
from service.store.clock import now
from service.store.engine import writing
from service.store.tables import BATCHES, JOB_LOGS, JOBS

KIND = "batch"
MOST_METADATA = 16

AT_ONCE = 500
"""Jobs that are removed in one transaction, so that others get their turn."""

MAX_TRIES = 20
"""Every try goes on where the one before was, so a batch may outlive more of its processes than other jobs."""


class Status(StrEnum):
    """OpenAI's words for where a batch stands."""

    VALIDATING = "validating"
    IN_PROGRESS = "in_progress"
    FINALIZING = "finalizing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


_OVER = {
    State.DONE: Status.COMPLETED,
    State.FAILED: Status.FAILED,
    State.PARKED: Status.FAILED,
    State.CANCELLED: Status.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class Order:
    """A batch to be run. model, policy : what judges, whatever comes after. lifetime_s : of what it makes."""

    input_file_id: str
    endpoint: str
    completion_window: str
    metadata: dict[str, str] | None
    records: Records | None
    model: str
    policy: Policy
    lifetime_s: float


@dataclass(frozen=True, slots=True)
class BatchJob:
    """A batch, and the job that does it. Moments are seconds since 1970.

    answered, bad, total : records; total is None until they are counted. labels : how many sections got which one.
    owner : prefix of the key that sees it and what it makes; None leaves them to administrators.
    """

    id: str
    job: Job
    owner: str | None
    input_file_id: str
    endpoint: str
    completion_window: str
    notes: dict[str, str] | None
    model: str
    policy: dict[str, Any]
    answered: int
    bad: int
    total: int | None
    labels: dict[str, int]
    output_file_id: str | None
    error_file_id: str | None
    created_at: float
    finalizing_at: float | None
    cancelling_at: float | None

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.job.state.over:
            return _OVER[self.job.state]
        if self.job.cancel_requested:
            return Status.CANCELLING
        if self.total is None:
            return Status.VALIDATING
        return Status.IN_PROGRESS if self.finalizing_at is None else Status.FINALIZING

    @property
    def published(self) -> bool:
        """Whether what it made is among the files."""
        return self.finalizing_at is not None


class Batches:
    """The batches of a service whose data is in a folder. Any number of processes may use it at once.

    seen_by : prefix of the key to which there are only its own batches and files; None sees all.
    """

    def __init__(self, engine: Engine, data_dir: Path, seen_by: str | None = None) -> None:
        self._engine = engine
        self._seen_by = seen_by
        self._files = Files(engine, data_dir, seen_by)
        self.folders = data_dir / "batches"

    def folder(self, batch_id: str) -> Path:
        """Where a batch is made."""
        return self.folders / batch_id

    def create(self, order: Order, *, who: str, owner: str | None = None) -> BatchJob:
        """Queue a batch, and have its version kept. Raises UnknownFileError, BatchOrderError."""
        file = self._files.get(order.input_file_id)
        _, shape = form_and_shape(file.filename, order.endpoint, order.records)
        batch_id = new_id("batch_")
        source = f"input{suffix_of(file.filename)}"
        payload = {
            "batch": batch_id,
            "filename": file.filename,
            "input": source,
            "output": f"output.{shape.format}",
            "records": order.records,
            "lifetime_s": order.lifetime_s,
        }
        self._link(self._files.path(file), self.folder(batch_id), source)
        try:
            with writing(self._engine) as connection:
                job = Jobs.add_within(connection, KIND, payload, who=who, max_attempts=MAX_TRIES, pins=[order.model])
                connection.execute(insert(BATCHES).values(_row(batch_id, job, order) | {"owner": owner}))
                return _get(connection, batch_id)
        except BaseException:
            shutil.rmtree(self.folder(batch_id), ignore_errors=True)
            raise

    def _link(self, file: Path, folder: Path, name: str) -> None:
        folder.mkdir(parents=True)
        try:
            (folder / name).hardlink_to(file)
        except FileNotFoundError as error:  # it was deleted a moment ago
            folder.rmdir()
            raise UnknownFileError("The file was deleted") from error
        sync_folder(folder)
        sync_folder(self.folders)

    def get(self, batch_id: str) -> BatchJob:
        """The batch of this id. Raises UnknownBatchError."""
        with self._engine.connect() as connection:
            return _get(connection, batch_id, self._seen_by)

    def list(self, *, after: str | None = None, limit: int) -> tuple[Sequence[BatchJob], bool]:
        """The newest batches, those behind `after`, and whether there are more. Raises UnknownBatchError."""
        with self._engine.connect() as connection:
            last = None if after is None else _get(connection, after, self._seen_by)
            theirs = seen(select(BATCHES), BATCHES, self._seen_by)
            rows = connection.execute(page_of(theirs, BATCHES, last, limit)).mappings().all()
            chosen = select(JOBS).where(JOBS.c.id.in_([row["job_id"] for row in rows]))
            jobs = {row["id"]: job_of(dict(row)) for row in connection.execute(chosen).mappings()}
        return [_batch(row, jobs[row["job_id"]]) for row in rows[:limit] if row["job_id"] in jobs], len(rows) > limit

    def cancel(self, batch_id: str) -> BatchJob:
        """End a batch; what is answered by then stays. Raises UnknownBatchError, JobOverError."""
        batch = self.get(batch_id)
        try:
            job = Jobs(self._engine).cancel(batch.job.id)
        except JobOverError as error:
            raise JobOverError(f"Batch {batch_id!r} is {batch.status} already and cannot be cancelled") from error
        with writing(self._engine) as connection:
            connection.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(cancelling_at=now()))
        if job.state.over:
            self.clear(batch_id)
        return self.get(batch_id)

    def clear(self, batch_id: str) -> None:
        """Remove the folder of a batch that is over."""
        shutil.rmtree(self.folder(batch_id), ignore_errors=True)

    def needs(self, batch_id: str) -> bool:
        """Whether the folder of this name is that of a batch that is not over."""
        with self._engine.connect() as connection, suppress(UnknownBatchError):
            return not _get(connection, batch_id).job.state.over
        return False


def count(connection: Connection, batch_id: str, summary: Summary, **told: Any) -> None:
    """Say how far a batch is."""
    counts = {"answered": summary.answered, "bad": summary.bad, "labels": summary.labels}
    connection.execute(update(BATCHES).where(BATCHES.c.id == batch_id).values(counts | told))


def remove_jobs(engine: Engine, older_than_s: float) -> int:
    """Remove jobs that are over for so long, with their logs and batches; how many jobs that was."""
    old = select(JOBS.c.id).where(JOBS.c.finished_at < now() - older_than_s).limit(AT_ONCE)
    removed = 0
    while True:
        with writing(engine) as connection:
            ids = list(connection.scalars(old))
            for table, column in ((BATCHES, BATCHES.c.job_id), (JOB_LOGS, JOB_LOGS.c.job_id), (JOBS, JOBS.c.id)):
                connection.execute(delete(table).where(column.in_(ids)))
        removed += len(ids)
        if len(ids) < AT_ONCE:
            return removed


def _row(batch_id: str, job: Job, order: Order) -> dict[str, Any]:
    return {
        "id": batch_id,
        "job_id": job.id,
        "input_file_id": order.input_file_id,
        "endpoint": order.endpoint,
        "completion_window": order.completion_window,
        "notes": order.metadata,
        "model": order.model,
        "policy": order.policy.told(),
        "answered": 0,
        "bad": 0,
        "labels": {},
        "created_at": now(),
    }


def _get(connection: Connection, batch_id: str, seen_by: str | None = None) -> BatchJob:
    chosen = seen(select(BATCHES).where(BATCHES.c.id == batch_id), BATCHES, seen_by)
    row = connection.execute(chosen).mappings().first()
    if row is None:
        raise UnknownBatchError(f"There is no batch {batch_id[:100]!r}; GET /v1/batches lists those there are")
    job = connection.execute(select(JOBS).where(JOBS.c.id == row["job_id"])).mappings().one()
    return _batch(row, job_of(dict(job)))


def _batch(row: Any, job: Job) -> BatchJob:
    plain = {name: row[name] for name in BatchJob.__dataclass_fields__ if name in row}
    return BatchJob(job=job, **plain)


def link_anew(file: Path, to: Path) -> None:
    """Give a file a second name, as if that was made now; an older file of that name goes."""
    to.unlink(missing_ok=True)
    to.hardlink_to(file)
    os.utime(to)
    sync_folder(to.parent)
