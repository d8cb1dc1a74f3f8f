"""Each request's id, log line and counts."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

import structlog
from flask import Flask, Response, g, request

from service.logs import Told
from service.metrics import count_request

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SANE = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def register_access(app: Flask, tell: Callable[[Told], None]) -> None:
    """Give every request an id, and log (by `tell`) and count every answer."""

    def finish(response: Response) -> Response:
        return _finish(response, tell)

    app.before_request(_begin)
    app.after_request(finish)


def request_id_of(given: str | None) -> str:
    """The caller's request id where it is fit for a log line, else a new one."""
    return given if given and _SANE.fullmatch(given) else os.urandom(16).hex()


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = request_id_of(request.headers.get(HEADER))
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response, tell: Callable[[Told], None]) -> Response:
    seconds = time.perf_counter() - g.started
    response.headers[HEADER] = g.request_id
    method = request.method if request.method in METHODS else "other"
    route = request.url_rule.rule if request.url_rule else "none"
    status = response.status_code
    count_request(method, route, status, seconds)
    tell(Told(g.request_id, method, request.path[:200], status, seconds, g.get("key_prefix"), g.get("model")))
    return response
