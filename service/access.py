"""Each request's id, log line and counts."""

from __future__ import annotations

import re
import time
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from service.metrics import count_request

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,128}")

log = structlog.get_logger()


def register_access(app: Flask) -> None:
    """Give every request an id, and log and count every answer."""
    app.before_request(_begin)
    app.after_request(_finish)


def request_id_of(given: str | None) -> str:
    """The caller's request id where it is fit for a log line, else a new one."""
    return given if given and _SANE.fullmatch(given) else uuid4().hex


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = request_id_of(request.headers.get(HEADER))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    seconds = time.perf_counter() - g.started
    response.headers[HEADER] = g.request_id
    method = request.method if request.method in METHODS else "other"
    route = request.url_rule.rule if request.url_rule else "none"
    count_request(method, route, response.status_code, seconds)
    log.info(
        "request",
        method=method,
        path=request.path[:200],
        status=response.status_code,
        ms=round(seconds * 1000, 2),
        key=g.get("key_prefix"),
        model=g.get("model"),
    )
    return response
