"""Bytes to text: declared or not, rightly or not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.decoding import decode

SIMPLIFIED = "这台机器不需要风扇，因为热量从背面的铜板散走了，我们试了三个月，没有出过问题。"
TRADITIONAL = "這台機器不需要風扇，因為熱量從背面的銅板散走了，我們試了三個月，沒有出過問題。"


@pytest.mark.parametrize("declared", [None, "utf-8", "gb2312", "big5", "iso-8859-1", "no-such-charset", "hex", ""])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(SIMPLIFIED, "utf-8", id="utf-8"),
        pytest.param(SIMPLIFIED, "gbk", id="gbk"),
        pytest.param(SIMPLIFIED + "𠀀", "gb18030", id="gb18030"),
        pytest.param(TRADITIONAL, "big5", id="big5"),
        pytest.param(TRADITIONAL, "gbk", id="traditional gbk"),
        pytest.param(SIMPLIFIED, "utf-8-sig", id="utf-8 with mark"),
        pytest.param(SIMPLIFIED, "utf-16", id="utf-16 with mark"),
    ],
)
def test_the_bytes_decide_whatever_is_declared(text: str, encoding: str, declared: str | None) -> None:
    """A page reads right under a right, wrong, unknown or missing declaration."""
    assert decode(text.encode(encoding), declared) == text


def test_a_declaration_inside_the_page_is_a_hint_too() -> None:
    """A page in another language is read as its meta element says."""
    data = '<meta charset="koi8-r"><p>Тепло уходит через медную пластину</p>'.encode("koi8-r")

    assert "медную пластину" in decode(data)


def test_damaged_utf8_stays_utf8() -> None:
    """A page cut in the middle of a character loses that character alone."""
    data = (SIMPLIFIED * 5).encode()[:-1]

    assert decode(data, "gb2312") == (SIMPLIFIED * 5)[:-1] + "\ufffd"


@pytest.mark.parametrize("wrong", ["latin-1", "gb18030"])
def test_utf8_once_read_as_something_else_is_repaired(wrong: str) -> None:
    """Mojibake that goes back to the text without loss does so."""
    whole = SIMPLIFIED[: len(SIMPLIFIED) // 2 * 2]
    mojibake = whole.encode().decode(wrong)

    assert decode(mojibake.encode()) == whole


@pytest.mark.parametrize("text", ["", "plain ascii", "naïve café", "これは日本語です", "冷"])
def test_text_that_needs_no_repair_is_left_alone(text: str) -> None:
    """UTF-8 in other languages, and texts too short to judge, come back as they are."""
    assert decode(text.encode()) == text


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_any_bytes_are_read(data: bytes, declared: str | None) -> None:
    """No bytes and no declaration raise; the text can be written as UTF-8."""
    decode(data, declared).encode("utf-8")
