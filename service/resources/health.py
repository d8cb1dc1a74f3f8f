"""GET /livez, /readyz and /metrics: for whoever watches the service. They need no key and tell nothing of texts."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from service.metrics import exposition
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.schemas import LiveAnswer, ReadyAnswer

blueprint = Blueprint("health", __name__)

OK = "ok"


@blueprint.get("/livez")
@describe("Tell that the process answers", gives=LiveAnswer)
def livez() -> Response:
    """Alive: nothing is looked at."""
    return send({"status": OK} | envelope(parts().champion.version))


@blueprint.get("/readyz")
@describe("Tell whether calls can be answered, and what fails", gives=ReadyAnswer)
def readyz() -> Response:
    """Ready: the model is loaded and the database answers."""
    checks = {"model": parts().champion.failure or OK, "database": _database()}
    ready = all(found == OK for found in checks.values())
    answer = send({"status": OK if ready else "failing", "checks": checks} | envelope(parts().champion.version))
    answer.status_code = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
    return answer


@blueprint.get("/metrics")
@describe("Give the metrics in Prometheus' text format", gives="text/plain")
def metrics() -> Response:
    """Counts of all workers."""
    return Response(exposition(), content_type=CONTENT_TYPE_LATEST)


def _database() -> str:
    try:
        with parts().engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return f"{type(error).__name__}: {error}"
    return OK
