"""POST /v1/pages with the shipped champion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

PAGE = (
    "新一代芯片今日发布\n"
    "这颗芯片采用三纳米工艺，晶体管密度提高六成，同频功耗因此下降约两成，缓存也扩大到三十二兆字节。\n\n"
    "显然，这样的定价毫无道理，我认为厂商应该向用户道歉，而不是一味推卸责任。\n\n"
    "相关推荐\n"
    "手机电池为什么越用越不耐用？\n"
    "手机电池为什么越用越不耐用？\n"
    "1024\n"
    "很多人都有这样的经历，新买的手机用了一年，电量就……\n"
)
HTML = (
    f"<html><body><h1>新一代芯片今日发布</h1><p>{PAGE.splitlines()[1]}</p><p>{PAGE.splitlines()[3]}</p></body></html>"
)


def covers(text: str, sections: list[dict[str, Any]]) -> bool:
    """Whether the sections follow each other from the text's start to its end."""
    ends = [0, *(section["end"] for section in sections)]
    return [section["start"] for section in sections] == ends[:-1] and ends[-1] == len(text)


def test_a_pages_sections_cover_it(client: FlaskClient) -> None:
    """The text that was sent is not sent back: offsets refer to it."""
    answer = client.post("/v1/pages", json={"page": PAGE}).get_json()

    assert covers(PAGE, answer["sections"])
    assert "text" not in answer


def test_a_section_tells_place_layout_and_judgement(client: FlaskClient) -> None:
    """A section has offsets, heading and kind beside what every result has."""
    section = client.post("/v1/pages", json={"page": PAGE}).get_json()["sections"][0]

    assert set(section) == {
        *("start", "end", "heading", "kind"),
        *("label", "probability", "probabilities", "abstain_reason", "suggestion"),
    }


def test_evidence_has_the_pages_offsets(client: FlaskClient) -> None:
    """Each word stands in the page where the evidence says."""
    sections = client.post("/v1/pages", json={"page": PAGE, "evidence": True}).get_json()["sections"]

    words = [word for section in sections for word in section["evidence"]]

    assert words
    assert all(PAGE[word["start"] : word["end"]] == word["text"] for word in words)


@pytest.mark.parametrize(
    "request_body",
    [
        {"json": {"html": HTML}},
        {"json": {"sections": PAGE.splitlines()}},
        {"data": HTML.encode(), "content_type": "text/html; charset=utf-8"},
        {"data": PAGE.encode("gb18030"), "content_type": "text/plain; charset=gb18030"},
        {"data": PAGE.encode(), "content_type": "text/plain"},
    ],
    ids=["html", "sections", "raw-html", "raw-gb18030", "raw-utf-8"],
)
def test_a_text_that_the_caller_does_not_have_comes_along(client: FlaskClient, request_body: dict[str, Any]) -> None:
    """Where offsets refer to a text that we derived, the answer includes it."""
    answer = client.post("/v1/pages", **request_body).get_json()

    assert "三纳米工艺" in answer["text"]
    assert covers(answer["text"], answer["sections"])


def test_a_raw_page_may_ask_for_evidence(client: FlaskClient) -> None:
    """The query says what JSON would."""
    answer = client.post("/v1/pages?evidence=true&data_id=7", data=PAGE.encode(), content_type="text/plain").get_json()

    assert answer["data_id"] == "7"
    assert any(section["evidence"] for section in answer["sections"])


def test_a_wrong_query_is_named(client: FlaskClient) -> None:
    """The detail names the parameter."""
    answer = client.post("/v1/pages?evidence=maybe", data=b"a", content_type="text/plain")

    assert answer.status_code == 422
    assert "Query parameter 'evidence'" in answer.get_json()["detail"]


def test_given_sections_stay_as_they_are(client: FlaskClient) -> None:
    """Sections that were cut by the caller get one result each."""
    given = ["显然，这毫无道理。", "", "相关推荐"]

    assert len(client.post("/v1/pages", json={"sections": given}).get_json()["sections"]) == len(given)


@pytest.mark.parametrize("body", [{"page": "a", "html": "b"}, {}, {"sections": None}], ids=["two", "none", "null"])
def test_exactly_one_input_is_needed(client: FlaskClient, body: dict[str, Any]) -> None:
    """Two pages in one request, or none, are 422."""
    answer = client.post("/v1/pages", json=body)

    assert (answer.status_code, answer.get_json()["pointer"]) == (422, "")


def test_too_many_sections_are_refused(make_app: Callable[..., Flask], app: Flask) -> None:
    """The limit is told; no section is dropped."""
    models_dir = app.extensions["lanmu"].settings.models_dir
    client = make_app(max_sections=2, models_dir=models_dir).test_client()

    answer = client.post("/v1/pages", json={"sections": ["a", "b", "c"]})

    assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/sections")
    assert "3 sections; at most 2 (LANMU_MAX_SECTIONS)" in answer.get_json()["detail"]
