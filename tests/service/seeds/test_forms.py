"""Seeds as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.seeds.seed import Reading
from service.seeds import Form, FormError, read_seeds
from service.seeds.forms import LONGEST_TEXT

LINE = '{"text": "甲", "label": "none"}\n'


def reasons(reading: Reading) -> list[str]:
    """What is wrong, with places."""
    return [str(problem) for problem in reading.problems]


@pytest.mark.parametrize(
    ("form", "data"),
    [
        pytest.param(Form.JSONL, LINE.encode(), id="JSON Lines"),
        pytest.param(Form.JSONL, b"\xef\xbb\xbf" + LINE.encode(), id="with a byte order mark"),
        pytest.param(Form.CSV, "label,text\r\nnone,甲\r\n".encode(), id="CSV"),
        pytest.param(Form.PAGES, "=== p\n[none]\n甲\n".encode(), id="seed pages"),
    ],
)
def test_every_form_is_read(form: Form, data: bytes) -> None:
    """To the same seeds."""
    reading = read_seeds(data, form, "f")

    assert [("甲", "none")] == [(seed.text, seed.label) for page in reading.pages for seed in page.seeds]
    assert [] == reasons(reading)


def test_other_encodings_are_read_where_they_are_declared() -> None:
    """As spreadsheets in China save CSV."""
    data = "text,label\n显然不值,opinion\n".encode("gb18030")

    reading = read_seeds(data, Form.CSV, "f", "GBK")

    assert ["显然不值"] == [seed.text for page in reading.pages for seed in page.seeds]


@pytest.mark.parametrize(
    ("charset", "message"),
    [
        pytest.param(None, "not utf-8 at byte 11; send UTF-8, or name the charset", id="undeclared"),
        pytest.param("x-none", "the charset 'x-none' is unknown; send UTF-8", id="unknown"),
        pytest.param("big5", "not big5 at byte", id="another"),
    ],
)
def test_what_is_no_text_is_refused_with_the_remedy(charset: str | None, message: str) -> None:
    """Nothing is guessed: seeds last longer than an answer."""
    data = b"text,label\n" + b"\xff\xfe\x81"

    with pytest.raises(FormError, match=message):
        read_seeds(data, Form.CSV, "f", charset)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param('{"text": " \\n", "label": "none"}', "the section is empty", id="empty"),
        pytest.param('{"text": "a\\u0000", "label": "none"}', "it holds a NUL", id="NUL"),
        pytest.param(
            '{"text": "a\\ud800", "label": "none"}', "a lone surrogate (half of a pair) at character 1", id="surrogate"
        ),
        pytest.param('{"text": "' + "a" * (LONGEST_TEXT + 1) + '", "label": "none"}', "at most 100000", id="too long"),
        pytest.param(
            '{"page": "' + "p" * 201 + '", "text": "a", "label": "none"}', "at most 200 characters", id="name"
        ),
        pytest.param('{"page": "\\u0000", "text": "a", "label": "none"}', "it holds a NUL", id="page with NUL"),
        pytest.param(
            '{"text": "a", "label": "none", "on_conflict": "x"}', "on_conflict is 'replace' or 'both'", id="decision"
        ),
        pytest.param("nonsense", "not JSON", id="no JSON"),
    ],
)
def test_what_no_database_could_hold_is_a_bad_row(line: str, reason: str) -> None:
    """It is named with its line, and the others are kept."""
    reading = read_seeds(f"{LINE}{line}\n{LINE}".encode(), Form.JSONL, "f")

    (found,) = reasons(reading)
    assert found.startswith("f:2: ")
    assert reason in found
    assert 2 == len(reading.pages)


@pytest.mark.parametrize("form", list(Form))
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace"))))
def test_garbage_is_read_or_refused(form: Form, data: bytes) -> None:
    """Whatever the bytes are, and every seed that is read can be stored."""
    try:
        reading = read_seeds(data, form, "f")
    except FormError:
        return
    for page in reading.pages:
        for seed in page.seeds:
            assert seed.text.strip()
            assert "\x00" not in f"{page.id}{seed.text}{seed.label}"
            f"{page.id}{seed.text}{seed.label}".encode()
