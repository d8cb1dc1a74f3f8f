"""Trainings over HTTP: asked for, joined, listed, cancelled; the work itself is tested in test_retraining."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.jobs import Jobs
from service.jobs.claims import Claims, Progress
from service.keys import create_key
from service.training_schemas import StartedTrainingAnswer, TrainingAnswer, TrainingListAnswer


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application, without a model and without a worker."""
    return make_app()


@pytest.fixture
def engine(app: Flask) -> Engine:
    """Its database."""
    engine: Engine = app.extensions["lanmu"].engine
    return engine


@pytest.fixture
def claims(engine: Engine) -> Claims:
    """A worker's view of its jobs."""
    return Claims(engine, "a worker", lease_s=60)


def test_a_training_is_accepted(client: FlaskClient) -> None:
    """202 with the place to look at, in the documented shape."""
    answer = client.post("/v1/trainings", json={"why": "new recipes"})

    told = answer.get_json()
    assert (202, f"/v1/trainings/{told['id']}") == (answer.status_code, answer.headers["Location"])
    assert ("queued", False, "new recipes") == (told["state"], told["joined"], told["why"])
    StartedTrainingAnswer.model_validate_json(answer.data, extra="forbid")


@pytest.mark.parametrize("send", [{}, {"json": {}}, {"data": b"", "content_type": "application/json"}], ids=str)
def test_the_body_may_be_missing(client: FlaskClient, send: dict[str, Any]) -> None:
    """`curl -X POST` is enough."""
    assert 202 == client.post("/v1/trainings", **send).status_code


def test_a_second_request_joins_the_training(client: FlaskClient, claims: Claims) -> None:
    """While it is queued and while it runs."""
    first = client.post("/v1/trainings").get_json()
    second = client.post("/v1/trainings").get_json()
    claims.claim(["training"])

    third = client.post("/v1/trainings").get_json()

    assert [first["id"]] * 2 == [second["id"], third["id"]]
    assert [False, True, True] == [first["joined"], second["joined"], third["joined"]]


def test_a_joined_training_tells_what_holds(client: FlaskClient) -> None:
    """Its own reason and wish, not those of the request that joined it."""
    client.post("/v1/trainings", json={"why": "to look at it", "promote": False})

    joined = client.post("/v1/trainings", json={"why": "new recipes", "promote": True})

    told = joined.get_json()
    assert (True, "to look at it", False) == (told["joined"], told["why"], told["promote"])
    StartedTrainingAnswer.model_validate_json(joined.data, extra="forbid")


def test_a_training_tells_how_far_it_is(client: FlaskClient, claims: Claims) -> None:
    """Stage, done and total, and what it printed so far."""
    path = client.post("/v1/trainings").headers["Location"]
    job = claims.claim(["training"])
    assert job is not None
    claims.renew(job, Progress("train: scoring", 1, 5), "scoring 100 sections\n")

    told = client.get(path)
    log = client.get(f"{path}/log")

    assert {"state": "running", "stage": "train: scoring", "done": 1, "total": 5}.items() <= told.get_json().items()
    TrainingAnswer.model_validate_json(told.data, extra="forbid")
    assert ("text/plain; charset=utf-8", "scoring 100 sections\n") == (log.content_type, log.text)


def test_a_finished_training_tells_what_it_made(client: FlaskClient, claims: Claims) -> None:
    """The version, the verdict, and whether it answers now."""
    path = client.post("/v1/trainings").headers["Location"]
    job = claims.claim(["training"])
    assert job is not None
    verdict = {"passed": False, "reasons": ["opinion lost .08 of its recall"]}
    claims.finish(job, {"version": "20261123-1", "unchanged": False, "verdict": verdict, "promoted": False})

    told = client.get(path).get_json()

    assert ("done", "20261123-1", verdict, False) == (
        told["state"], told["version"], told["verdict"], told["promoted"],
    )  # fmt: skip


def test_trainings_are_listed_newest_first(client: FlaskClient) -> None:
    """As many as were asked for."""
    ids = []
    for _ in range(3):
        ids.append(client.post("/v1/trainings").get_json()["id"])
        client.post(f"/v1/trainings/{ids[-1]}/cancel")

    answer = client.get("/v1/trainings?limit=2")

    assert [ids[2], ids[1]] == [training["id"] for training in answer.get_json()["trainings"]]
    TrainingListAnswer.model_validate_json(answer.data, extra="forbid")


def test_a_training_that_is_over_cannot_be_cancelled(client: FlaskClient) -> None:
    """409 says how it ended."""
    path = client.post("/v1/trainings").headers["Location"]
    first = client.post(f"{path}/cancel")

    second = client.post(f"{path}/cancel")

    assert (200, "cancelled") == (first.status_code, first.get_json()["state"])
    assert 409 == second.status_code
    assert "is cancelled already" in second.get_json()["detail"]


@pytest.mark.parametrize("path", ["", "/log", "/cancel"])
@pytest.mark.parametrize("id_of", ["nothing", "a batch"])
def test_what_is_no_training_is_404(client: FlaskClient, engine: Engine, path: str, id_of: str) -> None:
    """A job of another kind is none either."""
    job_id = Jobs(engine).add("batch", {}).id if id_of == "a batch" else "nothing"
    send = client.post if path == "/cancel" else client.get

    answer = send(f"/v1/trainings/{job_id}{path}")

    assert (404, "application/problem+json") == (answer.status_code, answer.content_type)
    assert repr(job_id) in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("send", "status", "pointer"),
    [
        ({"json": {"promote": "yes"}}, 422, "/promote"),
        ({"json": {"why": ""}}, 422, "/why"),
        ({"json": {"seeds": []}}, 422, "/seeds"),
        ({"json": []}, 422, ""),
        ({"data": b"{", "content_type": "application/json"}, 400, ""),
        ({"data": b"promote=1"}, 415, None),
    ],
    ids=str,
)
def test_a_wrong_body_is_refused(
    client: FlaskClient, engine: Engine, send: dict[str, Any], status: int, pointer: str | None
) -> None:
    """With a pointer to what is wrong, and nothing is queued."""
    answer = client.post("/v1/trainings", **send)

    assert (status, pointer) == (answer.status_code, answer.get_json().get("pointer"))
    assert [] == Jobs(engine).list()


@pytest.mark.parametrize("limit", ["0", "1001", "many"])
def test_a_wrong_limit_is_refused(client: FlaskClient, limit: str) -> None:
    """It is named."""
    answer = client.get(f"/v1/trainings?limit={limit}")

    assert 422 == answer.status_code
    assert "'limit'" in answer.get_json()["detail"]


def test_trainings_need_the_scope(client: FlaskClient, engine: Engine) -> None:
    """A key with `train` may start one, and is named as who did; a key with `predict` may not even look."""
    trainer, reader = (create_key(engine, "weekly", [scope]) for scope in ("train", "predict"))

    started = client.post("/v1/trainings", headers={"X-API-Key": trainer.token})
    looked = client.get("/v1/trainings", headers={"X-API-Key": reader.token})

    assert (202, 403) == (started.status_code, looked.status_code)
    assert f"weekly ({trainer.key.prefix})" == started.get_json()["who"]


def test_the_document_tells_of_trainings(client: FlaskClient) -> None:
    """The body may be left out, 202 is the answer, and the query is described."""
    paths = client.get("/openapi.json").get_json()["paths"]

    post, listing = paths["/v1/trainings"]["post"], paths["/v1/trainings"]["get"]

    assert post["requestBody"]["required"] is False
    assert {"202", "default"} <= set(post["responses"])
    assert "200" not in post["responses"]
    assert ["limit"] == [parameter["name"] for parameter in listing["parameters"]]
