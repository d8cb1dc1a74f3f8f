"""The short way of plain requests: the same answers as Flask's way, and nothing refused but by Flask."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from models.versions import SHIPPED_MODELS
from service.keys import create_key
from service.short import Asked, plain
from tests.service.server_process import ServerProcess, read_answer
from tests.service.test_metrics import value

OPINION = "显然，这种做法毫无道理，我认为厂商应该向用户道歉，而不是一味推卸责任。"
ROUNDABOUT = {"Content-Type": "application/json; profile=plain"}
"""A Content-Type that the short way does not know, and Flask's does: the same JSON."""


@pytest.mark.parametrize(
    "body",
    [
        {"text": OPINION},
        {"text": ""},
        {"text": '引号"和\n换行与😀', "evidence": True, "data_id": '帖"7"'},
        {"texts": [OPINION, "", "猜你喜欢"], "evidence": False, "data_id": None},
        {"texts": []},
        {"text": OPINION, "texts": None},
    ],
    ids=["one text", "empty", "escapes", "several", "none", "null beside"],
)
def test_both_ways_give_the_same_answer(client: FlaskClient, body: dict[str, Any]) -> None:
    """What is answered without Flask is what Flask's view would have answered."""
    headers = {"X-Request-ID": "req-1"}
    data = json.dumps(body)

    short = client.post("/v1/classify", data=data, headers=headers, content_type="application/json")
    long = client.post("/v1/classify", data=data, headers=headers | ROUNDABOUT)

    assert plain(data.encode()) is not None
    assert (200, long.get_json()) == (short.status_code, short.get_json())
    assert (long.content_type, long.headers["X-Request-ID"]) == (short.content_type, short.headers["X-Request-ID"])


@pytest.mark.parametrize(
    "body",
    [
        '{"text": "a", "text": "b"}',
        '{"evidence": false, "text": "a", "evidence": true}',
        '{"text": "a", "data_id": null, "data_id": null}',
        r'{"text": "a\\", "text": "b\\"}',
        r'{"text": "\"", "text": "\""}',
        r'{"text": "a", "t\u0065xt": "b"}',
        r'{"text": "\ud800"}',
        '{"text": "a", "texts": ["b"]}',
        '{"text": "a", "other": 1}',
        '{"texts": ["a", 1]}',
        '{"text": "a", "evidence": 1}',
        '{"text": "a", "data_id": 7}',
        '{"text": "a", "data_id": "' + "x" * 129 + '"}',
        '{"texts": null}',
        '["text"]',
        '"text"',
        "{",
        "",
        '{"text": NaN}',
    ],
)
def test_what_is_not_plain_is_left_to_flask(client: FlaskClient, body: str) -> None:
    """A repeated name, a lone surrogate, a wrong shape: the short way passes them on, and Flask refuses them."""
    answer = client.post("/v1/classify", data=body, content_type="application/json")

    assert plain(body.encode()) is None
    assert answer.status_code in {400, 422}
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize("body", ['{"text": "a\\\\"}', '\ufeff{"text": "a"}'], ids=["backslash", "byte order mark"])
def test_what_only_flask_reads_is_answered_all_the_same(client: FlaskClient, body: str) -> None:
    """The body that the short way has read is put back."""
    answer = client.post("/v1/classify", data=body.encode(), content_type="application/json")

    assert plain(body.encode()) is None
    assert (200, 1) == (answer.status_code, len(answer.get_json()["results"]))


def test_a_plain_body_is_read() -> None:
    """Texts in order, and what else was asked."""
    assert Asked(["一", "二"], evidence=True, data_id="7") == plain(
        '{"texts": ["一", "二"], "evidence": true, "data_id": "7"}'.encode()
    )


@pytest.mark.parametrize(("header", "form"), [("Authorization", "Bearer {}"), ("X-API-Key", "{}")])
def test_a_key_opens_the_short_way(make_app: Callable[..., Flask], header: str, form: str) -> None:
    """With its scope a key is let in by either header; without one, Flask tells why not."""
    app = make_app(models_dir=SHIPPED_MODELS)
    client, engine = app.test_client(), app.extensions["lanmu"].engine
    tokens = [create_key(engine, scope, [scope]).token for scope in ("predict", "review")]

    answers = [
        client.post("/v1/classify", json={"text": OPINION}, headers={header: form.format(token)})
        for token in [*tokens, "no.key"]
    ]

    assert [200, 403, 401] == [answer.status_code for answer in answers]
    assert 401 == client.post("/v1/classify", json={"text": OPINION}).status_code


def test_a_short_answer_is_logged_and_counted(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """One line and one count for each request, as for every other."""
    labels = {"method": "POST", "route": "/v1/classify", "status": "200"}
    before = value(client.get("/metrics").text, "lanmu_requests_total", **labels)
    capsys.readouterr()

    client.post("/v1/classify", json={"text": "a"}, headers={"X-Request-ID": "req-9"})

    (line,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert ("request", "req-9", 200, None) == (line["event"], line["request_id"], line["status"], line["key"])
    assert before + 1 == value(client.get("/metrics").text, "lanmu_requests_total", **labels)


def test_a_body_that_never_comes_is_answered_under_its_own_id(tmp_path: Path) -> None:
    """Even where another request came before it on the same connection."""
    head = "POST /v1/classify HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nX-Request-ID: {}\r\n"
    first = head.format("first") + 'Content-Length: 13\r\n\r\n{"text": "a"}'
    second = head.format("second") + 'Content-Length: 13\r\n\r\n{"text'

    with ServerProcess.started(tmp_path, LANMU_REQUEST_TIMEOUT_S="2") as server, server.connect() as connection:
        answers = []
        for request in (first, second):
            connection.sendall(request.encode())
            answers.append(read_answer(connection))

    assert [(200, "first"), (408, "second")] == [(each.status, each.json["request_id"]) for each in answers]
    assert "second" in next(line for line in server.log if line["event"] == "request_ended_by_watchdog").values()


def test_a_new_policy_is_followed_at_once(client: FlaskClient) -> None:
    """What is kept from one request to the next is kept for the same policy alone."""
    body, path = json.dumps({"text": OPINION}), "/v1/policy"
    before = client.post("/v1/classify", data=body, content_type="application/json").get_json()

    changed = client.put(path, json={"labels": {"opinion": "block"}, "version": client.get(path).get_json()["version"]})
    after = client.post("/v1/classify", data=body, content_type="application/json").get_json()

    assert (200, "review", "block") == (
        changed.status_code,
        before["results"][0]["suggestion"],
        after["results"][0]["suggestion"],
    )
