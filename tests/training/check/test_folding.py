"""Folding: what the checks take for the same text."""

from __future__ import annotations

import pytest

from models.seeds.folding import folded
from training.check.folding import grams, sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("电池,真 的\u3000贵?\n", "电池,真的贵?", id="width and white space"),
        pytest.param("ＧＰＵ 和 Gpu", "gpu和gpu", id="case"),
        pytest.param(" \u3000\n", "", id="blank"),
    ],
)
def test_folds(text: str, expected: str) -> None:
    """Width, white space and case do not tell texts apart."""
    assert expected == folded(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("一二三四五六", ["一二三四五", "二三四五六"], id="longer than a gram"),
        pytest.param("一 二", ["一二"], id="shorter than a gram"),
        pytest.param("", [], id="empty"),
    ],
)
def test_grams(text: str, expected: list[str]) -> None:
    """A text has the 5-grams of its folded characters, and a short one has itself."""
    assert expected == grams(text)


def test_sentences_are_long_enough_and_bare() -> None:
    """Sentences of twelve characters or more come back, without the marks around them; shorter ones are left out."""
    line = "“小镇的风车一夜之间全都停了。”老周说:修好它要等到开春之后呢!好吧。十一个字的句子不够长"

    found = sentences(line)

    assert ["小镇的风车一夜之间全都停了", "老周说:修好它要等到开春之后呢"] == found
