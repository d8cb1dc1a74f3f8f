"""GET /livez, /readyz and /metrics: for whoever watches the service. They need no key and tell nothing of texts."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.champion import Champion
from service.crew import Member
from service.drift import drift_exposition, drift_of
from service.metrics import exposition
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.schemas import LiveAnswer, ReadyAnswer

blueprint = Blueprint("health", __name__)

OK = "ok"
FAILING = "failing"


@blueprint.get("/livez")
@describe("Tell that the process answers", gives=LiveAnswer)
def livez() -> Response:
    """Alive: nothing is looked at."""
    return send({"status": OK} | envelope(parts().champion.version))


@blueprint.get("/readyz")
@describe("Tell whether calls can be answered, and what fails", gives=ReadyAnswer)
def readyz() -> Response:
    """Ready: a model is loaded and the database answers.

    Where another version than the registry's champion answers, or an earlier policy than the file's, calls are answered
    all the same: degraded, not failing.
    """
    champion = parts().champion
    crew = champion.crew()
    checks = {"model": champion.failure or OK, "champion": _champion(champion, crew), "database": _database()}
    checks["policy"] = parts().policies.trouble or OK
    ready = checks["model"] == checks["database"] == OK
    status = FAILING if not ready else OK if checks["champion"] == checks["policy"] == OK else "degraded"
    workers = [asdict(member) for member in crew]
    answer = send({"status": status, "checks": checks, "workers": workers} | envelope(champion.version))
    answer.status_code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return answer


@blueprint.get("/metrics")
@describe("Give the metrics in Prometheus' text format", gives="text/plain")
def metrics() -> Response:
    """Counts of all workers, and drift."""
    model = parts().champion.loaded
    drift = b"" if model is None else drift_exposition(drift_of(model.version, model.metadata))
    return Response(exposition() + drift, content_type=CONTENT_TYPE_LATEST)


def _champion(champion: Champion, crew: list[Member]) -> str:
    """Whether the registry's champion answers in every process of this machine, or why not."""
    refused = [member for member in crew if member.refused is not None]
    if refused:
        return f"{refused[0].refused} is refused by process {refused[0].pid}: {refused[0].reason}"
    return champion.trouble or OK


def _database() -> str:
    try:
        with parts().engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"{type(error).__name__}: {error}"
    return OK
