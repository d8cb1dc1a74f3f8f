"""GET /v1/models and below: the saved versions, their history, reports and comparisons."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response

from models.versions import NoChampionError, Registry, RegistryError, objection, read_file
from service.auth import requires
from service.errors import Problem
from service.keys import Scope
from service.model_schemas import HistoryAnswer, OneVersionAnswer, VersionListAnswer
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.unlocated import unlocated

blueprint = Blueprint("models", __name__)

HTML = "text/html"
REPORT = "report.html"
SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""A report holds what others wrote: it may show itself, and neither run, load nor send anything."""


@blueprint.get("/v1/models")
@describe("List the saved versions of the model", gives=VersionListAnswer)
@requires(Scope.PREDICT)
def list_models() -> Response:
    """All versions, oldest first."""
    registry = open_registry()
    versions = [_version(registry, version) for version in registry.versions()]
    comparisons = [list(pair) for pair in registry.comparisons()]
    return send(envelope(parts().champion.version) | {"models": versions, "comparisons": comparisons})


@blueprint.get("/v1/models/history")
@describe("Tell when the champion changed, who did it, and why", gives=HistoryAnswer)
@requires(Scope.PREDICT)
def show_history() -> Response:
    """Every change, oldest first."""
    history = [asdict(change) for change in open_registry().history()]
    return send(envelope(parts().champion.version) | {"history": history})


@blueprint.get("/v1/models/<version>")
@describe("Tell of one saved version", gives=OneVersionAnswer)
@requires(Scope.PREDICT)
def show_model(version: str) -> Response:
    """One version."""
    return send(envelope(parts().champion.version) | _version(open_registry(), version))


@blueprint.get("/v1/models/<version>/report")
@describe("Give the report of a version: figures, curves, mistakes", gives=HTML)
@requires(Scope.PREDICT)
def show_report(version: str) -> Response:
    """The page that training made, checked against the version's manifest."""
    page = read_file(open_registry().folder(version), REPORT, key=parts().settings.key_bytes)
    if page is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"Version {version!r} was saved without a report; train it again")
    return Response(page, headers=SAFE, content_type=f"{HTML}; charset=utf-8")


@blueprint.get("/v1/models/<version>/comparison/<other>")
@describe("Give two versions side by side: what got better, what got worse, which sections flipped", gives=HTML)
@requires(Scope.PREDICT)
def show_comparison(version: str, other: str) -> Response:
    """The page that `lanmu-train compare --save`, or the gate, made."""
    page = open_registry().comparison(version, other)
    if page is None:
        remedy = f"make one with `lanmu-train compare {version} {other} --save`"
        raise Problem(HTTPStatus.NOT_FOUND, f"{version!r} and {other!r} were not compared yet; {remedy}")
    return Response(page, headers=SAFE, content_type=f"{HTML}; charset=utf-8")


def open_registry() -> Registry:
    """The registry that the service answers from."""
    settings = parts().settings
    return Registry(settings.models_dir, key=settings.key_bytes)


def champion_of(registry: Registry) -> str | None:
    """The name of the registry's champion, or None."""
    try:
        return registry.champion()
    except NoChampionError:
        return None


def _shadow_of(registry: Registry) -> str | None:
    """The name of the shadow; None for a broken file, too, which GET /v1/models/shadow tells of."""
    try:
        shadow = registry.shadow()
    except RegistryError:
        return None
    return None if shadow is None else shadow.version


def _version(registry: Registry, version: str) -> dict[str, Any]:
    """What is known of a version without loading it. A broken one is listed with empty metadata."""
    folder = registry.folder(version)
    try:
        metadata = orjson.loads((folder / "model.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        metadata = {}
    return {
        "version": version,
        "champion": version == champion_of(registry),
        "shadow": version == _shadow_of(registry),
        **_judged(registry, version),
        "metadata": metadata,
    }


def _judged(registry: Registry, version: str) -> dict[str, Any]:
    """The verdict, and what it means for a promotion. A damaged one vouches for nothing, and is no reason to fail."""
    try:
        return {"verdict": registry.verdict(version), "objection": objection(registry, version)}
    except RegistryError as error:
        return {"verdict": None, "objection": unlocated(str(error), parts().settings)}
