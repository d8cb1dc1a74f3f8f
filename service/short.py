"""The plain case of the commonest call, answered without Flask.

A small, well-formed `POST /v1/classify` takes Flask's routing, contexts and request objects longer than it takes the
model. Whatever is not plain (another call, a missing key, a wrong shape, an unusual header, a large body) goes on to
the application with its body put back: the application alone refuses, so there is one wording of every refusal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate, chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import structlog
from gunicorn.http.errors import ParseException

from service.access import HEADER, request_id_of
from service.answers import judge_texts, meanings_of
from service.auth import token_in
from service.body import JSON, READING
from service.champion import NoModelError
from service.keys import Scope
from service.logs import Told
from service.metrics import count_request, count_sections
from service.microbatch import MicroBatcher
from service.offload import LARGE
from service.quotation import quotation_marks
from service.writing import VerdictWriter, woven

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from models.judging.decision import Meaning, Words
    from models.model import Model
    from service.keys import Key
    from service.parts import Parts
    from service.policy import Policy

PATH = "/v1/classify"
METHOD = "POST"
MEDIA_TYPES = frozenset({JSON, f"{JSON}; charset=utf-8", f"{JSON};charset=utf-8", f"{JSON}; charset=UTF-8"})
UNUSUAL = ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING")
FIELDS = frozenset({"text", "texts", "evidence", "data_id"})
LARGEST = 3 * LARGE
"""Bytes of the largest body that is read here: more would hold more characters than are judged beside gevent's loop."""

LONGEST_ID = 128
"""Characters of a `data_id`, as in `service.schemas`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plain body asks."""

    texts: list[str]
    evidence: bool
    data_id: str | None


class Judged(NamedTuple):
    """What the texts of one request are given.

    results : as JSON, without the brackets around them. given : what each text is given. words : tells how many words
        training knew.
    """

    results: bytes
    given: list[Meaning]
    words: Callable[[], Words]


class ShortWay:
    """A WSGI application that answers plain requests itself and hands all others to another one."""

    def __init__(self, application: WSGIApplication, parts: Parts, tell: Callable[[Told], None]) -> None:
        self._application = application
        self._parts = parts
        self._tell = tell
        self._writing: tuple[str, Policy, VerdictWriter] | None = None
        self._batcher = MicroBatcher(self._judge)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The answer, whichever way."""
        if environ["PATH_INFO"] == PATH and environ["REQUEST_METHOD"] == METHOD:
            started = time.perf_counter()
            answer = self._answer(environ, started)
            if answer is not None:
                body, request_id = answer
                headers = [("Content-Type", JSON), ("Content-Length", str(len(body))), (HEADER, request_id)]
                start_response("200 OK", headers)
                return [body]
        return self._application(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, started: float) -> tuple[bytes, str] | None:
        """The answer and the request's id, or None where the request is not plain."""
        key = None
        if not self._parts.keyring.is_open() and (key := self._key(environ)) is None:
            return None
        try:
            model = self._parts.champion.model()
        except NoModelError:
            return None
        request_id = request_id_of(environ.get("HTTP_X_REQUEST_ID"))
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(
            request_id=request_id
        )  # the watchdog tells it where the body never comes
        if (asked := self._read(environ)) is None:
            return None
        body = self._body(model, asked, _envelope(model.version, request_id, asked.data_id))
        seconds, prefix = time.perf_counter() - started, None if key is None else key.prefix
        count_request(METHOD, PATH, 200, seconds)
        self._tell(Told(request_id, METHOD, PATH, 200, seconds, prefix, model.version))
        return body, request_id

    def _body(self, model: Model, asked: Asked, envelope: dict[str, Any]) -> bytes:
        policy, observer = self._parts.policy, self._parts.observer
        if asked.evidence:
            results = judge_texts(model, policy, asked.texts, evidence=True)
            observer.saw(model, asked.texts, meanings_of(results))
            return orjson.dumps(envelope | {"results": results})
        judged = self._batcher.judged(model, policy, asked.texts)
        observer.watch(model, asked.texts, judged.given, judged.words)
        return b'%b,"results":[%b]}' % (orjson.dumps(envelope)[:-1], judged.results)

    def _judge(self, model: Model, policy: Policy, requests: Sequence[Sequence[str]]) -> list[Judged]:
        """What the texts of each request are given, all in one call; they are counted, too."""
        verdicts = model.verdicts([*chain.from_iterable(requests)])
        given = verdicts.given()
        count_sections(model.version, given)
        columns = self._writer(model, policy).columns(verdicts)
        pieces, width = woven(columns), len(columns)
        judged = []
        for first, end in pairwise(accumulate(map(len, requests), initial=0)):
            results = b"".join(pieces[first * width : end * width])[:-1]
            judged.append(Judged(results, given[first:end], verdicts.part(first, end).words))
        return judged

    def _writer(self, model: Model, policy: Policy) -> VerdictWriter:
        """The last one, where it is for this version and this policy."""
        version, last, writer = self._writing or (None, None, None)
        if writer is None or version != model.version or last is not policy:
            writer = VerdictWriter(model, policy, (b"{", b"},"))
            self._writing = model.version, policy, writer
        return writer

    def _key(self, environ: WSGIEnvironment) -> Key | None:
        """The key that allows the call, or None."""
        token = token_in(environ.get("HTTP_AUTHORIZATION", ""), environ.get("HTTP_X_API_KEY"))
        key = None if token is None else self._parts.keyring.key_of(token)
        return key if key is not None and key.allows(Scope.PREDICT) else None

    def _read(self, environ: WSGIEnvironment) -> Asked | None:
        """What the body asks. Where that is not plain, the body is put back."""
        length = _plain_length(environ)
        if length is None or length > self._parts.settings.max_body_bytes:
            return None
        environ[READING] = True
        try:
            data = environ["wsgi.input"].read(length)
        except (ParseException, OSError):  # the connection is broken: the application meets it, too
            return None
        environ[READING] = False
        asked = plain(data) if len(data) == length else None
        if asked is not None and _small(asked.texts, self._parts.settings.max_texts):
            return asked
        environ["wsgi.input"] = BytesIO(data)
        return None


def _plain_length(environ: WSGIEnvironment) -> int | None:
    """The length of a small JSON body, or None where it is another one."""
    length = environ.get("CONTENT_LENGTH", "")
    if environ.get("CONTENT_TYPE") not in MEDIA_TYPES or any(name in environ for name in UNUSUAL):
        return None
    if not (length.isascii() and length.isdigit()) or len(length) > len(str(LARGEST)) or int(length) > LARGEST:
        return None
    return int(length)


def _small(texts: list[str], most: int) -> bool:
    return len(texts) <= most and sum(map(len, texts)) < LARGE


def _envelope(version: str, request_id: str, data_id: str | None) -> dict[str, Any]:
    carried: dict[str, Any] = {"model": version, "request_id": request_id}
    if data_id is not None:
        carried["data_id"] = data_id
    return carried


def plain(data: bytes) -> Asked | None:
    """What a body asks where it is right beyond doubt, else None: orjson refuses lone surrogates by itself."""
    try:
        fields = orjson.loads(data)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(fields, dict) or not fields.keys() <= FIELDS:
        return None
    texts = _texts(fields)
    evidence, data_id = fields.get("evidence", False), fields.get("data_id")
    if texts is None or not isinstance(evidence, bool):
        return None
    if data_id is not None and not (isinstance(data_id, str) and len(data_id) <= LONGEST_ID):
        return None
    strings = len(fields) + len(texts) + (data_id is not None)
    return Asked(texts, evidence, data_id) if quotation_marks(data) == 2 * strings else None


def _texts(fields: dict[str, Any]) -> list[str] | None:
    """The texts of a body that has them in one way and as strings, else None."""
    text, texts = fields.get("text"), fields.get("texts")
    if isinstance(text, str) and texts is None:
        return [text]
    if text is None and isinstance(texts, list) and set(map(type, texts)) <= {str}:
        return texts
    return None
