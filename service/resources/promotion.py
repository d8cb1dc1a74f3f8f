"""POST /v1/models/{version}/promote and /v1/models/rollback: which version answers."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus

import structlog
from flask import Blueprint, Response
from sqlalchemy.exc import SQLAlchemyError

from models.model import Model
from models.versions import Registry, RegistryError, objection
from service.auth import caller, check, requires
from service.body import read_json
from service.errors import Problem
from service.jobs import Jobs
from service.keys import Scope
from service.model_schemas import PromoteRequest, PromotionAnswer, RollbackRequest
from service.offload import LARGE, compute
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.resources.models import champion_of, open_registry
from service.taking_over import WAIT_S, take_over

blueprint = Blueprint("promotion", __name__)
log = structlog.get_logger()


@blueprint.post("/v1/models/<version>/promote")
@describe("Let a version answer from now on", takes=PromoteRequest, gives=PromotionAnswer)
@requires(Scope.TRAIN)
def promote(version: str) -> Response:
    """Promote, once the version was loaded here and gave its golden answers."""
    asked, registry = read_json(PromoteRequest), open_registry()
    registry.folder(version)
    reason = objection(registry, version)
    if reason is not None and not asked.force:
        raise Problem(HTTPStatus.CONFLICT, f"{version!r} is not promoted: {reason} (`force`, with the scope 'admin')")
    if reason is not None:
        check(Scope.ADMIN)
    previous, who, key = champion_of(registry), caller(), parts().settings.key_bytes
    why = asked.why if reason is None else f"{asked.why} (forced: {reason})"

    def work() -> None:
        Model.load(
            registry.folder(version), key=key
        )  # all that a worker will ask of it, and more than the registry does
        registry.promote(version, who=who, why=why)

    compute(LARGE, work)
    return _answer(registry, version, previous)


@blueprint.post("/v1/models/rollback")
@describe("Let the champion before answer again", takes=RollbackRequest, gives=PromotionAnswer)
@requires(Scope.TRAIN)
def rollback() -> Response:
    """Undo the last promotion; a second call goes one further back."""
    asked, registry = read_json(RollbackRequest), open_registry()
    previous, who = champion_of(registry), caller()
    version = compute(LARGE, lambda: registry.rollback(who=who, why=asked.why))
    return _answer(registry, version, previous)


def _answer(registry: Registry, version: str, previous: str | None) -> Response:
    champion = parts().champion
    # Half of what the watchdog gives a request: the promotion is done, and its answer must not be lost to the waiting.
    seconds = min(WAIT_S, parts().settings.request_timeout_s / 2)
    serving = take_over(champion, parts().follower, version, seconds)
    answer = {
        "champion": version,
        "previous": previous,
        "serving": serving,
        "workers": [asdict(member) for member in champion.crew()],
        "removed": _pruned(registry),
    }
    return send(envelope(champion.version) | answer)


def _pruned(registry: Registry) -> list[str]:
    """The versions removed to make room. What cannot be removed now goes after the next promotion."""
    keep, jobs = parts().settings.keep_versions, Jobs(parts().engine)
    try:
        return compute(LARGE, lambda: registry.prune(keep, jobs.pinned()))
    except (RegistryError, SQLAlchemyError) as error:
        log.error("versions_not_pruned", reason=str(error))  # noqa: TRY400 - the reason tells all, a traceback nothing more
        return []
