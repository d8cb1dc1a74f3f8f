"""Requests in OpenAI's form, one a line, and their answers: `Format.OPENAI`."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from pydantic import ValidationError

from service.answers import result_answers
from service.batch.blocks import Block, Outcome, fault
from service.batch.outcomes import Written, judged_and_failed, labels_of, outcome_of
from service.batch.parsing import parse_lines
from service.batch.records import BadRecordError, object_of
from service.moderation import moderated
from service.moderation_schemas import InputError, ModerationRequest
from service.schemas import ClassifyRequest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from models.result import Result
    from service.batch.answering import Kit

MODERATIONS, CLASSIFY = "/v1/moderations", "/v1/classify"
ENDPOINTS = (MODERATIONS, CLASSIFY)

REQUEST = frozenset({"custom_id", "method", "url", "body"})
PLAIN = f'a request with a custom_id was expected; plain records are ordered with "records": {{}} and {CLASSIFY}'
"""What is said of a line that is no request at all: the order did not say what the file holds."""


class Request(NamedTuple):
    """What a line asks. id : its `custom_id`. line : its number, from 1."""

    id: str
    line: int
    texts: list[str]
    evidence: bool
    data_id: str | None


Answered = tuple[Request, "Sequence[Result]"]


def answer_requests(block: Block, kit: Kit) -> Outcome:
    """The answers to a block of requests, in the form that OpenAI gives them."""
    endpoint = kit.task.shape.endpoint or CLASSIFY
    requests, faults = parse_lines(block, partial(_request_of, endpoint=endpoint))
    answered, failed = judged_and_failed(requests, partial(_judge, kit=kit))
    faults += [fault(block.file, bad.line, reason, field="body", record_id=bad.id) for bad, reason in failed]
    faults = sorted([*block.faults, *faults], key=lambda each: each["line"] or 0)
    output = b"".join(_line(request, results, endpoint, kit) for request, results in answered)
    told = Written(output, len(answered), labels_of(results for _, results in answered))
    return outcome_of(block, [request for request, _ in answered], told, faults)


def _request_of(line: bytes, number: int, endpoint: str) -> Request:
    """The request in a line. Raises BadRecordError."""
    values = object_of(line)
    custom_id = values.get("custom_id")
    if not isinstance(custom_id, str):
        raise BadRecordError("a string was expected" if REQUEST & values.keys() else PLAIN, "custom_id")
    for name, wanted in (("method", "POST"), ("url", endpoint)):
        if values.get(name) != wanted:
            raise BadRecordError(f"{wanted!r} was expected, not {values.get(name)!r:.100}", name, custom_id)
    return _asked(values.get("body"), custom_id, number, endpoint)


def _asked(body: Any, custom_id: str, number: int, endpoint: str) -> Request:
    try:
        if endpoint == MODERATIONS:
            moderation = ModerationRequest.model_validate(body)
            return Request(custom_id, number, moderation.texts(), moderation.evidence, moderation.data_id)
        asked = ClassifyRequest.model_validate(body)
    except InputError as error:
        raise BadRecordError(str(error), _place(error.place), custom_id) from error
    except ValidationError as error:
        found = error.errors()[0]
        raise BadRecordError(found["msg"], _place(found["loc"]), custom_id) from error
    return Request(custom_id, number, asked.all_texts(), asked.evidence, asked.data_id)


def _place(steps: tuple[str | int, ...]) -> str:
    return "body" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _judge(requests: Sequence[Request], kit: Kit) -> list[Answered]:
    """The results of each request; the model is called once, and once more for those who want evidence."""
    results = {
        evidence: _of(requests, kit, evidence=evidence) for evidence in sorted({each.evidence for each in requests})
    }
    return [(request, [next(results[request.evidence]) for _ in request.texts]) for request in requests]


def _of(requests: Sequence[Request], kit: Kit, *, evidence: bool) -> Iterator[Result]:
    texts = [text for request in requests if request.evidence is evidence for text in request.texts]
    return iter(kit.model.classify(texts, evidence=evidence))


def _line(request: Request, results: Sequence[Result], endpoint: str, kit: Kit) -> bytes:
    """An answer: the same bytes whenever it is made."""
    policy, model = kit.task.policy, kit.model
    request_id = batch_request_id(request.id, request.line)
    body: dict[str, Any] = {"model": model.version, "request_id": request_id}
    if request.data_id is not None:
        body["data_id"] = request.data_id
    answers = result_answers(results, policy, evidence=request.evidence)
    if endpoint == MODERATIONS:
        body = {"id": f"modr-{request_id}"} | body | {"policy": policy.version}
        answers = moderated(answers, policy, model.labels)
    response = {"status_code": 200, "request_id": request_id, "body": body | {"results": answers}}
    told = {"id": request_id, "custom_id": request.id, "response": response, "error": None}
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def batch_request_id(custom_id: object, line: int | None) -> str:
    """The id of a request of a batch."""
    return "batch_req_" + hashlib.blake2b(f"{line} {custom_id}".encode("utf-8", "replace"), digest_size=12).hexdigest()
