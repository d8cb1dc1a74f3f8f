"""Reading request bodies: whole, in the declared form, or not at all."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from http import HTTPStatus
from typing import IO, Any, NoReturn, TypeVar

from flask import Response, request
from gunicorn.http.errors import ParseException
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from service.errors import Problem
from service.parts import parts

Shape = TypeVar("Shape", bound=BaseModel)

JSON = "application/json"
READING = "lanmu.reading"
"""True in the WSGI environment while the body is awaited."""

CHUNKED = "wsgi.input_terminated"
"""True in the WSGI environment where a body without a length has an end of its own."""

PIECE_BYTES = 64 * 1024
DISCARDED_BYTES = 64 * 1024 * 1024
"""How much of a refused body is taken off the line, so that a client which sends all of it before it reads sees why."""


def read_json(shape: type[Shape]) -> Shape:
    """The request's JSON body as `shape`.

    Raises Problem (400 for what is not JSON, 413, 415) or pydantic's ValidationError (422).
    """
    if request.mimetype != JSON:
        refuse_media_type(JSON)
    return shape.model_validate(parse(read_bytes()))


def read_query(shape: type[Shape]) -> Shape:
    """The request's query as `shape`. Raises Problem (422)."""
    try:
        return shape.model_validate(request.args.to_dict())
    except ValidationError as error:
        found = error.errors()[0]
        detail = f"Query parameter {found['loc'][0]!r}: {found['msg']}"
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail)


def read_bytes() -> bytes:
    """The request's body as it was sent. Raises Problem (400 where it breaks off, 413, 415)."""
    if (encoding := request.headers.get("Content-Encoding", "identity")) != "identity":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Encoding {encoding!r} is not read: send it plain")
    request.environ[READING] = True
    try:
        data = request.get_data(cache=False)
    except (ClientDisconnected, ParseException, OSError) as error:  # the second is gunicorn's, for broken chunks
        raise Problem(HTTPStatus.BAD_REQUEST, f"The body did not arrive whole: {error}", pointer="") from error
    request.environ[READING] = False
    if len(data) > parts().settings.max_body_bytes:
        raise RequestEntityTooLarge
    return data


def discard_rest(answer: Response) -> Response:
    """Take a refused body off the line: hanging up on a client that still sends would cost it the answer."""
    if answer.status_code >= HTTPStatus.BAD_REQUEST and (request.content_length or request.environ.get(CHUNKED)):
        with suppress(ParseException, OSError):
            _discard(request.environ["wsgi.input"])
    return answer


def _discard(body: IO[bytes]) -> None:
    request.environ[READING] = True
    left = DISCARDED_BYTES
    while left > 0 and (piece := body.read(PIECE_BYTES)):
        left -= len(piece)
    request.environ[READING] = False


def refuse_media_type(*accepted: str) -> NoReturn:
    """Answer 415, naming what is accepted here."""
    given = repr(request.mimetype) if request.mimetype else "missing"
    detail = f"The Content-Type is {given}; send {' or '.join(accepted)}"
    raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail, headers={"Accept": ", ".join(accepted)})


def parse(data: bytes) -> Any:
    """JSON as strict as RFC 8259 lets it be. Raises Problem (400).

    The standard library's decoder and not orjson's: it tells of repeated names, and it lets lone surrogates through,
    so that their 422 can point at them. It costs 1.2 µs more on a short body and as much on a long one.
    """
    try:
        return _decoder.decode(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        _refuse(f"it is not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        _refuse(f"{error.msg} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse("it is nested too deeply")
    except ValueError as error:
        _refuse(str(error))


def _refuse(reason: str) -> NoReturn:
    raise Problem(HTTPStatus.BAD_REQUEST, f"The body is not valid JSON: {reason}", pointer="") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose names differ: of two equal ones, neither is surely the one that was meant."""
    found = dict(pairs)
    if len(found) != len(pairs):
        times = Counter(name for name, _ in pairs)
        repeated = next(name for name in times if times[name] > 1)
        raise ValueError(f"the name {repeated!r} is given twice in one object")
    return found


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")


_decoder = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)
