"""GET and PUT /v1/policy, POST /v1/policy/preview: what is to be done with which label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response

from service.auth import caller, requires
from service.body import read_json
from service.errors import Problem
from service.keys import Scope
from service.offload import compute
from service.openapi import describe
from service.parts import parts
from service.policy import Policy
from service.policy_schemas import PolicyAnswer, PolicyRequest, PreviewAnswer, PreviewRequest
from service.reply import envelope, send, send_bytes
from service.resources.classify import within_limit

blueprint = Blueprint("policy", __name__)


@blueprint.get("/v1/policy")
@describe("Show the policy: what is suggested for which label", gives=PolicyAnswer)
@requires(Scope.PREDICT)
def show_policy() -> Response:
    """The policy, and who made it."""
    return send(_told())


@blueprint.put("/v1/policy")
@describe("Replace the policy", takes=PolicyRequest, gives=PolicyAnswer)
@requires(Scope.ADMIN)
def replace_policy() -> Response:
    """A new version, which all processes follow within a second."""
    asked = read_json(PolicyRequest)
    _check_labels(asked.labels, "")
    parts().policies.change(asked, who=caller(), why=asked.why, made_from=asked.version)
    return send(_told())


@blueprint.post("/v1/policy/preview")
@describe("Tell what a change of the policy would do to some texts", takes=PreviewRequest, gives=PreviewAnswer)
@requires(Scope.PREDICT)
def preview_policy() -> Response:
    """Judge the texts, and compare what both policies suggest."""
    asked = read_json(PreviewRequest)
    _check_labels(asked.policy.labels, "/policy")
    texts = within_limit(asked.texts)
    model, now = parts().champion.model(), parts().policy
    proposed = asked.policy.policy(now.version)
    answer = envelope(model.version) | {"version": now.version}

    def work() -> bytes:
        judged = [(each.label, each.probability) for each in model.classify(texts)]
        return orjson.dumps(answer | _compared(judged, now, proposed))

    return send_bytes(compute(sum(map(len, texts)), work))


def _compared(judged: Iterable[tuple[str | None, float]], now: Policy, proposed: Policy) -> dict[str, Any]:
    results: list[dict[str, Any]] = []
    flips: Counter[str] = Counter()
    for label, probability in judged:
        before, after = now.suggest(label, probability), proposed.suggest(label, probability)
        flips.update([f"{before} to {after}"] if before != after else [])
        said = {"label": label, "probability": probability, "suggestion": before, "proposed": after}
        results.append(said | {"flips": before != after})
    return {"flips": dict(sorted(flips.items())), "results": results}


def _check_labels(labels: Iterable[str], pointer: str) -> None:
    """Refuse labels that the model never gives: a typing error would let everything through."""
    model = parts().champion.loaded
    for label in labels:
        if model is not None and label not in model.labels:
            detail = f"Version {model.version} has no label {label!r}; there are: {', '.join(model.labels)}"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer=f"{pointer}/labels/{label}")


def _told() -> dict[str, Any]:
    document, policy = parts().policies.document, parts().policy
    by = {name: getattr(document, name, None) for name in ("who", "why", "at")}
    return envelope(parts().champion.version) | policy.told() | by
