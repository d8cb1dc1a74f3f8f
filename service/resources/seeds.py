"""GET and POST /v1/seeds, DELETE /v1/seeds/{id}: the seeds that trainings learn from beside the shipped ones."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from typing import Any, NoReturn

import orjson
from flask import Blueprint, Response, request

from models.seeds.records import read_records
from models.seeds.seed import Reading
from service.auth import caller, requires
from service.body import JSON, read_bytes, read_json, read_query, refuse_media_type
from service.errors import MEDIA_TYPE, Problem, problem_body
from service.keys import Scope
from service.offload import compute
from service.openapi import Raw, describe
from service.parts import parts
from service.reply import envelope, send
from service.seed_schemas import (
    MOST,
    SeedListAnswer,
    SeedListQuery,
    SeedsAnswer,
    SeedsQuery,
    SeedsRequest,
    WithdrawnAnswer,
    WithdrawQuery,
)
from service.seeds import (
    Added,
    Decision,
    Delivery,
    Form,
    FormError,
    UnknownSeedError,
    Wanted,
    add_seeds,
    count_seeds,
    list_seeds,
    read_seeds,
    storable,
    withdraw_seeds,
)

blueprint = Blueprint("seeds", __name__)

FORMS = {
    "application/jsonl": Form.JSONL,
    "application/x-ndjson": Form.JSONL,
    "text/csv": Form.CSV,
    "text/plain": Form.PAGES,
}
RAW = Raw(tuple(FORMS), SeedsQuery)
EXTRACTED = frozenset({"application/x-xz", "application/octet-stream"})
"""How a file of extracted seeds would be sent."""

NAME = "line"
"""What places are called by: `line:7`."""


@blueprint.get("/v1/seeds")
@describe("List the seeds that were added", gives=SeedListAnswer, query=SeedListQuery)
@requires(Scope.TRAIN)
def list_all() -> Response:
    """Seeds in the order of adding, some at a time."""
    asked = read_query(SeedListQuery)
    seeds, following = list_seeds(parts().engine, Wanted(**asked.model_dump()))
    answer = {"seeds": [seed.described() for seed in seeds], "next": following, "counts": count_seeds(parts().engine)}
    return send(envelope(parts().champion.version) | answer)


@blueprint.post("/v1/seeds")
@describe(
    "Add seeds", takes=SeedsRequest, gives=SeedsAnswer, raw=Raw(tuple(FORMS), SeedsQuery), status=HTTPStatus.CREATED
)
@requires(Scope.TRAIN)
def add() -> Response:
    """Add what is new of the seeds that were sent."""
    reading, delivery = _from_json() if request.mimetype == JSON else _from_file()
    sections = sum(len(page.seeds) for page in reading.pages)
    if sections > MOST:
        detail = f"{sections} sections in one request; at most {MOST}: send them in several"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer="")
    if not sections:
        _refuse_all(reading)
    return _answer(add_seeds(parts().engine, reading, delivery))


@blueprint.delete("/v1/seeds/<seed>")
@describe("Withdraw a seed", gives=WithdrawnAnswer, query=WithdrawQuery)
@requires(Scope.TRAIN)
def withdraw(seed: str) -> Response:
    """Withdraw a seed, or the whole page that it stands on; the rows are kept, with who did it and when."""
    whole_page = read_query(WithdrawQuery).whole_page
    try:
        gone = withdraw_seeds(parts().engine, seed, who=caller(), whole_page=whole_page)
    except UnknownSeedError as error:
        raise Problem(HTTPStatus.NOT_FOUND, str(error)) from error
    return send(envelope(parts().champion.version) | {"seeds": [each.described() for each in gone]})


def _from_json() -> tuple[Reading, Delivery]:
    """Seeds as records in a JSON body; their places are their numbers, from 1."""
    asked = read_json(SeedsRequest)
    reading = storable(read_records(enumerate(asked.seeds, 1), NAME))
    return reading, _delivery(asked.source, asked.on_conflict, asked.new_labels)


def _from_file() -> tuple[Reading, Delivery]:
    """Seeds as JSON Lines, CSV or seed pages."""
    if request.mimetype in EXTRACTED:
        detail = (
            "Extracted seeds cannot be added here: without their text they could be neither compared nor listed. "
            "Train with them by `lanmu-train train --seeds FILE.seeds.xz`"
        )
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    if request.mimetype not in FORMS:
        refuse_media_type(JSON, *FORMS)
    asked, form, charset = read_query(SeedsQuery), FORMS[request.mimetype], request.mimetype_params.get("charset")
    data = read_bytes()
    try:
        reading = compute(len(data), lambda: read_seeds(data, form, NAME, charset))
    except FormError as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error), pointer="") from error
    declared = [label for label in asked.new_labels.replace(" ", "").split(",") if label]
    return reading, _delivery(asked.source, asked.on_conflict, declared)


def _delivery(source: str, on_conflict: str | None, new_labels: Collection[str]) -> Delivery:
    decision = None if on_conflict is None else Decision(on_conflict)
    return Delivery(caller(), source or "POST /v1/seeds", decision, new_labels)


def _refuse_all(reading: Reading) -> NoReturn:
    """Nothing could be used."""
    problems = reading.problems
    errors = tuple({"detail": f"{problem.place}: {problem.reason}", "pointer": ""} for problem in problems[:20])
    detail = f"No seed could be used: {problems[0]}" if problems else "There are no seeds in the body"
    if len(problems) > 1:
        detail = f"No seed could be used; {len(problems)} rows are wrong, the first: {problems[0]}"
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer="", errors=errors if len(problems) > 1 else ())


def _answer(added: Added) -> Response:
    """201 where something was added, 200 where nothing is new, 409 where something waits for a decision."""
    answer = envelope(parts().champion.version) | added.described()
    if not added.waiting:
        response = send(answer)
        response.status_code = HTTPStatus.CREATED if added.ids else HTTPStatus.OK
        return response
    first = added.conflicts[0].reason
    detail = (
        f"{added.waiting} sections contradict seeds that are there, and wait; the first: {first}. Send them again with "
        f"on_conflict=keep, replace or both. {len(added.ids)} others were added"
    )
    problem = Problem(HTTPStatus.CONFLICT, detail)
    body: dict[str, Any] = orjson.loads(problem_body(problem, str(answer["request_id"]), request.path)[0])
    return Response(orjson.dumps(answer | body), HTTPStatus.CONFLICT, content_type=MEDIA_TYPE)
