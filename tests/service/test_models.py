"""GET /v1/models: the saved versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient


def test_the_champion_is_listed(client: FlaskClient) -> None:
    """One version is the champion, and it is the one that answers."""
    answer = client.get("/v1/models").get_json()

    assert [version["version"] for version in answer["models"] if version["champion"]] == [answer["model"]]


def test_a_version_shows_its_metadata(client: FlaskClient) -> None:
    """A version's own address tells what its model.get_json() says."""
    champion = client.get("/readyz").get_json()["model"]

    answer = client.get(f"/v1/models/{champion}").get_json()

    assert (answer["version"], answer["champion"]) == (champion, True)
    assert answer["metadata"]["version"] == champion


@pytest.mark.parametrize("version", ["nope", "..", "%2e%2e", "champion", "a%00b", "栏目"])
def test_an_unknown_version_is_404(client: FlaskClient, version: str) -> None:
    """Whatever is no version of the registry is not found, files and folders beside it too."""
    assert client.get(f"/v1/models/{version}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "nope"),
        ("get", "nope/report"),
        ("get", "nope/comparison/no"),
        ("post", "nope/promote"),
        ("get", "history"),
    ],
)
def test_no_answer_tells_where_the_registry_lies(
    method: str, path: str, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    """What cannot be found or read is told by the name of the setting; its folder is nobody's business."""
    (tmp_path / "history.jsonl").write_text("broken\n", "utf-8")
    send = getattr(make_app().test_client(), method)

    answer = send(f"/v1/models/{path}", **({"json": {"why": "x"}} if method == "post" else {}))

    detail = answer.get_json()["detail"]
    assert ("LANMU_MODELS_DIR" in detail, str(tmp_path) in answer.text) == (True, False)


def test_no_model_is_told_without_its_place(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    """A call that no version can answer says so alike."""
    answer = make_app().test_client().post("/v1/classify", json={"text": "x"})

    assert (503, False) == (answer.status_code, str(tmp_path) in answer.text)
    assert "no champion in LANMU_MODELS_DIR" in answer.get_json()["detail"]
