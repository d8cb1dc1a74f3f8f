"""POST /v1/moderations, as OpenAI's own SDK calls it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from openai import NotFoundError, OpenAI, UnprocessableEntityError
from openai.types import ModerationImageURLInputParam

from service.moderation_schemas import ModerationAnswer
from tests.service.server_process import ServerProcess

OPINION = "显然，这次涨价毫无道理。"
TEASER = "猜你喜欢：手机还值得买吗？"
LABELS = ["tech_analysis", "opinion", "recommendation_teaser"]


@pytest.fixture
def openai(server: ServerProcess) -> Iterator[OpenAI]:
    """OpenAI's client, pointed at a real server."""
    with OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.mark.parametrize(
    "given",
    [TEASER, [TEASER], [{"type": "text", "text": TEASER}]],
    ids=["a string", "strings", "parts"],
)
def test_openais_sdk_moderates(openai: OpenAI, given: Any) -> None:
    """Whatever form the input has, a teaser is flagged as one, and our own fields are there."""
    answer = openai.moderations.create(input=given, model="omni-moderation-latest")

    (result,) = answer.results
    categories = result.categories.model_dump(by_alias=True, exclude_unset=True)
    assert (True, {"recommendation_teaser"}) == (result.flagged, {name for name in categories if categories[name]})
    assert set(LABELS) == set(result.category_scores.model_dump(by_alias=True, exclude_unset=True))
    own = result.model_extra or {}
    assert ("recommendation_teaser", "block") == (own["label"], own["suggestion"])
    assert answer.id.startswith("modr-")


def test_each_text_has_its_result_in_order(openai: OpenAI) -> None:
    """An opinion is for a person to review, so it is not flagged; evidence comes when it is asked for."""
    answer = openai.moderations.create(input=[OPINION, TEASER], extra_body={"evidence": True})

    assert [False, True] == [result.flagged for result in answer.results]
    assert "毫无道理" in {word["text"] for word in (answer.results[0].model_extra or {})["evidence"]}


def test_the_sdk_tells_what_is_wrong_with_an_input(openai: OpenAI) -> None:
    """Message and param reach the caller's exception."""
    image: ModerationImageURLInputParam = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
    with pytest.raises(UnprocessableEntityError) as refused:
        openai.moderations.create(input=[image])

    assert ("input[0].type", "invalid_request_error") == (refused.value.param, refused.value.type)
    assert "Only texts are judged" in refused.value.message


def test_what_is_not_there_is_told_in_openais_form(openai: OpenAI) -> None:
    """A file that was never uploaded is a NotFoundError with a message."""
    with pytest.raises(NotFoundError) as refused:
        openai.get("/moderations/modr-7", cast_to=object)

    assert "not_found" == refused.value.code


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "input"),
        ({"input": 3}, "input"),
        ({"input": [7]}, "input[0]"),
        ({"input": ["a\ud800"]}, "input[0]"),
        ({"input": [{"type": "text", "text": 7}]}, "input[0].text"),
        ({"input": "a", "threshold": 1}, "threshold"),
        ({"input": ["a"] * 1001}, "input"),
    ],
    ids=["nothing", "a number", "numbers", "half a character", "no text", "an unknown field", "too many"],
)
def test_a_wrong_body_is_told_in_openais_form(client: FlaskClient, body: Any, param: str) -> None:
    """The place of what is wrong is named as OpenAI names it."""
    answer = client.post("/v1/moderations", json=body)

    assert (422, param) == (answer.status_code, answer.get_json()["error"]["param"])


def test_broken_json_is_told_in_openais_form(client: FlaskClient) -> None:
    """400, with the place."""
    answer = client.post("/v1/moderations", data="{", content_type="application/json")

    assert (400, "bad_request") == (answer.status_code, answer.get_json()["error"]["code"])
    assert "line 1, column 2" in answer.get_json()["error"]["message"]


def test_answers_have_the_documented_shape(client: FlaskClient) -> None:
    """The shape in the OpenAPI document is the answer's."""
    answer = client.post("/v1/moderations", json={"input": [OPINION], "evidence": True, "data_id": "7"})

    ModerationAnswer.model_validate_json(answer.data, strict=False, extra="forbid")
