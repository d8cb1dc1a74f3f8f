"""GET and POST /v1/seeds, DELETE /v1/seeds/{id}."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.keys import Scope, create_key
from service.parts import EXTENSION

TEXT = "钠离子电池用铝箔代替铜箔，因为钠不与铝形成合金。"
SURROGATE = '{"seeds": [{"text": "\\ud800", "label": "none"}]}'
OTHER = "我不相信它能取代锂电池，说这话的人没有算过账。"


@pytest.fixture
def own(make_app: Callable[..., Flask]) -> FlaskClient:
    """A service with no seeds but the shipped ones, and without a model: seeds need none."""
    return make_app().test_client()


def post(client: FlaskClient, body: str | bytes, kind: str = "application/jsonl", query: str = "") -> TestResponse:
    """Send a file of seeds."""
    data = body if isinstance(body, bytes) else body.encode()
    return client.post(f"/v1/seeds{query}", data=data, content_type=kind)


def line(text: str, label: str) -> str:
    """A line of JSON."""
    return json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        pytest.param("application/jsonl", line(TEXT, "tech_analysis"), id="JSON Lines"),
        pytest.param("application/x-ndjson", line(TEXT, "tech_analysis"), id="the same by its other name"),
        pytest.param("text/csv", f"text,label\r\n{TEXT},tech_analysis\r\n", id="CSV"),
        pytest.param("text/csv; charset=gbk", f"text,label\n{TEXT},tech_analysis\n".encode("gbk"), id="CSV in GBK"),
        pytest.param("text/plain", f"=== p\n[tech_analysis]\n{TEXT}\n", id="a seed page"),
        pytest.param("application/json", json.dumps({"seeds": [{"text": TEXT, "label": "tech_analysis"}]}), id="JSON"),
    ],
)
def test_seeds_are_added_in_every_form(own: FlaskClient, kind: str, body: str | bytes) -> None:
    """And once added, they are there: the same again is 200, and changes nothing."""
    first, second = post(own, body, kind), post(own, body, kind)

    assert (201, 1, 0) == (first.status_code, first.get_json()["added"], first.get_json()["known"])
    assert (200, 0, 1) == (second.status_code, second.get_json()["added"], second.get_json()["known"])
    (seed,) = own.get("/v1/seeds").get_json()["seeds"]
    assert (TEXT, "tech_analysis", "open service", "POST /v1/seeds") == tuple(
        seed[name] for name in ("text", "label", "who", "source")
    )


def test_bad_rows_are_named_and_the_others_kept(own: FlaskClient) -> None:
    """With their line and the reason."""
    answer = post(own, line(TEXT, "tech_analysis") + "nonsense\n" + line("", "none") + line(OTHER, "opinion"))

    assert (201, 2) == (answer.status_code, answer.get_json()["added"])
    assert [2, 3] == [problem["line"] for problem in answer.get_json()["problems"]]
    assert "not JSON" in answer.get_json()["problems"][0]["reason"]


def test_a_contradiction_is_409_and_names_both(own: FlaskClient) -> None:
    """The good rows are in, the other waits, can be listed, and is settled by a decision."""
    first = post(own, line(TEXT, "tech_analysis")).get_json()["ids"][0]

    answer = post(own, line(TEXT, "none") + line(OTHER, "opinion"))

    assert (409, "application/problem+json") == (answer.status_code, answer.mimetype)
    assert (1, 1) == (answer.get_json()["added"], answer.get_json()["waiting"])
    assert f"'none' here and 'tech_analysis' (seed {first})" in answer.get_json()["detail"]
    assert "on_conflict=keep, replace or both" in answer.get_json()["detail"]
    (waiting,) = own.get("/v1/seeds?state=waiting").get_json()["seeds"]
    assert answer.get_json()["conflicts"][0]["ids"] == [waiting["id"]]
    settled = post(own, line(TEXT, "none"), query="?on_conflict=replace")
    assert (201, 1, 1) == (settled.status_code, settled.get_json()["added"], settled.get_json()["withdrawn"])
    assert {"opinion": 1, "none": 1} == own.get("/v1/seeds").get_json()["counts"]["active"]


def test_a_withdrawn_seed_says_who_and_when(own: FlaskClient) -> None:
    """It is still listed, as withdrawn."""
    (first,) = post(own, line(TEXT, "tech_analysis")).get_json()["ids"]

    answer = own.delete(f"/v1/seeds/{first}")

    assert 200 == answer.status_code
    (seed,) = own.get("/v1/seeds?state=withdrawn").get_json()["seeds"]
    assert answer.get_json()["seeds"] == [seed]
    assert "open service" == seed["withdrawn_by"]
    assert seed["withdrawn_at"] >= seed["added_at"]


def test_a_long_list_comes_in_parts(own: FlaskClient) -> None:
    """`next` leads from one to the following."""
    post(own, "".join(line(f"第{number}段", "none") for number in range(5)))

    first = own.get("/v1/seeds?limit=3").get_json()
    rest = own.get(f"/v1/seeds?limit=3&after={first['next']}").get_json()

    assert [f"第{number}段" for number in range(5)] == [seed["text"] for seed in [*first["seeds"], *rest["seeds"]]]
    assert rest["next"] is None


@pytest.mark.parametrize(
    ("kind", "body", "status", "detail"),
    [
        pytest.param("application/jsonl", "", 422, "There are no seeds in the body", id="nothing"),
        pytest.param("application/jsonl", "{}\n", 422, "No seed could be used: line:1: the record has", id="one bad"),
        pytest.param("application/jsonl", "{}\n{}\n", 422, "No seed could be used; 2 rows are wrong", id="all bad"),
        pytest.param("text/csv", b"text,label\n\xff,none\n", 400, "not utf-8 at byte 11; send UTF-8", id="bytes"),
        pytest.param("text/csv; charset=x", "text", 400, "the charset 'x' is unknown", id="no such charset"),
        pytest.param("application/xml", "<a/>", 415, "send application/json or application/jsonl", id="another form"),
        pytest.param("application/x-xz", b"\xfd7zXZ", 415, "Train with them by `lanmu-train", id="extracted"),
        pytest.param("application/json", '{"seeds": 1}', 422, "Input should be a valid list", id="wrong shape"),
        pytest.param("application/json", SURROGATE, 422, "it holds a lone surrogate", id="surrogate"),
        pytest.param("application/json", '{"seeds": [], "source": "\\u0000"}', 422, "String should match", id="NUL"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_the_reason(
    own: FlaskClient, kind: str, body: str | bytes, status: int, detail: str
) -> None:
    """And nothing is added."""
    answer = post(own, body, kind)

    assert status == answer.status_code
    assert detail in answer.get_json()["detail"]
    assert [] == own.get("/v1/seeds").get_json()["seeds"]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        pytest.param("limit=0", "'limit'", id="limit"),
        pytest.param("state=lost", "'state'", id="state"),
        pytest.param("label=%00", "'label'", id="NUL"),
    ],
)
def test_a_list_that_cannot_be_is_refused(own: FlaskClient, query: str, detail: str) -> None:
    """The parameter is named."""
    answer = own.get(f"/v1/seeds?{query}")

    assert 422 == answer.status_code
    assert f"Query parameter {detail}" in answer.get_json()["detail"]


@pytest.mark.parametrize("seed", ["nothing", "%00", "%ED%A0%80", "a'b"])
def test_an_unknown_seed_is_404(own: FlaskClient, seed: str) -> None:
    """Whatever it is called."""
    answer = own.delete(f"/v1/seeds/{seed}")

    assert 404 == answer.status_code
    assert "There is no seed" in answer.get_json()["detail"]


def test_more_sections_than_a_request_may_bring_are_refused(own: FlaskClient) -> None:
    """The limit is named, and nothing is added."""
    answer = post(own, "".join(line(f"第{number}段", "none") for number in range(10_001)))

    assert 422 == answer.status_code
    assert "10001 sections in one request; at most 10000" in answer.get_json()["detail"]


def test_a_body_over_the_limit_is_413(make_app: Callable[..., Flask]) -> None:
    """The setting is named."""
    answer = post(make_app(max_body_bytes=1024).test_client(), line("长" * 2000, "none"))

    assert 413 == answer.status_code
    assert "larger than 1024 bytes (LANMU_MAX_BODY_BYTES)" in answer.get_json()["detail"]


def test_seeds_need_the_scope_train_and_know_their_key(make_app: Callable[..., Flask]) -> None:
    """A key for predictions may not even read them."""
    app = make_app()
    engine = app.extensions[EXTENSION].engine
    reader, trainer = (create_key(engine, name, [name]) for name in (Scope.PREDICT, Scope.TRAIN))
    client = app.test_client()

    def call(token: str) -> TestResponse:
        return client.post(
            "/v1/seeds",
            data=line(TEXT, "none").encode(),
            content_type="application/jsonl",
            headers={"X-API-Key": token},
        )

    refused, taken = call(reader.token), call(trainer.token)

    assert (403, 201) == (refused.status_code, taken.status_code)
    (seed,) = client.get("/v1/seeds", headers={"X-API-Key": trainer.token}).get_json()["seeds"]
    assert f"train ({trainer.key.prefix})" == seed["who"]
