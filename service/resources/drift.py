"""GET /v1/models/drift: live traffic beside what the champion was trained on."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response

from service.auth import requires
from service.drift import drift_of
from service.keys import Scope
from service.model_schemas import DriftAnswer
from service.openapi import describe
from service.parts import parts
from service.reply import envelope, send

blueprint = Blueprint("drift", __name__)


@blueprint.get("/v1/models/drift")
@describe("Tell how live traffic differs from what the champion was trained on", gives=DriftAnswer)
@requires(Scope.PREDICT)
def show_drift() -> Response:
    """Shares of labels, of abstentions and of unknown words, live and in training."""
    model = parts().champion.model()
    return send(envelope(model.version) | asdict(drift_of(model.version, model.metadata)))
