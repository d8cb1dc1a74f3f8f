"""A judge behind FastAPI: `uvicorn --factory benchmarks.speed.apps.fastapi_app:with_naive`, or `with_compiled`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.speed.apps.answering import Judge, compiled, naive


class Asked(BaseModel):
    """What is to be labelled."""

    text: str | None = None
    texts: list[str] | None = None


class Label(BaseModel):
    """One text's label."""

    label: str | None
    probability: float


class Answer(BaseModel):
    """A label for each text."""

    results: list[Label]


def with_naive() -> FastAPI:
    """The naive pipeline."""
    return _application(naive())


def with_compiled() -> FastAPI:
    """Lanmu's model."""
    return _application(compiled())


def _application(judge: Judge) -> FastAPI:
    app = FastAPI()

    def classify(asked: Asked) -> Any:
        return {"results": judge([asked.text] if asked.text is not None else asked.texts or [])}

    app.post("/", response_model=Answer)(classify)
    return app
