"""/v1/batches and below: every line of a file answered by a job, as OpenAI's SDK orders and follows it."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response

from models.result import NONE
from service.auth import caller, owner, requires, seen_by
from service.body import read_json, read_query
from service.errors import Problem
from service.file_schemas import BatchAnswer, BatchListAnswer, BatchListQuery, BatchRequest
from service.files import Batches, BatchJob, BatchOrderError, Order, Status, UnknownFileError
from service.files.shapes import check_labels
from service.jobs import State
from service.keys import Scope
from service.openapi import describe
from service.parts import parts
from service.reply import send
from service.resources.files import lifetime_s, listed

blueprint = Blueprint("batches", __name__)


@blueprint.post("/v1/batches")
@describe("Answer every line of a file, as a job", takes=BatchRequest, gives=BatchAnswer)
@requires(Scope.BATCH)
def create_batch() -> Response:
    """Queue a batch. The version and the policy of this moment judge all of it."""
    asked = read_json(BatchRequest)
    kept, model = asked.output_expires_after, parts().champion.model()
    order = Order(
        asked.input_file_id,
        asked.endpoint,
        asked.completion_window,
        asked.metadata,
        None if asked.records is None else asked.records.model_dump(mode="json"),
        model.version,
        parts().policy,
        lifetime_s(None if kept is None else kept.seconds),
    )
    try:
        check_labels(order.records, (*model.labels, NONE))
        return send(_told(_batches().create(order, who=caller(), owner=owner())))
    except UnknownFileError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), pointer="/input_file_id") from error
    except BatchOrderError as error:
        pointer = "/" + error.param.replace(".", "/")
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), pointer=pointer) from error


@blueprint.get("/v1/batches")
@describe("List the batches, newest first", gives=BatchListAnswer, query=BatchListQuery)
@requires(Scope.BATCH)
def list_batches() -> Response:
    """The newest batches."""
    asked = read_query(BatchListQuery)
    found, more = _batches().list(after=asked.after, limit=asked.limit)
    return send(listed([_told(batch) for batch in found], more=more))


@blueprint.get("/v1/batches/<batch>")
@describe("Tell how a batch is doing", gives=BatchAnswer)
@requires(Scope.BATCH)
def show_batch(batch: str) -> Response:
    """One batch."""
    return send(_told(_batches().get(batch)))


@blueprint.post("/v1/batches/<batch>/cancel")
@describe("End a batch; what it answered by then becomes its output", gives=BatchAnswer)
@requires(Scope.BATCH)
def cancel_batch(batch: str) -> Response:
    """One that waits is over at once, one at work within seconds."""
    return send(_told(_batches().cancel(batch)))


def _batches() -> Batches:
    return Batches(parts().engine, parts().settings.data_dir, seen_by())


def _told(batch: BatchJob) -> dict[str, Any]:
    job, status = batch.job, batch.status
    ended = {status: _seconds(job.finished_at)}
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.endpoint,
        "input_file_id": batch.input_file_id,
        "completion_window": batch.completion_window,
        "status": status,
        "request_counts": {"total": batch.total or 0, "completed": batch.answered, "failed": batch.bad},
        "output_file_id": batch.output_file_id,
        "error_file_id": batch.error_file_id,
        "errors": _errors(batch) if status is Status.FAILED else None,
        "metadata": batch.notes,
        "model": batch.model,
        "policy": batch.policy["version"],
        "labels": batch.labels,
        "filename": job.payload["filename"],
        "created_at": int(batch.created_at),
        "in_progress_at": _seconds(job.started_at),
        "finalizing_at": None if batch.finalizing_at is None else int(batch.finalizing_at),
        "completed_at": ended.get(Status.COMPLETED),
        "failed_at": ended.get(Status.FAILED),
        "cancelling_at": None if batch.cancelling_at is None else int(batch.cancelling_at),
        "cancelled_at": ended.get(Status.CANCELLED),
        "expires_at": None,
        "expired_at": None,
    }


def _errors(batch: BatchJob) -> dict[str, Any]:
    code = "no_answer" if batch.job.state is State.PARKED else "invalid_input"
    error = {"code": code, "message": batch.job.error or "", "line": None, "param": None}
    return {"object": "list", "data": [error]}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
