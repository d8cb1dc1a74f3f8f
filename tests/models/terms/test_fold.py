"""Characters that mean the same fold to the same, and evidence still points into the text as it was given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.code_points import TABLE_SIZE
from models.terms.extractor import TermExtractor, TermsConfig
from models.terms.fold import fold_table, hash_table
from models.terms.lexicon import hashed_form


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    """An extractor with few buckets."""
    return TermExtractor(TermsConfig(word_buckets=4096, char_buckets=4096, tag_buckets=1024))


def terms_of(extractor: TermExtractor, text: str) -> list[tuple[int, int]]:
    """The buckets of a text with their counts."""
    counted = extractor.count([text])
    return list(zip(counted.buckets.tolist(), counted.counts.tolist(), strict=True))


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        pytest.param("ＡＢＣ１２３！？（）％", "abc000!?()%", id="full-width forms"),
        pytest.param("電腦軟體與國產晶片", "电脑软体与国产晶片", id="traditional characters"),
        pytest.param("“引”‘语’「语」『语』", '"引"\'语\'"语""语"', id="quotes"),
        pytest.param("甲\u200b乙\u2060丙\ufeff丁\ufe0f戊\x00己\u00ad", "甲乙丙丁戊己", id="invisible characters"),
        pytest.param("甲\u3000乙\u00a0丙\t丁\u2003戊", "甲 乙 丙 丁 戊", id="spaces"),
        pytest.param("甲。乙、丙——丁•戊【己】《庚》", "甲.乙,丙--丁·戊[己]<庚>", id="marks"),
        pytest.param("IPhone 2024", "iphone 0000", id="letters and digits"),
        pytest.param("𠮷😀\ud83d", "𠮷😀\ud83d", id="characters that stay"),
    ],
)
def test_folding(written: str, plain: str) -> None:
    """Each kind of character folds to its plain form."""
    assert plain == hashed_form(written)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("芯片ＡＩ（第１代）", "芯片AI(第1代)", id="full-width forms"),
        pytest.param("這個軟件顯然不好", "这个软件显然不好", id="traditional characters"),
        pytest.param("他说：“好。”", '他说:"好."', id="half-width marks"),
        pytest.param("显\u200b然\ufeff应该", "显然应该", id="invisible characters"),
        pytest.param("甲\u3000乙", "甲 乙", id="spaces"),
        pytest.param("第一行\r第二行", "第一行\n第二行", id="line ends"),
        pytest.param("涨了37%，GPT", "涨了52%，gpt", id="which digits, which case"),
    ],
)
def test_what_means_the_same_has_the_same_terms(extractor: TermExtractor, one: str, other: str) -> None:
    """Two ways to write one text count as one."""
    assert terms_of(extractor, other) == terms_of(extractor, one)


def test_what_differs_has_other_terms(extractor: TermExtractor) -> None:
    """Folding loses no Chinese character."""
    assert terms_of(extractor, "显然应该") != terms_of(extractor, "显然不该")


def test_folding_twice_changes_nothing() -> None:
    """A folded character is its own fold; 薴 alone becomes 苧, which is also the traditional form of 苎."""
    fold, lower = fold_table(), hash_table()

    assert ["薴"] == [chr(code) for code in range(TABLE_SIZE) if fold[fold[code]] != fold[code]]
    assert [] == [chr(code) for code in range(TABLE_SIZE) if lower[lower[code]] != lower[code]]


@given(text=st.text(alphabet="显然這ＡＩ1 \u200b\u3000\n。𠮷\x00\ud83d", max_size=30))
def test_a_folded_text_has_the_same_terms(extractor: TermExtractor, text: str) -> None:
    """Folding a text before it is counted changes none of its terms."""
    assert terms_of(extractor, hashed_form(text)) == terms_of(extractor, text)
