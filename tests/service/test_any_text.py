"""Whatever is sent, the service answers with a result or says what is wrong: never a 5xx."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

ANY_TEXT = st.text(st.characters(), max_size=300)
"""Characters of every kind: control, astral, lone surrogates."""

MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<ul><li>", "<a href=/1>", "</a>", "<!--", "&#xD800;", "&#0;", "<h1", "]]>", "\x00"]
    )
    | ANY_TEXT,
    max_size=20,
).map("".join)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["text", "texts", "page", "html", "sections", "evidence", "data_id"]), inner)
    ),
    max_leaves=8,
)

ROUTES = ["/v1/classify", "/v1/pages"]

pytestmark = pytest.mark.filterwarnings("error")

thorough = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def post(client: FlaskClient, path: str, body: Any) -> Any:
    """Send `body` as JSON; lone surrogates go as escapes."""
    return client.post(path, data=json.dumps(body).encode(), content_type="application/json")


def storable(text: str) -> bool:
    """Whether UTF-8 can hold the text."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


@thorough
@given(text=ANY_TEXT)
@example(text="\x00")
@example(text="\ud800")
@example(text="𠮷" * 50)
@example(text="a" * 1_000_000)
@example(text="显然" * 500_000)
def test_any_text_is_judged_or_pointed_at(client: FlaskClient, text: str) -> None:
    """A text gets its result; one that UTF-8 cannot hold gets 422 with a pointer to it."""
    answer = post(client, "/v1/classify", {"text": text, "evidence": True})

    if storable(text):
        assert (answer.status_code, len(answer.get_json()["results"])) == (200, 1)
    else:
        assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/text")


@thorough
@given(page=ANY_TEXT)
@example(page="a" * 1_000_000)
@example(page="\n" * 10_000)
def test_any_page_is_covered_by_its_sections(client: FlaskClient, page: str) -> None:
    """The sections' texts, put together, are the page."""
    answer = post(client, "/v1/pages", {"page": page, "evidence": True})

    if storable(page):
        sections = answer.get_json()["sections"]
        assert "".join(page[section["start"] : section["end"]] for section in sections) == page
    else:
        assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/page")


@thorough
@given(html=MARKUP)
@example(html="<p>" * 50_000)
def test_any_html_is_judged_or_pointed_at(client: FlaskClient, html: str) -> None:
    """HTML, however broken, gets sections that cover the derived text."""
    answer = post(client, "/v1/pages", {"html": html})

    if storable(html):
        text, sections = answer.get_json()["text"], answer.get_json()["sections"]
        assert "".join(text[section["start"] : section["end"]] for section in sections) == text
    else:
        assert (answer.status_code, answer.get_json()["pointer"]) == (422, "/html")


@thorough
@given(path=st.sampled_from(ROUTES), body=ANY_JSON)
def test_any_json_is_answered(client: FlaskClient, path: str, body: Any) -> None:
    """Any JSON value gets 200, or a problem with a pointer."""
    answer = post(client, path, body)

    assert answer.status_code in {200, 400, 422}
    assert answer.status_code == 200 or "pointer" in answer.get_json()


@thorough
@given(path=st.sampled_from(ROUTES), body=st.binary(max_size=300))
@example(path="/v1/pages", body=b"\xff\xfe\x00\xd8")
def test_any_bytes_are_answered(client: FlaskClient, path: str, body: bytes) -> None:
    """What is not JSON gets 400 or 422."""
    answer = client.post(path, data=body, content_type="application/json")

    assert answer.status_code in {200, 400, 422}


@thorough
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(["text/plain", "text/html"]),
    charset=st.sampled_from(
        ["utf-8", "gbk", "gb18030", "big5", "utf-16", "utf-7", "nope", "\u00e9", "idna", "hex", ""]
    ),
)
def test_any_raw_body_is_judged(client: FlaskClient, body: bytes, kind: str, charset: str) -> None:
    """Bytes in any encoding, declared rightly or not, are read as some text and judged."""
    answer = client.post("/v1/pages", data=body, content_type=f"{kind}; charset={charset}")

    text, sections = answer.get_json()["text"], answer.get_json()["sections"]
    assert answer.status_code == 200
    assert "".join(text[section["start"] : section["end"]] for section in sections) == text
