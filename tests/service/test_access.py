"""Request ids and log lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from service.keys import create_key


def log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What was logged, line by line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_sane_request_id_is_kept(client: FlaskClient) -> None:
    """The caller's id comes back in the header and in the answer."""
    answer = client.get("/livez", headers={"X-Request-ID": "a-1.b:2_C"})

    assert (answer.headers["X-Request-ID"], answer.get_json()["request_id"]) == ("a-1.b:2_C", "a-1.b:2_C")


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, '{"a": 1}', "é"])
def test_another_request_id_is_replaced(client: FlaskClient, given: str) -> None:
    """What does not fit into a log line is not taken over."""
    made = client.get("/livez", headers={"X-Request-ID": given}).headers["X-Request-ID"]

    assert made != given
    assert len(made) == 32


def test_a_request_is_logged_without_its_text(client: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    """The line says what was asked and how it went, never what the text was."""
    client.post("/v1/classify", json={"text": "不能写进日志的话"}, headers={"X-Request-ID": "req-1"})

    (line,) = log_lines(capsys)

    assert line | {"ms": 0, "timestamp": ""} == {
        "event": "request",
        "level": "info",
        "method": "POST",
        "path": "/v1/classify",
        "status": 200,
        "ms": 0,
        "request_id": "req-1",
        "key": None,
        "model": client.get("/readyz").get_json()["model"],
        "timestamp": "",
    }


def test_the_keys_prefix_is_logged_not_its_secret(
    make_app: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    """The log tells whose call it was."""
    app = make_app()
    made = create_key(app.extensions["lanmu"].engine, "crawler", ["predict"])
    capsys.readouterr()

    app.test_client().get("/v1/models", headers={"X-API-Key": made.token})

    logged = capsys.readouterr().err
    assert json.loads(logged)["key"] == made.key.prefix
    assert made.token.partition(".")[2] not in logged


def test_a_failure_is_logged_under_its_request_id(
    make_app: Callable[..., Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    """The traceback can be found by the id that the caller got."""
    app = make_app()
    app.add_url_rule("/fail", view_func=lambda: str(1 / 0))
    capsys.readouterr()

    app.test_client().get("/fail", headers={"X-Request-ID": "req-1"})

    failure = log_lines(capsys)[0]
    assert (failure["event"], failure["request_id"]) == ("unforeseen_error", "req-1")
    assert "ZeroDivisionError" in failure["exception"]


def test_console_lines_are_for_people(make_app: Callable[..., Flask], capsys: pytest.CaptureFixture[str]) -> None:
    """With LANMU_LOG_FORMAT=console a line is text, not JSON."""
    make_app(log_format="console").test_client().get("/livez")

    line = capsys.readouterr().err.splitlines()[-1]

    assert "path=/livez" in line
    assert not line.startswith("{")


@pytest.mark.parametrize(("proxies", "scheme"), [(0, "http"), (1, "https")])
def test_forwarded_headers_count_only_behind_trusted_proxies(
    make_app: Callable[..., Flask], proxies: int, scheme: str
) -> None:
    """X-Forwarded-Proto is believed as often as LANMU_PROXIES says, by default never."""
    app = make_app(proxies=proxies)
    app.add_url_rule("/scheme", view_func=lambda: request.scheme)

    assert app.test_client().get("/scheme", headers={"X-Forwarded-Proto": "https"}).text == scheme
