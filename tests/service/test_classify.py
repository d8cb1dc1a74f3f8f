"""POST /v1/classify with the shipped champion."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

OPINION = "显然，这种做法毫无道理，我认为厂商应该向用户道歉，而不是一味推卸责任。"
ANALYSIS = "这颗芯片采用三纳米工艺，晶体管密度提高六成，同频功耗因此下降约两成，缓存也扩大到三十二兆字节。"


def test_a_text_gets_one_result(client: FlaskClient) -> None:
    """An opinion is labelled opinion, with all that DESIGN.md promises of a result."""
    answer = client.post("/v1/classify", json={"text": OPINION}).get_json()

    (result,) = answer["results"]
    assert result["label"] == "opinion"
    assert result["probability"] == result["probabilities"]["opinion"]
    assert sum(result["probabilities"].values()) == pytest.approx(1, abs=1e-5)
    assert (result["abstain_reason"], result["suggestion"]) == (None, "review")
    assert "evidence" not in result


def test_texts_get_results_in_order(client: FlaskClient) -> None:
    """Each text has its result at its own place."""
    answer = client.post("/v1/classify", json={"texts": [ANALYSIS, "", OPINION]}).get_json()

    labels = [(result["label"], result["abstain_reason"]) for result in answer["results"]]

    assert labels == [("tech_analysis", None), (None, "empty"), ("opinion", None)]


def test_no_texts_get_no_results(client: FlaskClient) -> None:
    """An empty list is answered by an empty list."""
    assert client.post("/v1/classify", json={"texts": []}).get_json()["results"] == []


def test_evidence_quotes_the_text(client: FlaskClient) -> None:
    """Each word of the evidence stands at its offsets."""
    (result,) = client.post("/v1/classify", json={"text": OPINION, "evidence": True}).get_json()["results"]

    assert result["evidence"]
    assert all(OPINION[word["start"] : word["end"]] == word["text"] for word in result["evidence"])


def test_an_answer_tells_who_gave_it(client: FlaskClient) -> None:
    """Every answer carries the version, the request's id, and the caller's own id."""
    version = client.get("/readyz").get_json()["model"]

    answer = client.post("/v1/classify", json={"text": "a", "data_id": "帖子-7"}, headers={"X-Request-ID": "req-1"})

    assert {name: answer.get_json()[name] for name in ("model", "request_id", "data_id")} == {
        "model": version,
        "request_id": "req-1",
        "data_id": "帖子-7",
    }


def test_the_data_id_is_absent_where_none_was_sent(client: FlaskClient) -> None:
    """Nothing is made up."""
    assert "data_id" not in client.post("/v1/classify", json={"text": "a"}).get_json()


def test_too_many_texts_are_refused(make_app: Callable[..., Flask]) -> None:
    """The limit is told; the texts are not cut."""
    answer = make_app(max_texts=2).test_client().post("/v1/classify", json={"texts": ["a"] * 3})

    assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/texts")
    assert "3 texts in one request; at most 2 (LANMU_MAX_TEXTS)" in answer.get_json()["detail"]


def test_without_a_model_the_answer_is_503(make_app: Callable[..., Flask]) -> None:
    """The problem says why there is none."""
    answer = make_app().test_client().post("/v1/classify", json={"text": "a"})

    assert answer.status_code == 503
    assert "no champion" in answer.get_json()["detail"]
