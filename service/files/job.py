"""The job that runs a batch over an uploaded file; a try that follows another goes on where that one was.

Only at the end is anything visible: the rows of the output and of the errors appear together, in the transaction in
which the job is known to be still ours.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError

from service.batch.blocks import Block, Outcome
from service.batch.errors import BatchError, BusyError, CancelledError
from service.batch.job import Batch, Format
from service.batch.job import Task as Work
from service.batch.lanes import LocalEngine
from service.batch.plan import is_of_another_release
from service.batch.run import run_batch
from service.batch.summary import Summary
from service.files.batches import Batches, BatchJob, count, link_anew
from service.files.error_lines import write_error_lines
from service.files.errors import FileTooLargeError
from service.files.keeping import BATCH_OUTPUT, Files, add_row
from service.files.measuring import records_in
from service.files.shapes import fields_of, form_and_shape
from service.jobs.errors import JobFailedError
from service.jobs.jobs import Jobs
from service.jobs.task import Task
from service.policy import Policy
from service.store.clock import now
from service.store.tables import BATCHES, JOBS

COUNT_S = 0.5
"""How often it is told at most how many records are answered."""

FIRST_BLOCK = "000000.block"


def run(task: Task) -> dict[str, Any]:
    """Answer all records, and add output and errors to the files.

    Returns `batch`, `output_file_id` and `error_file_id`; a file that would be empty is not made.

    Raises JobFailedError where the file or the model do not allow it.
    """
    batches = Batches(task.engine, task.settings.data_dir)
    job = batches.get(task.job.payload["batch"])
    if not job.published:
        os.chdir(batches.folder(job.id))  # files are named in what is told, and no path of this machine should be
        ordered = _ordered(task, job)
        if not Path(ordered.ledger_target).exists():
            _answer(task, job, ordered)
        _publish(task, job, ordered)
        job = batches.get(job.id)
    batches.clear(job.id)
    return {"batch": job.id, "output_file_id": job.output_file_id, "error_file_id": job.error_file_id}


def _ordered(task: Task, job: BatchJob) -> Batch:
    """The batch in the words of `service.batch`."""
    told = task.job.payload
    form, shape = form_and_shape(told["filename"], job.endpoint, told["records"])
    return Batch(
        (told["input"],),
        told["output"],
        task.settings.models_dir,
        version=job.model,
        model_key=task.settings.key_bytes,
        format=form,
        fields=fields_of(told["records"]),
        shape=shape,
        policy=Policy.heard(job.policy),
    )


def _answer(task: Task, job: BatchJob, ordered: Batch) -> None:
    told = _Told(task, job, _counted(task, job, ordered))
    engine = LocalEngine(task.settings.batch_workers)
    # A server that was updated meanwhile answers from the first record again: nobody is there to say --restart.
    begun = replace(ordered, restart=is_of_another_release(ordered.work_folder))
    try:
        run_batch(begun, engine=engine, progress=told, cancelled=lambda: task.cancelled)
    except CancelledError:
        if not Jobs(task.engine).get(task.job.id).cancel_requested:
            raise  # the worker ends, and another one goes on
        if (ordered.work_folder / FIRST_BLOCK).exists():
            run_batch(ordered, engine=_Ended(), progress=told)
    except BusyError:
        raise  # an earlier try has not noticed yet that it is over
    except BatchError as error:
        raise JobFailedError(str(error)) from error


def _counted(task: Task, job: BatchJob, ordered: Batch) -> int:
    """How many records there are, by looking through the file once for all tries."""
    if job.total is not None:
        return job.total
    task.progress("validating")
    try:
        total = records_in(Path(ordered.sources[0]), ordered.format or Format.JSONL, task.settings.max_unpacked_bytes)
    except FileTooLargeError as error:
        raise JobFailedError(str(error)) from error
    with task.held() as connection:
        connection.execute(update(BATCHES).where(BATCHES.c.id == job.id).values(total=total))
        task.advanced(connection)
    return total


class _Told:
    """Tells how far the batch is: the worker often, the database now and then.

    A try that did records which no try had told of before does not count.
    """

    def __init__(self, task: Task, job: BatchJob, total: int) -> None:
        self._task = task
        self._job = job
        self._total = total
        self._count_at = 0.0
        self._known = job.answered + job.bad

    def __call__(self, summary: Summary) -> None:
        """Tell of a block that is done."""
        self._task.progress("in_progress", summary.records, max(self._total, summary.records))
        if time.monotonic() < self._count_at:
            return
        # What is not told now is told later.
        with suppress(OperationalError, InterfaceError), self._task.held() as connection:
            count(connection, self._job.id, summary)
            if summary.records > self._known:
                self._task.advanced(connection)
                self._known = summary.records
        self._count_at = time.monotonic() + COUNT_S


class _Ended:
    """Judges no more blocks: what is done is put together."""

    def outcomes(self, blocks: Iterator[Block], task: Work) -> Iterator[tuple[Block, Outcome] | None]:
        """Nothing."""
        del blocks, task
        return iter(())


def _publish(task: Task, job: BatchJob, ordered: Batch) -> None:
    """Add what was made to the files, all at once. Nothing was made where the batch was cancelled early."""
    task.progress("finalizing")
    end = _end_of(Path(ordered.ledger_target))
    errors = Path("errors.jsonl")
    if end["errors"]["bytes"]:
        requests = ordered.format is Format.OPENAI
        write_error_lines(Path(ordered.errors_target), errors, task.job.payload["filename"], requests=requests)
    made = {"output": Path(ordered.target), "error": errors}
    rows = [_linked(task, job, name, file) for name, file in made.items() if file.exists() and file.stat().st_size]
    summary = Summary(end["answered"], end["bad"], labels=end["labels"])
    with task.held() as connection:
        for row in rows:
            add_row(connection, row, task.job.payload["lifetime_s"])
        ids = {f"{row['id'].rpartition('-')[2]}_file_id": row["id"] for row in rows}
        cancelled = connection.scalar(select(JOBS.c.cancel_requested).where(JOBS.c.id == task.job.id))
        total = {} if cancelled else {"total": summary.records}
        count(connection, job.id, summary, finalizing_at=now(), **total, **ids)


def _linked(task: Task, job: BatchJob, name: str, file: Path) -> dict[str, Any]:
    """The row of a file that the batch made, which lies among the files from now on. Every try names it alike."""
    files = Files(task.engine, task.settings.data_dir)
    file_id = f"{job.id.replace('batch_', 'file-')}-{name}"
    stored = file_id + file.suffix
    link_anew(file, files.prepared() / stored)
    return {
        "id": file_id,
        "filename": f"{job.id}_{name}{file.suffix}",
        "stored": stored,
        "purpose": BATCH_OUTPUT,
        "bytes": file.stat().st_size,
        "who": task.job.who,
        "owner": job.owner,
    }


def _end_of(ledger: Path) -> dict[str, Any]:
    """What the last line of a finished ledger says of the whole."""
    if not ledger.exists():
        return {"answered": 0, "bad": 0, "labels": {}, "errors": {"bytes": 0}}
    with ledger.open("rb") as lines:
        *_, last = lines
    end: dict[str, Any] = orjson.loads(last)["finished"]
    return end
