"""POST /v1/trainings and below: retraining, as a job."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request

from service.auth import caller, requires
from service.body import JSON, parse, read_bytes, read_query, refuse_media_type
from service.jobs import Job, Jobs, UnknownJobError
from service.keys import Scope
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.training_schemas import (
    StartedTrainingAnswer,
    TrainingAnswer,
    TrainingListAnswer,
    TrainingQuery,
    TrainingRequest,
)

blueprint = Blueprint("trainings", __name__)

KIND = "training"
TEXT = "text/plain"
NO_STORE = {"Cache-Control": "no-store"}


@blueprint.post("/v1/trainings")
@describe(
    "Retrain on all seeds, or join the training under way",
    takes=TrainingRequest,
    optional=True,
    gives=StartedTrainingAnswer,
    status=HTTPStatus.ACCEPTED,
)
@requires(Scope.TRAIN)
def start_training() -> Response:
    """Queue a training; a worker does it. Two at once would learn the same."""
    asked = _read()
    job = _jobs().add(KIND, asked.model_dump(), once=KIND, who=caller())
    answer = send(envelope(parts().champion.version) | _told(job) | {"joined": job.joined})
    answer.status_code = HTTPStatus.ACCEPTED
    answer.headers["Location"] = f"{request.script_root}/v1/trainings/{job.id}"
    return answer


@blueprint.get("/v1/trainings")
@describe("List the trainings, newest first", gives=TrainingListAnswer, query=TrainingQuery)
@requires(Scope.TRAIN)
def list_trainings() -> Response:
    """The newest trainings."""
    trainings = [_told(job) for job in _jobs().list(KIND, limit=read_query(TrainingQuery).limit)]
    return send(envelope(parts().champion.version) | {"trainings": trainings})


@blueprint.get("/v1/trainings/<training>")
@describe("Tell how a training is doing", gives=TrainingAnswer)
@requires(Scope.TRAIN)
def show_training(training: str) -> Response:
    """One training."""
    return send(envelope(parts().champion.version) | _told(_job(training)))


@blueprint.get("/v1/trainings/<training>/log")
@describe("Give what a training printed, in all its tries", gives=TEXT)
@requires(Scope.TRAIN)
def show_training_log(training: str) -> Response:
    """The log so far."""
    return Response(_jobs().log(_job(training).id), headers=NO_STORE, content_type=f"{TEXT}; charset=utf-8")


@blueprint.post("/v1/trainings/<training>/cancel")
@describe("End a training that is queued or running", gives=TrainingAnswer)
@requires(Scope.TRAIN)
def cancel_training(training: str) -> Response:
    """One that waits is over at once, one at work within seconds."""
    return send(envelope(parts().champion.version) | _told(_jobs().cancel(_job(training).id)))


def _jobs() -> Jobs:
    return Jobs(parts().engine)


def _job(training: str) -> Job:
    job = _jobs().get(training)
    if job.kind != KIND:
        raise UnknownJobError(f"There is no training {training!r}; GET /v1/trainings lists them")
    return job


def _read() -> TrainingRequest:
    """The body, which may be missing."""
    body = read_bytes()
    if not body:
        return TrainingRequest()
    if request.mimetype != JSON:
        refuse_media_type(JSON)
    return TrainingRequest.model_validate(parse(body))


def _told(job: Job) -> dict[str, Any]:
    """What is said of a training."""
    result = job.result or {}
    return {
        "id": job.id,
        "state": job.state,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "attempts": job.attempts,
        "cancelling": job.cancel_requested and not job.state.over,
        "version": result.get("version"),
        "unchanged": result.get("unchanged", False),
        "verdict": result.get("verdict"),
        "promoted": result.get("promoted", False),
        "error": job.error,
        "who": job.who,
        "why": job.payload.get("why"),
        "promote": job.payload.get("promote"),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }
