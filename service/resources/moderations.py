"""POST /v1/moderations: texts in and results out, as OpenAI's SDK sends and expects them."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from flask import Blueprint, Response, g

from service.answers import judge_texts, meanings_of
from service.auth import requires
from service.body import read_json
from service.errors import Problem, pointer_to
from service.keys import Scope
from service.moderation import moderated
from service.moderation_schemas import InputError, ModerationAnswer, ModerationRequest
from service.offload import compute
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send_bytes
from service.resources.classify import within_limit

blueprint = Blueprint("moderations", __name__)


@blueprint.post("/v1/moderations")
@describe("Judge texts, in OpenAI's form", takes=ModerationRequest, gives=ModerationAnswer)
@requires(Scope.PREDICT)
def moderate() -> Response:
    """Judge one text or several."""
    asked = read_json(ModerationRequest)
    texts = within_limit(_texts(asked), "/input")
    model, policy = parts().champion.model(), parts().policy
    answer = {"id": f"modr-{g.request_id}"} | envelope(model.version, asked.data_id) | {"policy": policy.version}

    def work() -> bytes:
        results = judge_texts(model, policy, texts, evidence=asked.evidence)
        answer["results"] = moderated(results, policy, model.labels)
        return orjson.dumps(answer)

    body = compute(sum(map(len, texts)), work)
    parts().observer.saw(model, texts, meanings_of(answer["results"]))
    return send_bytes(body)


def _texts(asked: ModerationRequest) -> list[str]:
    try:
        return asked.texts()
    except InputError as error:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), pointer=pointer_to(error.place)) from error
