"""GET /openapi.json: what the service can be asked."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, Response, current_app

from service.openapi import document
from service.parts import parts
from service.reply import send

blueprint = Blueprint("document", __name__)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI 3.1 document, with the labels of the loaded model."""
    loaded = parts().champion.loaded
    labels = () if loaded is None else loaded.labels
    keys_needed = not parts().keyring.is_open()
    return send(document(current_app, labels=labels, keys_needed=keys_needed, version=_version()))


def _version() -> str:
    try:
        return version("lanmu")
    except PackageNotFoundError:  # run from a checkout that was not installed
        return "0"
