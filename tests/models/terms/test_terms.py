"""Counted terms: what is counted, in which bucket, how often."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.terms.dictionary import Word
from models.terms.extractor import Counted, TermExtractor, TermsConfig, code_points, family_of
from models.terms.lexicon import Lexicon

LEXICON = Lexicon((("显然", "STANCE"), ("显然不", "CERTAIN"), ("芯片", "T_CHIP"), ("相关推荐", "R_MARKER")))
CONFIG = TermsConfig(word_buckets=1 << 16, char_buckets=1 << 16, tag_buckets=1 << 14, lexicon=LEXICON)


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    """An extractor with a lexicon of four entries."""
    return TermExtractor(CONFIG)


def terms_of(extractor: TermExtractor, text: str) -> list[tuple[int, int]]:
    """The buckets of a text with their counts."""
    counted = extractor.count([text])
    return list(zip(counted.buckets.tolist(), counted.counts.tolist(), strict=True))


def of_group(extractor: TermExtractor, counted: Counted, group: str) -> dict[int, int]:
    """One section's buckets in a group, from its beginning, with their counts."""
    place = extractor.group(group)
    pairs = zip(counted.buckets.tolist(), counted.counts.tolist(), strict=True)
    return {bucket - place.start: count for bucket, count in pairs if place.start <= bucket < place.stop}


def test_words_and_their_pairs_are_counted(extractor: TermExtractor) -> None:
    """Two words twice: each word 2, their pair 2, the pair in the other order 1; white space is no word."""
    counts = of_group(extractor, extractor.count(["研究 芯片\n研究芯片"]), "words")

    assert [1, 2, 2, 2] == sorted(counts.values())


def test_words_differ_by_any_of_their_characters(extractor: TermExtractor) -> None:
    """Also by the last one, of words of two, three and four; one character alone is not the word that it begins."""
    words = ["中", "中国", "中间", "中国人", "中国通", "中国人民", "中国人寿"]
    terms = [of_group(extractor, extractor.count([word]), "words") for word in words]

    assert [{1}] * len(words) == [set(each.values()) for each in terms]
    assert len(words) == len({tuple(each) for each in terms})


def test_characters_are_counted_up_to_three_in_a_row(extractor: TermExtractor) -> None:
    """甲甲甲甲 has one character four times, one pair three times, one triple twice."""
    counts = of_group(extractor, extractor.count(["甲甲甲甲"]), "chars")

    assert [2, 3, 4] == sorted(counts.values())


def test_white_space_in_a_row_is_one_character(extractor: TermExtractor) -> None:
    """Any number of spaces counts as one; with a line end among them, as one line end."""
    one, many = (of_group(extractor, extractor.count([text]), "chars") for text in ("甲 乙\n丙", "甲   乙 \n\n 丙"))

    assert one == many


def test_the_longest_lexicon_word_counts(extractor: TermExtractor) -> None:
    """显然不 hides the 显然 in it, and words in one class are counted together."""
    counts = of_group(extractor, extractor.count(["显然不行，显然，显然"]), "classes")

    assert {LEXICON.classes.index("CERTAIN"): 1, LEXICON.classes.index("STANCE"): 2} == counts


@pytest.mark.parametrize("text", ["赞", "很赞", "赞\U0001f409", "\U0001f409赞", "\U0001f409"])
def test_a_lexicon_word_of_one_character_counts_anywhere(text: str) -> None:
    """Alone, at the end, and past the Basic Multilingual Plane."""
    lexicon = Lexicon((("赞", "STANCE"), ("\U0001f409", "STANCE")))
    extractor = TermExtractor(TermsConfig(1 << 10, 1 << 10, 1 << 10, lexicon))

    counts = of_group(extractor, extractor.count([text]), "classes")

    assert {0: sum(char in "赞\U0001f409" for char in text)} == counts


def test_unknown_words_have_the_tag_of_their_kind(extractor: TermExtractor) -> None:
    """Characters that no word covers share one tag, Latin words one, numbers one, and marks stand for themselves."""
    tags = [
        of_group(extractor, extractor.count([text]), "tags")
        for text in ("龘", "靐", "abcx", "defy", "123", "45", "?", "!")
    ]

    assert all(tags[at] == tags[at + 1] for at in (0, 2, 4))
    assert len(tags) - 3 == len({tuple(each) for each in tags})


def test_content_words_share_their_tag(extractor: TermExtractor) -> None:
    """In part-of-speech terms two nouns are the same, and two function words are not."""
    nouns = [of_group(extractor, extractor.count([word]), "tags") for word in ("芯片", "苹果")]
    particles = [of_group(extractor, extractor.count([word]), "tags") for word in ("的", "但是")]

    assert nouns[0] == nouns[1]
    assert particles[0] != particles[1]


@pytest.mark.parametrize(
    ("name", "family"),
    [("T_CHIP", 0), ("N_SPORT", 1), ("R_MARKER", 2), ("F_MENU", 3), ("HEDGE", 4)],
)
def test_classes_belong_to_families_by_their_prefix(name: str, family: int) -> None:
    """T tech, N other subjects, R recommending, F furniture; the rest is stance."""
    assert family == family_of(name)


def test_counts_stop_at_the_largest_number_they_can_hold(extractor: TermExtractor) -> None:
    """A character that stands 70,000 times counts 65,535 times, and no counter runs over."""
    counts = of_group(extractor, extractor.count(["甲" * 70_000]), "chars")

    assert [65_535, 65_535, 65_535] == sorted(counts.values())


def test_user_words_are_terms_of_their_own() -> None:
    """A user's word is one word where it was two."""
    with_word = TermExtractor(TermsConfig(lexicon=LEXICON, user_words=(Word("栏目机", 9000, "n"),)))
    without = TermExtractor(TermsConfig(lexicon=LEXICON))

    assert 1 == len(of_group(with_word, with_word.count(["栏目机"]), "words"))
    assert 3 == len(of_group(without, without.count(["栏目机"]), "words"))


@given(texts=st.lists(st.text(st.characters(exclude_categories=()), max_size=30), max_size=6))
def test_counting_together_is_counting_one_by_one(extractor: TermExtractor, texts: list[str]) -> None:
    """A text's terms do not depend on what it is counted with, or on what was counted before."""
    together = extractor.count(texts)
    rows = [slice(*pair) for pair in zip(together.pointers, together.pointers[1:], strict=False)]
    alone = [extractor.count([text]) for text in texts]

    assert [one.buckets.tolist() for one in alone] == [together.buckets[row].tolist() for row in rows]
    assert [one.counts.tolist() for one in alone] == [together.counts[row].tolist() for row in rows]
    assert all(np.array_equal(one.facts[0], facts) for one, facts in zip(alone, together.facts, strict=True))


@given(text=st.text(st.characters(exclude_categories=()), max_size=60))
def test_buckets_ascend_and_are_distinct(extractor: TermExtractor, text: str) -> None:
    """A row is a valid row of a CSR matrix, whatever the text."""
    counted = extractor.count([text])

    assert np.all(np.diff(counted.buckets) > 0)
    assert np.all(counted.counts > 0)
    assert np.all((0 <= counted.buckets) & (counted.buckets < extractor.buckets))


def test_counters_are_zero_again(extractor: TermExtractor) -> None:
    """Counters are used again, so each call leaves them as it found them."""
    extractor.count(["研究生命的起源" * 50])

    assert [0] == sorted({int(counts.max()) for counts in extractor._idle})  # noqa: SLF001 - nothing else shows them


def test_work_grows_with_the_text_and_no_faster(extractor: TermExtractor) -> None:
    """Ten times the text has at most ten times the terms and a bit: no term is counted over and over."""
    short, long = (int(extractor.count([text]).counts.sum()) for text in ("芯片显然" * 100, "芯片显然" * 1000))

    assert long <= 10 * short + len("芯片显然")


def test_threads_do_not_disturb_each_other(extractor: TermExtractor, seed_pages: list[str]) -> None:
    """Eight threads that count at the same time count what one does."""
    pages = seed_pages[:16]
    expected = [extractor.count([page]).counts.sum() for page in pages]
    found: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: found.append([extractor.count([page]).counts.sum() for page in pages]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [expected] * 8 == found


def test_code_points_keep_every_character() -> None:
    """Characters above U+FFFF are one code point, and lone surrogates stay."""
    codes, bounds = code_points(["a𠮷", "", "\ud83d"])

    assert [0x61, 0x20BB7, 0xD83D] == codes.tolist()
    assert [0, 2, 2, 3] == bounds.tolist()


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(TermsConfig(word_buckets=1 << 10), id="buckets"),
        pytest.param(TermsConfig(lexicon=LEXICON), id="lexicon"),
    ],
)
def test_another_configuration_has_another_fingerprint(changed: TermsConfig) -> None:
    """Seeds extracted by one cannot be mixed with those of the other."""
    assert TermsConfig().fingerprint() == TermsConfig().fingerprint()
    assert changed.fingerprint() != TermsConfig().fingerprint()


def test_what_a_user_adds_moves_no_bucket(extractor: TermExtractor) -> None:
    """Classes of one's own come behind all others, so that extracted seeds keep their meaning and the fingerprint."""
    added = Lexicon(LEXICON.entries, added=(("栏目机", "A_MACHINE"), ("栏目", "STANCE")))
    larger = TermExtractor(replace(CONFIG, lexicon=added))

    assert extractor.config.fingerprint() == larger.config.fingerprint()
    assert terms_of(extractor, "芯片显然不行") == terms_of(larger, "芯片显然不行")
    assert larger.buckets - 1 == extractor.buckets
    assert (extractor.buckets, 1) in terms_of(larger, "栏目机")


def test_kernels_are_not_told_of_arrays_that_they_would_misread(extractor: TermExtractor) -> None:
    """They are told an address, and what lies there is for them to know."""
    wider: Any = extractor.resources.bases.astype(np.float64)

    with pytest.raises(TypeError, match="float64, where kernels read int64"):
        extractor.resources._replace(bases=wider).table()
    with pytest.raises(TypeError, match="one after the other"):
        extractor.resources._replace(chars=np.zeros(2 * 65536, np.uint32)[::2]).table()
