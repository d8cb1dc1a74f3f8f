"""GET /v1/models: the saved versions."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import orjson
from flask import Blueprint, Response

from models.versions import Registry, UnknownVersionError
from service.auth import requires
from service.errors import Problem
from service.keys import Scope
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send
from service.schemas import OneVersionAnswer, VersionListAnswer

blueprint = Blueprint("models", __name__)


@blueprint.get("/v1/models")
@describe("List the saved versions of the model", gives=VersionListAnswer)
@requires(Scope.PREDICT)
def list_models() -> Response:
    """All versions, oldest first."""
    registry = _registry()
    versions = [_version(registry, version) for version in registry.versions()]
    return send(envelope(parts().champion.version) | {"models": versions})


@blueprint.get("/v1/models/<version>")
@describe("Tell of one saved version", gives=OneVersionAnswer)
@requires(Scope.PREDICT)
def show_model(version: str) -> Response:
    """One version."""
    return send(envelope(parts().champion.version) | _version(_registry(), version))


def _registry() -> Registry:
    return Registry(parts().settings.models_dir)


def _version(registry: Registry, version: str) -> dict[str, Any]:
    """What is known of a version without loading it. A broken one is listed with empty metadata."""
    try:
        folder = registry.folder(version)
    except UnknownVersionError as error:
        raise Problem(HTTPStatus.NOT_FOUND, f"There is no version {version!r}; GET /v1/models lists them") from error
    try:
        metadata = orjson.loads((folder / "model.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        metadata = {}
    return {"version": version, "champion": version == parts().champion.version, "metadata": metadata}
