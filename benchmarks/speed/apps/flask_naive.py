"""The naive pipeline behind Flask, as most would write it."""

from __future__ import annotations

from typing import Any

from flask import Flask, request

from benchmarks.speed.apps.answering import naive

app = Flask(__name__)
judge = naive()


@app.post("/")
def classify() -> dict[str, Any]:
    """Label `text`, or all of `texts`."""
    body = request.get_json()
    return {"results": judge(body["texts"] if "texts" in body else [body["text"]])}
