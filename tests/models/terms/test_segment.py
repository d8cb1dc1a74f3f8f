"""Tokens are those of `jieba.cut(text, HMM=False)`: jieba itself is the judge."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.terms import dictionary, fold
from models.terms.dictionary import Lookup, Word
from models.terms.extractor import code_points
from models.terms.segment import token_starts

Cut = Callable[[str], list[str]]

SHARED = Path(os.environ.get("LANMU_SHARED", Path(__file__).resolve().parents[4] / "shared" / "data"))
USER_WORDS = (
    Word("栏目机", 9000, "n"),
    Word("云栖湖镇", 3),
    Word("的时候", 200_000),
    Word("C++", 50, "eng"),
    Word("机", 1_000_000),
    Word("我们", 1),
)
"""New words, a rare one, one that swallows others, one with marks, and two of jieba's own with another frequency."""

PIECES = st.sampled_from(
    ["研究", "生命", "起源", "的", "中国", "人民", "3", ".", "5%", "C", "++", "iPhone", "-", "_", "&", "#", " ", "\t",
     "\r\n", "\n", "\r", "\u3000", "，", "。", "𠮷", "😀", "\x00", "\ud83d", "龥", "龦", "〇", "栏目", "机",
     "时候", "湖镇"],
)  # fmt: skip


def cut_with(lookup: Lookup) -> Cut:
    """Our own cut, as words."""
    types = fold.type_table()

    def cut(text: str) -> list[str]:
        codes, _ = code_points([text])
        starts = token_starts(codes, types, lookup).tolist()
        return [text[start:end] for start, end in pairwise(starts)]

    return cut


@pytest.fixture(scope="session")
def ours() -> Cut:
    """Our cut with jieba's dictionary."""
    return cut_with(dictionary.load())


@pytest.fixture(scope="session")
def ours_with_user_words() -> Cut:
    """Our cut with jieba's dictionary and user words."""
    return cut_with(dictionary.load(USER_WORDS))


@pytest.fixture(scope="session")
def theirs(jieba: ModuleType) -> Cut:
    """What jieba cuts."""
    return lambda text: jieba.lcut(text, HMM=False)


@pytest.fixture(scope="session")
def theirs_with_user_words(jieba: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Cut:
    """What jieba cuts with user words."""
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba-user"))
    for word in USER_WORDS:
        tokenizer.add_word(word.text, word.frequency, word.tag or None)  # the first one makes jieba read its file
    return lambda text: tokenizer.lcut(text, HMM=False)


def differing(texts: Sequence[str], ours: Cut, theirs: Cut) -> list[str]:
    """The texts that are cut in two ways."""
    return [text for text in texts if ours(text) != theirs(text)]


def test_known_cut(ours: Cut) -> None:
    """A sentence whose cut is known falls into these words."""
    assert ["研究", "生命", "的", "起源", ",", "花", "了", "35", "年", "😀"] == ours("研究生命的起源,花了35年😀")


def test_every_written_section_is_cut_as_jieba_does(seed_pages: list[str], ours: Cut, theirs: Cut) -> None:
    """All of the seeds that come with Lanmu, page by page."""
    assert [] == differing(seed_pages, ours, theirs)


def test_every_dev_section_is_cut_as_jieba_does(ours: Cut, theirs: Cut) -> None:
    """Real pages, where they are at hand."""
    file = SHARED / "dev_pages.jsonl"
    if not file.is_file():
        pytest.skip(f"no real pages at {file}; set LANMU_SHARED to their folder")
    pages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    sections = [page["text"][part["start"] : part["end"]] for page in pages for part in page["sections"]]

    assert len(sections) > 1000
    assert [] == differing(sections, ours, theirs)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("iPhone16ProMax上市", id="Latin and digits in one run"),
        pytest.param("GPT-4o与C++、C#和F#", id="marks inside words"),
        pytest.param("a+b#c&d.e_f%g-h", id="every joining mark"),
        pytest.param("3.14%的2024-05-20_v1.0", id="numbers with marks"),
        pytest.param("T恤和卡拉OK还有AA制", id="dictionary words with Latin letters"),
        pytest.param("𠮷野家在𠮷田町", id="characters above U+FFFF"),
        pytest.param("龥龦龯", id="the end of jieba's range of characters"),
        pytest.param("〇一二㐀", id="characters outside jieba's range"),
        pytest.param("第一行\r\n第二行\n\r第三行\r", id="line ends"),
        pytest.param("甲\r\n\r\n乙\r\r\n", id="line ends in a row"),
        pytest.param(" 全\u3000角\u00a0空\u2028格\t", id="white space"),
        pytest.param("前\x00后\x01\x1f\x7f", id="control characters"),
        pytest.param("好\ud83d的\ude00吗", id="lone surrogates"),
        pytest.param("👨‍👩‍👧家人👍🏽棒", id="emoji of several characters"),
        pytest.param("ＡＢＣ１２３", id="full-width letters"),
        pytest.param("電腦軟體與計算機", id="traditional characters"),
        pytest.param("的" * 300, id="one character again and again"),
        pytest.param("1" * 300 + "a" * 300, id="one digit and one letter again and again"),
        pytest.param("-" * 50 + "." * 50, id="joining marks alone"),
    ],
)
def test_awkward_texts_are_cut_as_jieba_does(text: str, ours: Cut, theirs: Cut) -> None:
    """Where a second cut would likely differ, it does not."""
    assert theirs(text) == ours(text)


@given(text=st.lists(PIECES, max_size=30).map("".join) | st.text(st.characters(exclude_categories=())))
@settings(max_examples=400)
def test_any_text_is_cut_as_jieba_does(text: str, ours: Cut, theirs: Cut) -> None:
    """Made-up texts, of likely pieces and of any characters at all."""
    assert theirs(text) == ours(text)


@given(text=st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x4FFF), max_size=40))
def test_any_han_text_is_cut_as_jieba_does(text: str, ours: Cut, theirs: Cut) -> None:
    """Chinese characters at random: few words, many ways to cut."""
    assert theirs(text) == ours(text)


@given(text=st.lists(PIECES, max_size=30).map("".join))
def test_user_words_are_cut_as_jieba_does(text: str, ours_with_user_words: Cut, theirs_with_user_words: Cut) -> None:
    """Words added to jieba's dictionary, new ones and its own with another frequency."""
    assert theirs_with_user_words(text) == ours_with_user_words(text)


def test_a_user_word_stays_whole(ours: Cut, ours_with_user_words: Cut) -> None:
    """A word that the dictionary lacks is cut apart without the user's word, and not with it."""
    text = "栏目机的"

    assert ["栏目", "机", "的"] == ours(text)
    assert ["栏目机", "的"] == ours_with_user_words(text)


def test_written_sections_with_user_words_are_cut_as_jieba_does(
    seed_pages: list[str], ours_with_user_words: Cut, theirs_with_user_words: Cut
) -> None:
    """A changed total changes every word's cost, and no cut but where a user word is."""
    assert [] == differing(seed_pages[::4], ours_with_user_words, theirs_with_user_words)
