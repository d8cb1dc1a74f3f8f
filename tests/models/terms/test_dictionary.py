"""jieba's dictionary as arrays, built once and mapped from the cache folder."""

from __future__ import annotations

import numpy as np
import pytest

from models.terms import dictionary
from models.terms.dictionary import Lookup, Word
from models.terms.extractor import code_points
from models.terms.trie import MOST_SLOTS, build_trie, empty_trie, value_of

WORDS = [
    Word("研究", 60, "vn"),
    Word("研究生", 30, "n"),
    Word("的", 10, "uj"),
    Word("𠮷野", 0, "nz"),
    Word("的", 20, "xx"),
]


def value(lookup: Lookup, word: str) -> int:
    """The value of a word, 0 where it is none."""
    return int(value_of(lookup.trie, code_points([word])[0]))


def test_costs_are_logarithms_of_shares() -> None:
    """log(frequency) - log(total); a word given twice has its last frequency, while both count in the total."""
    lookup = dictionary.build(WORDS)

    assert np.log(60 / 120) == pytest.approx(lookup.cost[value(lookup, "研究")])
    assert np.log(20 / 120) == pytest.approx(lookup.cost[value(lookup, "的")])
    assert np.log(1 / 120) == pytest.approx(lookup.unknown)


def test_what_is_no_word_has_no_cost() -> None:
    """A beginning of words has none, nor has a word of frequency 0, above U+FFFF or not."""
    lookup = dictionary.build(WORDS)

    assert [0, 0, 0, 0, 0] == [value(lookup, word) for word in ("研", "𠮷", "𠮷野", "究", "")]


def test_tags_are_kept() -> None:
    """A word knows its part of speech; a tag that jieba does not have counts as none."""
    lookup = dictionary.build(WORDS)

    assert "n" == dictionary.TAGS[lookup.tag[value(lookup, "研究生")]]
    assert "" == dictionary.TAGS[lookup.tag[value(lookup, "的")]]


def test_user_words_need_no_kernels_of_their_own() -> None:
    """A dictionary with user words has arrays of the very types of the mapped one: nothing is compiled twice."""
    plain, own = dictionary.load(), dictionary.load((Word("栏目机", 5),))

    for one, other in (
        (plain.trie.singles, own.trie.singles),
        (plain.trie.edges, own.trie.edges),
        (plain.cost, own.cost),
    ):
        assert (one.dtype, one.flags.writeable) == (other.dtype, other.flags.writeable)


def test_the_dictionary_has_only_known_tags() -> None:
    """Every tag of the installed jieba has a number."""
    tags = {word.tag for word in dictionary.read_words(dictionary.dictionary_path())}

    assert set() == tags - set(dictionary.TAGS)


def test_a_trie_finds_each_word_and_no_other() -> None:
    """Every word has its own value, above U+FFFF or not, and the later one where it is given twice."""
    words = ["a", "ab", "abc", "𠮷", "𠮷b", "", "b", "ab"]
    trie = build_trie(words, range(1, 9))

    found = {word: int(value_of(trie, code_points([word])[0])) for word in (*words, "ac", "c", "bb", "𠮷b𠮷", "𠮸")}

    assert {"a": 1, "ab": 8, "abc": 3, "𠮷": 4, "𠮷b": 5, "b": 7} == {word: at for word, at in found.items() if at}


def test_a_trie_of_too_many_words_is_refused() -> None:
    """More edges than there are numbers for them would lead astray."""
    with pytest.raises(ValueError, match="too many for one trie; add fewer words"):
        empty_trie(MOST_SLOTS)
