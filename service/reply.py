"""Sending JSON answers."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, g

JSON = "application/json"


def envelope(model: str | None, data_id: str | None = None) -> dict[str, Any]:
    """What every answer carries: the version that answered, the request's id, and the caller's id where it sent one."""
    g.model = model
    carried = {"model": model, "request_id": g.request_id}
    return carried if data_id is None else carried | {"data_id": data_id}


def send(answer: dict[str, Any]) -> Response:
    """The answer as a response."""
    return send_bytes(orjson.dumps(answer))


def send_bytes(body: bytes) -> Response:
    """An answer that is JSON already."""
    return Response(body, content_type=JSON)
