"""Liveness, readiness and the service without a model."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient


def test_a_loaded_champion_is_ready(client: FlaskClient) -> None:
    """With model and database in order, every check is ok."""
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json()["checks"] == {"model": "ok", "champion": "ok", "database": "ok", "policy": "ok"}


def test_without_a_champion_readyz_says_why(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """The service starts without a model, lives, and is not ready."""
    client = make_app().test_client()

    answer = client.get("/readyz")

    assert client.get("/livez").status_code == 200
    assert (answer.status_code, answer.get_json()["status"]) == (503, "failing")
    assert answer.get_json()["checks"]["model"].startswith(f"no champion in {tmp_path}")


def test_a_damaged_champion_is_not_loaded(make_app: Callable[..., Flask], app: Flask, tmp_path: Path) -> None:
    """A flipped byte in the weights keeps the version from answering, and readyz names the file."""
    registry = shutil.copytree(app.extensions["lanmu"].settings.models_dir, tmp_path / "registry")
    (weights,) = registry.glob("*/weights.safetensors")
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)

    answer = make_app(models_dir=registry).test_client().get("/readyz")

    assert answer.status_code == 503
    assert "weights.safetensors" in answer.get_json()["checks"]["model"]


def test_a_lost_database_is_named(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """When the database is gone, readyz says so and livez goes on."""
    app = make_app()
    app.extensions["lanmu"].engine.dispose()
    shutil.rmtree(tmp_path / "var")
    (tmp_path / "var").write_text("in the way")

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert "unable to open database file" in answer.get_json()["checks"]["database"]
    assert app.test_client().get("/livez").status_code == 200
