"""The facts of a section's shape, against values counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.terms.extractor import TermExtractor, TermsConfig
from models.terms.facts import FACTS, SHARES
from models.terms.lexicon import Lexicon

LEXICON = Lexicon(
    (("显然", "STANCE"), ("芯片", "T_CHIP"), ("足球", "N_BALL"), ("首页", "F_MENU"), ("推荐", "R_MARKER"))
)


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    """An extractor with a lexicon of one word for each family."""
    return TermExtractor(TermsConfig(word_buckets=1024, char_buckets=1024, tag_buckets=1024, lexicon=LEXICON))


def facts_of(extractor: TermExtractor, text: str) -> dict[str, float]:
    """A text's facts by name."""
    return dict(zip(FACTS, extractor.count([text]).facts[0].tolist(), strict=True))


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        pytest.param("甲 乙\n丙", "length", 3, id="white space has no length"),
        pytest.param("甲\n\n 乙丙\n", "lines", 2, id="blank lines are none"),
        pytest.param("甲\n乙丙丁", "mean_line", 2, id="mean line"),
        pytest.param("甲\n乙丙丁\n戊己", "longest_line", 3, id="longest line"),
        pytest.param("\n 甲乙 \n丙", "first_line", 2, id="first line"),
        pytest.param("甲\n丙丁戊", "last_line", 3, id="last line"),
        pytest.param("标题\n58\n 12 \n第3", "number_lines", 2, id="lines of digits alone"),
        pytest.param("2024-05-20与16:25和5月20日", "dates", 4, id="parts of dates and times"),
        pytest.param("版本3.5，第12章", "dates", 0, id="numbers that are no dates"),
        pytest.param("吗？是?", "questions", 2, id="questions"),
        pytest.param("好！棒!", "exclamations", 2, id="exclamations"),
        pytest.param("“甲”「乙」", "quotes", 4, id="quotes"),
        pytest.param("甲。乙！丙？丁；3.5和a.txt", "sentences", 4, id="sentence ends, none in numbers and names"),
        pytest.param("甲，乙、丙,", "commas", 3, id="commas"),
        pytest.param("首页|数码/汽车>新闻·体育", "separators", 4, id="separators"),
        pytest.param("，" * 600, "commas", 600, id="more than a byte holds"),
        pytest.param("甲" * 253 + "2024-05", "dates", 1, id="a date where bytes are read"),
        pytest.param("甲" * 254 + ".5。", "sentences", 1, id="a number where bytes are read"),
    ],
)
def test_counts_are_logarithms(extractor: TermExtractor, text: str, name: str, number: int) -> None:
    """A count n stands as log(1 + n)."""
    assert math.log1p(number) == pytest.approx(facts_of(extractor, text)[name], rel=1e-6)


@pytest.mark.parametrize(
    ("text", "name", "share"),
    [
        pytest.param("甲乙a1", "han_share", 0.5, id="Chinese characters"),
        pytest.param("甲乙 a1", "digit_share", 0.25, id="digits"),
        pytest.param("甲bＣ1", "latin_share", 0.5, id="letters, full-width ones too"),
        pytest.param("甲，乙-", "mark_share", 0.5, id="marks"),
        pytest.param("甲1" * 400, "digit_share", 0.5, id="more digits than a byte holds"),
        pytest.param("他走了。", "ends_sentence", 1, id="ends with a full stop"),
        pytest.param("他说：“走了。”", "ends_sentence", 1, id="ends with a quoted sentence"),
        pytest.param("他走了", "ends_sentence", 0, id="ends without a mark"),
        pytest.param("然后呢……", "ends_ellipsis", 1, id="ends with an ellipsis"),
        pytest.param("然后呢...", "ends_ellipsis", 1, id="ends with three dots"),
        pytest.param("步骤如下：", "ends_colon", 1, id="ends with a colon"),
        pytest.param(" 1、先洗手", "starts_digit", 1, id="starts with a digit"),
        pytest.param("短的\n这一行比较长一些", "short_lines", 0.5, id="short lines"),
        pytest.param("没有句号\n有句号。", "open_lines", 0.5, id="lines without a mark at the end"),
        pytest.param("修表匠的铺子\n修表匠的铺子\n58", "repeated_line", 1, id="a line twice"),
        pytest.param("修表匠的铺子\n修表匠的房子", "repeated_line", 0, id="two lines of one length"),
        pytest.param("芯片是芯片", "tech", 0.8, id="technology"),
        pytest.param("足球好看", "other_subject", 0.5, id="another subject"),
        pytest.param("首页新闻", "furniture", 0.5, id="furniture"),
        pytest.param("显然不好", "stance", 0.5, id="stance"),
        pytest.param("推荐阅读", "recommending", 0.5, id="recommending"),
        pytest.param("推荐阅读", "marker", 0.5, id="markers"),
    ],
)
def test_shares_are_shares(extractor: TermExtractor, text: str, name: str, share: float) -> None:
    """A share is between 0 and 1, of the visible characters or the lines."""
    assert share == pytest.approx(facts_of(extractor, text)[name], rel=1e-6)


@pytest.mark.parametrize("text", ["", " \n\t\u3000", "\u200b\x00"], ids=["nothing", "white space", "invisible"])
def test_nothing_visible_has_no_facts(extractor: TermExtractor, text: str) -> None:
    """All facts of a section that shows nothing are 0."""
    assert set(facts_of(extractor, text).values()) == {0.0}


@given(text=st.text(st.characters(exclude_categories=()), max_size=80))
def test_facts_are_finite_and_shares_at_most_one(extractor: TermExtractor, text: str) -> None:
    """Whatever the text."""
    facts = extractor.count([text]).facts[0]

    assert np.all(np.isfinite(facts))
    assert np.all(facts >= 0)
    assert np.all(facts[sorted(SHARES)] <= 1)
