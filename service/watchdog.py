"""Ending requests that last too long.

Three things can hold a request:

- It waits, for its client's body or for the database. A gevent timer ends it, and its worker goes on. An upload has
  that time for each mebibyte.
- It computes in a thread of its own (`service.offload`). The timer ends it, and the worker, whose thread cannot be
  ended, is replaced once its other requests are answered.
- It computes and never yields. Then no timer of the same worker can run, and gunicorn's master, which misses the
  worker's heartbeat, ends and replaces it (`timeout` in `service.server`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from gevent import Timeout

from service.access import HEADER, request_id_of
from service.body import READING
from service.errors import Problem, problem_body
from service.metrics import count_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger()

PATIENCE = "lanmu.patience"
"""In the WSGI environment, what gives the request its time anew: an upload's, for each part that arrived."""


class _Timer:
    """A request's time. gevent's timers, started again, go on with what was left: each time is a new one."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.timeout = Timeout(seconds)
        self.timeout.start()

    def again(self) -> None:
        """Begin anew."""
        self.timeout.close()
        self.timeout = Timeout(self._seconds)
        self.timeout.start()


class Watchdog:
    """A WSGI application that ends requests to another one after `seconds`."""

    def __init__(self, application: WSGIApplication, seconds: float) -> None:
        self._application = application
        self._seconds = seconds

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, or a problem where it comes too late."""
        started = time.perf_counter()
        timer = _Timer(self._seconds)
        environ[PATIENCE] = timer.again
        try:
            return self._application(environ, start_response)
        except Timeout as expired:
            if expired is not timer.timeout:
                raise
        except SystemExit:  # what gunicorn's master makes of a worker without heartbeat
            pass
        finally:
            timer.timeout.close()
        return self._late(environ, start_response, time.perf_counter() - started)

    def _late(self, environ: WSGIEnvironment, start_response: StartResponse, seconds: float) -> Iterable[bytes]:
        problem = self._problem(waits_for_body=environ.get(READING, False))
        request_id = structlog.contextvars.get_contextvars().get("request_id") or request_id_of(None)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"][:200]
        log.error(
            "request_ended_by_watchdog", method=method, path=path, status=problem.status, ms=round(seconds * 1000)
        )
        count_request("other", "watchdog", problem.status, seconds)
        status = f"{problem.status} {problem.status.phrase}"
        body, media_type = problem_body(problem, request_id, environ["PATH_INFO"])
        headers = [("Content-Type", media_type), ("Content-Length", str(len(body))), (HEADER, request_id)]
        start_response(status, headers)
        return [body]

    def _problem(self, *, waits_for_body: bool) -> Problem:
        limit = f"{self._seconds:g} s (LANMU_REQUEST_TIMEOUT_S)"
        if waits_for_body:
            return Problem(HTTPStatus.REQUEST_TIMEOUT, f"The body did not arrive within {limit}", pointer="")
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, f"The request took longer than {limit} and was ended")
