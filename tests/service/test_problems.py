"""Bad requests: each gets a problem that says what is wrong and where."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

JSON = "application/json"


@pytest.mark.parametrize(
    ("body", "status", "pointer", "detail"),
    [
        (b"", 400, "", "Expecting value at line 1, column 1"),
        (b"{", 400, "", "Expecting property name"),
        (b"\xff{}", 400, "", "not UTF-8 at byte 0"),
        (b'{"text": NaN}', 400, "", "NaN is no JSON value"),
        (b'{"text": "a", "text": "b"}', 400, "", "the name 'text' is given twice"),
        (b"[" * 10_000, 400, "", "nested too deeply"),
        (b'{"text": ' + b"[" * 900 + b"]" * 900 + b"}", 422, "/text", "valid string"),
        (b'{"text": ' + b"1" * 5000 + b"}", 400, "", "integer string"),
        (b'{"text": 1e999}', 422, "/text", "valid string"),
        (b'{"text": "a\x00"}', 400, "", "Invalid control character"),
        (b'{"text": "\\ud800"}', 422, "/text", "lone surrogate"),
        (b'{"texts": ["a", "\\udfff"]}', 422, "/texts/1", "lone surrogate"),
        (b'{"\\ud800": "a"}', 422, "", "lone surrogate"),
        (b"[]", 422, "", "a JSON object"),
        (b"{}", 422, "", "exactly one of text, texts: here is none"),
        (b'{"text": "a", "texts": []}', 422, "", "here is text and texts"),
        (b'{"text": "a", "evidence": "yes"}', 422, "/evidence", "valid boolean"),
        (b'{"text": "a", "a/b~c": 1}', 422, "/a~1b~0c", "no such field"),
        (b'{"text": "a", "data_id": "' + b"x" * 129 + b'"}', 422, "/data_id", "at most 128"),
        (b'{"texts": ["a", 2]}', 422, "/texts/1", "valid string"),
    ],
    ids=lambda value: None if not isinstance(value, bytes) else repr(value[:28])[2:-1] or "empty",
)
def test_a_bad_body_is_refused_where_it_is_bad(
    client: FlaskClient, body: bytes, status: int, pointer: str, detail: str
) -> None:
    """The problem has a status, a JSON pointer to the place, and a detail in words."""
    answer = client.post("/v1/classify", data=body, content_type=JSON)

    assert (answer.status_code, answer.get_json()["status"]) == (status, status)
    assert answer.get_json()["pointer"] == pointer
    assert detail in answer.get_json()["detail"]


def test_a_repeated_name_among_many_is_found_in_linear_time(client: FlaskClient) -> None:
    """An object of 200,000 names, the last of them given twice, is refused within seconds."""
    body = "{" + ",".join(f'"{name}":1' for name in range(200_000)) + ',"199999":1}'
    started = time.monotonic()

    answer = client.post("/v1/classify", data=body, content_type=JSON)

    assert time.monotonic() - started < 5
    assert "the name '199999' is given twice" in answer.get_json()["detail"]


def test_several_wrong_values_are_all_told(client: FlaskClient) -> None:
    """The first wrong values are listed, and the detail counts them all."""
    answer = client.post("/v1/classify", json={"texts": list(range(50))})

    assert answer.get_json()["detail"].startswith("50 values are wrong, the first: ")
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"/texts/{place}" for place in range(20)]


def test_a_problem_has_every_field(client: FlaskClient) -> None:
    """Problems are RFC 9457 problem details with the request's id."""
    answer = client.get("/v1/nothing", headers={"X-Request-ID": "req-1"})

    assert answer.content_type == "application/problem+json"
    assert answer.get_json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing at '/v1/nothing'; /openapi.json lists what there is",
        "request_id": "req-1",
    }


def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    """405 names what works, in the header and in words."""
    answer = client.put("/v1/classify")

    assert answer.status_code == 405
    assert sorted(answer.headers["Allow"].split(", ")) == ["OPTIONS", "POST"]
    assert "OPTIONS, POST" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/classify", {"Content-Type": "application/x-www-form-urlencoded"}),
        ("/v1/classify", {"Content-Type": "text/plain"}),
        ("/v1/classify", {}),
        ("/v1/pages", {"Content-Type": "image/png"}),
        ("/v1/pages", {"Content-Type": "text/html", "Content-Encoding": "gzip"}),
    ],
    ids=["form", "text", "none", "image", "gzip"],
)
def test_an_unknown_form_of_body_is_415(client: FlaskClient, path: str, headers: dict[str, str]) -> None:
    """What is not read is not guessed at."""
    answer = client.post(path, data=b"{}", headers=headers)

    assert answer.status_code == 415
    assert answer.get_json()["detail"]


def test_a_body_over_the_limit_is_413(make_app: Callable[..., Flask]) -> None:
    """The limit is told, and nothing is cut."""
    client = make_app(max_body_bytes=2000).test_client()

    answer = client.post("/v1/classify", data=b" " * 2001, content_type=JSON)

    assert (answer.status_code, answer.get_json()["pointer"]) == (413, "")
    assert "2000 bytes (LANMU_MAX_BODY_BYTES)" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ValueError("secret detail"), 500),
        (OperationalError("SELECT", {}, Exception("secret detail")), 503),
    ],
    ids=["unforeseen", "database"],
)
def test_a_failure_of_ours_is_a_problem_without_its_inside(
    make_app: Callable[..., Flask], error: Exception, status: int
) -> None:
    """The caller learns the request's id, not what failed inside."""
    app = make_app()

    def fail() -> Any:
        raise error

    app.add_url_rule("/fail", view_func=fail)
    answer = app.test_client().get("/fail", headers={"X-Request-ID": "req-1"})

    assert (answer.status_code, answer.get_json()["request_id"]) == (status, "req-1")
    assert "secret" not in answer.text
