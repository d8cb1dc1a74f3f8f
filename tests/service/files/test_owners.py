"""Whose files and batches are: a key sees its own, administrators see all."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from models.versions import SHIPPED_MODELS
from service.files import Batches, Files, Upload
from service.files.job import run as run_batch_job
from service.keys import Scope, create_key, revoke_key
from service.parts import EXTENSION, Parts
from tests.service.files.calls import OPINION, requests
from tests.service.files.test_keeping import here_after, task

NOBODYS = 404
LINE = requests([{"input": OPINION}], "/v1/moderations")[0]


class Ring:
    """An application, and keys to call it with: two with the scope `batch` and an administrator's."""

    def __init__(self, app: Flask) -> None:
        self.parts: Parts = app.extensions[EXTENSION]
        self.client: FlaskClient = app.test_client()
        scopes = {"ann": Scope.BATCH, "bob": Scope.BATCH, "root": Scope.ADMIN}
        self.keys = {name: create_key(self.engine, name, [scope]) for name, scope in scopes.items()}

    @property
    def engine(self) -> Engine:
        """Its database."""
        return self.parts.engine

    def call(self, name: str, method: str, path: str, **sent: Any) -> Any:
        """Status and answer of a call with somebody's key."""
        answer = self.client.open(path, method=method, headers={"X-API-Key": self.keys[name].token}, **sent)
        return answer.status_code, answer.get_json(silent=True)

    def upload(self, name: str) -> str:
        """A file of somebody's; its id."""
        form = {"purpose": "batch", "file": (io.BytesIO(LINE), "requests.jsonl")}
        status, answer = self.call(name, "POST", "/v1/files", data=form)
        assert 200 == status
        return str(answer["id"])

    def order(self, name: str, file: str) -> Any:
        """Status and answer of an order over a file."""
        order = {"input_file_id": file, "endpoint": "/v1/moderations", "completion_window": "24h"}
        return self.call(name, "POST", "/v1/batches", json=order)

    def listed(self, name: str, path: str) -> list[str]:
        """The ids that somebody sees."""
        return [each["id"] for each in self.call(name, "GET", path)[1]["data"]]


@pytest.fixture
def ring(make_app: Callable[..., Flask]) -> Ring:
    """The application with the shipped champion, which batches need to be ordered."""
    return Ring(make_app(models_dir=SHIPPED_MODELS))


def test_a_key_sees_and_deletes_its_own_files(ring: Ring) -> None:
    """Those of others are not there for it: neither shown, listed, downloaded nor deleted."""
    anns, bobs = ring.upload("ann"), ring.upload("bob")

    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        status, answer = ring.call("bob", method, f"/v1/files/{anns}{path}")
        assert (NOBODYS, True) == (status, "There is no file" in answer["error"]["message"])
    assert NOBODYS == ring.call("bob", "GET", f"/v1/files?after={anns}")[0]
    assert [bobs] == ring.listed("bob", "/v1/files")
    assert [anns] == ring.listed("ann", "/v1/files")
    assert [bobs, anns] == ring.listed("root", "/v1/files")
    assert 200 == ring.call("ann", "DELETE", f"/v1/files/{anns}")[0]
    assert 200 == ring.call("root", "DELETE", f"/v1/files/{bobs}")[0]


def test_a_key_sees_orders_and_cancels_its_own_batches(ring: Ring) -> None:
    """It orders none over another's file; an administrator may do all that."""
    file = ring.upload("ann")
    status, answer = ring.order("bob", file)
    assert (422, "input_file_id") == (status, answer["error"]["param"])
    batch = ring.order("ann", file)[1]["id"]

    for method, path in (("GET", ""), ("POST", "/cancel")):
        assert NOBODYS == ring.call("bob", method, f"/v1/batches/{batch}{path}")[0]
    assert NOBODYS == ring.call("bob", "GET", f"/v1/batches?after={batch}")[0]
    assert ([], [batch], [batch]) == tuple(ring.listed(name, "/v1/batches") for name in ("bob", "ann", "root"))
    assert 200 == ring.call("root", "POST", f"/v1/batches/{batch}/cancel")[0]


def test_what_a_batch_makes_is_its_owners(ring: Ring) -> None:
    """The output of a batch that an administrator ordered over another's file is the administrator's."""
    file = ring.upload("ann")
    for name in ("ann", "root"):
        ring.order(name, file)
    folder = ring.parts.settings.data_dir
    with here_after():
        made = [run_batch_job(task(ring.engine, folder, "batch"))["output_file_id"] for _ in range(2)]

    seen = {name: [200 == ring.call(name, "GET", f"/v1/files/{each}")[0] for each in made] for name in ring.keys}

    assert {"ann": [True, False], "bob": [False, False], "root": [True, True]} == seen


def test_what_has_no_owner_is_left_to_administrators(ring: Ring) -> None:
    """What was made while the service was open; what a revoked key made stays its own, and comes to nobody else."""
    file = ring.upload("ann")
    revoke_key(ring.engine, ring.keys["ann"].key.prefix)
    files = Files(ring.engine, ring.parts.settings.data_dir)
    aside = files.folder / "uploaded"
    aside.write_bytes(LINE)
    open_one = files.keep(Upload(aside, "a.jsonl", len(LINE), {}), purpose="batch", who="open service", lifetime_s=60)

    assert [] == ring.listed("bob", "/v1/files")
    assert {file, open_one.id} == set(ring.listed("root", "/v1/files"))


def test_without_keys_everybody_sees_all(make_app: Callable[..., Flask]) -> None:
    """As it was: the service is open."""
    app = make_app(models_dir=SHIPPED_MODELS)
    client = app.test_client()
    form = {"purpose": "batch", "file": (io.BytesIO(LINE), "requests.jsonl")}
    file = client.post("/v1/files", data=form).get_json()["id"]
    order = {"input_file_id": file, "endpoint": "/v1/moderations", "completion_window": "24h"}
    batch = client.post("/v1/batches", json=order).get_json()["id"]

    assert 200 == client.get(f"/v1/files/{file}").status_code
    assert batch == Batches(app.extensions[EXTENSION].engine, Path()).get(batch).id
    assert [batch] == [each["id"] for each in client.get("/v1/batches").get_json()["data"]]
    assert 200 == client.delete(f"/v1/files/{file}").status_code
