"""GET, PUT and DELETE /v1/models/shadow: a challenger that scores live traffic without answering."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

from flask import Blueprint, Response

from models.model import Model
from service.auth import caller, requires
from service.body import read_json
from service.errors import Problem
from service.keys import Scope
from service.metrics import totals
from service.model_schemas import ShadowAnswer, ShadowRequest
from service.offload import LARGE, compute
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.resources.models import champion_of, open_registry

blueprint = Blueprint("shadow", __name__)


@blueprint.get("/v1/models/shadow")
@describe("Tell which version scores in the shadow, and where it differs from the champion", gives=ShadowAnswer)
@requires(Scope.TRAIN)
def show_shadow() -> Response:
    """The shadow, what it scored, and the latest disagreements."""
    return _answer()


@blueprint.put("/v1/models/shadow")
@describe("Let a version score live traffic without answering", takes=ShadowRequest, gives=ShadowAnswer)
@requires(Scope.TRAIN)
def set_shadow() -> Response:
    """A version takes the place of an earlier shadow, once it was loaded here and gave its golden answers."""
    asked, registry = read_json(ShadowRequest), open_registry()
    if asked.version == champion_of(registry):
        raise Problem(HTTPStatus.CONFLICT, f"{asked.version!r} is the champion: it has nothing to differ from")
    who, key = caller(), parts().settings.key_bytes

    def work() -> None:
        Model.load(registry.folder(asked.version), key=key)
        registry.set_shadow(asked.version, who=who, why=asked.why)

    compute(LARGE, work)
    return _answer()


@blueprint.delete("/v1/models/shadow")
@describe("Have no shadow", gives=ShadowAnswer)
@requires(Scope.TRAIN)
def clear_shadow() -> Response:
    """Nothing scores beside the champion from now on."""
    open_registry().clear_shadow()
    return _answer()


def _answer() -> Response:
    shadow = open_registry().shadow()
    version = "" if shadow is None else shadow.version
    answer = {
        "shadow": None if shadow is None else asdict(shadow),
        "sections": round(totals("lanmu_shadow_sections_total", "version").get(version, 0)),
        "disagreements": round(totals("lanmu_shadow_disagreements_total", "version").get(version, 0)),
        "dropped": round(sum(totals("lanmu_shadow_dropped_total", "version").values())),
        "latest": [asdict(each) for each in parts().observer.shadow.latest()],
    }
    return send(envelope(parts().champion.version) | answer)
