"""POST /v1/classify: texts in, one result each. `service.short` answers the plain case of it."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from flask import Blueprint, Response

from service.answers import judge_texts, meanings_of
from service.auth import requires
from service.body import read_json
from service.errors import Problem
from service.keys import Scope
from service.offload import compute
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send_bytes
from service.schemas import ClassifyAnswer, ClassifyRequest

blueprint = Blueprint("classify", __name__)


@blueprint.post("/v1/classify")
@describe("Judge texts, each by itself", takes=ClassifyRequest, gives=ClassifyAnswer)
@requires(Scope.PREDICT)
def classify() -> Response:
    """Judge one text or several."""
    asked = read_json(ClassifyRequest)
    texts = within_limit(asked.all_texts())
    model, policy = parts().champion.model(), parts().policy
    answer = envelope(model.version, asked.data_id)

    def work() -> bytes:
        answer["results"] = judge_texts(model, policy, texts, evidence=asked.evidence)
        return orjson.dumps(answer)

    body = compute(asked.characters, work)
    parts().observer.saw(model, texts, meanings_of(answer["results"]))
    return send_bytes(body)


def within_limit(texts: list[str], pointer: str = "/texts") -> list[str]:
    """The texts, where they are not too many for one request. Raises Problem (422)."""
    limit = parts().settings.max_texts
    if len(texts) > limit:
        detail = f"{len(texts)} texts in one request; at most {limit} (LANMU_MAX_TEXTS): send them in several"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer=pointer)
    return texts
