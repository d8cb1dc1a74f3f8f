"""Every error as one JSON form: RFC 9457 problem details. Domain errors get their status here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

import orjson
import structlog
from flask import Flask, Response, g, request
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from models.versions import InvalidVersionError, RegistryError, RegistryUnwritableError, UnknownVersionError
from service.champion import NoModelError
from service.files.errors import NoRoomError, UnknownBatchError, UnknownFileError
from service.jobs.errors import JobOverError, UnknownJobError
from service.openai_errors import in_openai_form, openai_error
from service.parts import parts
from service.policy_file import PolicyChangedError, PolicyError, PolicyUnwritableError
from service.unlocated import unlocated

MEDIA_TYPE = "application/problem+json"
JSON = "application/json"
SHOWN_ERRORS = 20
"""How many wrong values of one request are listed; the detail says how many there are."""

TITLES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}
"""RFC 9110's names where http.HTTPStatus has older ones."""

MESSAGES = {
    "string_unicode": "The text holds a lone surrogate (half of a pair), which is no character: mend or remove it",
    "extra_forbidden": "There is no such field here",
    "model_type": "Input should be a JSON object",
}
"""Plainer words for some of pydantic's error types."""

REFUSALS: dict[type, HTTPStatus] = {
    UnknownVersionError: HTTPStatus.NOT_FOUND,
    InvalidVersionError: HTTPStatus.CONFLICT,
    RegistryUnwritableError: HTTPStatus.SERVICE_UNAVAILABLE,
    RegistryError: HTTPStatus.CONFLICT,
    UnknownJobError: HTTPStatus.NOT_FOUND,
    JobOverError: HTTPStatus.CONFLICT,
    UnknownFileError: HTTPStatus.NOT_FOUND,
    UnknownBatchError: HTTPStatus.NOT_FOUND,
    NoRoomError: HTTPStatus.INSUFFICIENT_STORAGE,
    PolicyChangedError: HTTPStatus.CONFLICT,
    PolicyError: HTTPStatus.CONFLICT,
    PolicyUnwritableError: HTTPStatus.SERVICE_UNAVAILABLE,
}

log = structlog.get_logger()


class Problem(Exception):  # noqa: N818 - RFC 9457's word
    """A request that cannot be answered.

    pointer : JSON pointer (RFC 6901) to what is wrong in the request's body; "" is the whole body, None is elsewhere.
    errors : where several values are wrong, each with its own `detail` and `pointer`.
    """

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        pointer: str | None = None,
        errors: tuple[dict[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.pointer = pointer
        self.errors = errors
        self.headers = dict(headers or {})


def register_errors(app: Flask) -> None:
    """Answer every error, foreseen or not, as a problem."""
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(ValidationError, _invalid)
    app.register_error_handler(NoModelError, _no_model)
    app.register_error_handler(OperationalError, _no_database)
    for kind in REFUSALS:
        app.register_error_handler(kind, _refused)
    app.register_error_handler(Exception, _unforeseen)


def problem_body(problem: Problem, request_id: str, path: str) -> tuple[bytes, str]:
    """The problem as JSON in the form that is spoken at this path, and its media type.

    Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    """
    if in_openai_form(path):
        pointer = None if problem.pointer is None else _storable(problem.pointer)
        return orjson.dumps(openai_error(problem.status, _storable(problem.detail), pointer, request_id)), JSON
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(problem.status, problem.status.phrase),
        "status": int(problem.status),
        "detail": _storable(problem.detail),
        "request_id": request_id,
    }
    if problem.pointer is not None:
        body["pointer"] = _storable(problem.pointer)
    if problem.errors:
        body["errors"] = [{name: _storable(text) for name, text in error.items()} for error in problem.errors]
    return orjson.dumps(body), MEDIA_TYPE


def _problem(problem: Problem) -> Response:
    body, media_type = problem_body(problem, g.get("request_id", ""), request.path)
    return Response(body, problem.status, problem.headers, content_type=media_type)


def _http(error: HTTPException) -> Response:
    """One of werkzeug's errors; those that redirect or come with an answer of their own stay as they are."""
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return cast("Response", error.get_response(request.environ))
    return _problem(Problem(HTTPStatus(error.code), _detail(error), pointer=_pointer(error), headers=_headers(error)))


def _detail(error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge):
        limit = parts().settings.max_body_bytes
        return f"The body is larger than {limit} bytes (LANMU_MAX_BODY_BYTES): send it in parts"
    if isinstance(error, MethodNotAllowed):
        return f"{request.method} does not work here; allowed: {', '.join(sorted(error.valid_methods or ()))}"
    if isinstance(error, NotFound):
        return f"There is nothing at {request.path[:200]!r}; /openapi.json lists what there is"
    return error.description or error.name


def _pointer(error: HTTPException) -> str | None:
    return "" if isinstance(error, RequestEntityTooLarge) else None


def _headers(error: HTTPException) -> dict[str, str]:
    return {name: value for name, value in error.get_headers(request.environ) if name.lower() != "content-type"}


def _invalid(error: ValidationError) -> Response:
    """A body of the wrong shape, refused by pydantic."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    errors = tuple(
        {"detail": MESSAGES.get(each["type"], each["msg"]), "pointer": pointer_to(each["loc"])}
        for each in found[:SHOWN_ERRORS]
    )
    detail, pointer = errors[0]["detail"], errors[0]["pointer"]
    if len(found) == 1:
        return _problem(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer=pointer))
    detail = f"{len(found)} values are wrong, the first: {detail}"
    return _problem(Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer=pointer, errors=errors))


def pointer_to(location: tuple[str | int, ...]) -> str:
    """The JSON pointer (RFC 6901) of a place in a body.

    >>> pointer_to(("texts", 3))
    '/texts/3'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in location)


def _no_model(error: NoModelError) -> Response:
    return _problem(Problem(HTTPStatus.SERVICE_UNAVAILABLE, unlocated(str(error), parts().settings)))


def _refused(error: Exception) -> Response:
    """What the registry or the jobs do not do. Flask comes here with the most special class that is registered."""
    status = next(REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)
    return _problem(Problem(status, unlocated(str(error), parts().settings)))


def _no_database(error: OperationalError) -> Response:
    log.error("database_failed", exc_info=error)
    return _problem(Problem(HTTPStatus.SERVICE_UNAVAILABLE, _said_of_database(error), headers={"Retry-After": "5"}))


def _said_of_database(error: OperationalError) -> str:
    """What a caller is told: that there is no room is no secret, and waiting does not mend it."""
    if "disk is full" in str(error.orig) or "No space left" in str(error.orig):
        return "The database cannot be written: its disk is full"
    return "The database does not answer"


def _unforeseen(error: Exception) -> Response:
    log.error("unforeseen_error", exc_info=error)
    detail = "The service failed; its log tells why under this request_id"
    return _problem(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail))


def _storable(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
