"""jieba's dictionary as arrays, built once and mapped from the cache folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.terms import dictionary
from models.terms.dictionary import Lookup, Word
from models.terms.trie import MISSING, ROOT, build_trie, step

WORDS = [
    Word("研究", 60, "vn"),
    Word("研究生", 30, "n"),
    Word("的", 10, "uj"),
    Word("𠮷野", 0, "nz"),
    Word("的", 20, "xx"),
]


def node_of(lookup: Lookup, word: str) -> int:
    """The node at which a word ends."""
    node = ROOT
    for char in word:
        node = step(lookup.trie, node, ord(char))
    return node


def test_costs_are_logarithms_of_shares() -> None:
    """log(frequency) - log(total); a word given twice has its last frequency, while both count in the total."""
    lookup = dictionary.build(WORDS)

    assert np.log(60 / 120) == pytest.approx(lookup.cost[node_of(lookup, "研究")])
    assert np.log(20 / 120) == pytest.approx(lookup.cost[node_of(lookup, "的")])
    assert np.log(1 / 120) == pytest.approx(lookup.unknown)


def test_what_is_no_word_has_no_cost() -> None:
    """A beginning of words has none, nor has a word of frequency 0, above U+FFFF or not."""
    lookup = dictionary.build(WORDS)

    assert np.isnan(lookup.cost[[node_of(lookup, "研"), node_of(lookup, "𠮷"), node_of(lookup, "𠮷野")]]).all()
    assert MISSING == node_of(lookup, "究")


def test_tags_are_kept() -> None:
    """A word knows its part of speech; a tag that jieba does not have counts as none."""
    lookup = dictionary.build(WORDS)

    assert "n" == dictionary.TAGS[lookup.tag[node_of(lookup, "研究生")]]
    assert "" == dictionary.TAGS[lookup.tag[node_of(lookup, "的")]]


def test_a_lookup_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    """What is mapped is what was built, read-only, and nothing else is left in the folder."""
    built = dictionary.build(WORDS)
    dictionary.keep(built, tmp_path / "kept")
    dictionary.keep(built, tmp_path / "kept")  # a second process that comes late
    mapped = dictionary.mapped(tmp_path / "kept")

    assert built.trie.shift == mapped.trie.shift
    assert built.unknown == mapped.unknown
    for one, other in ((built.trie.edges, mapped.trie.edges), (built.cost, mapped.cost), (built.tag, mapped.tag)):
        np.testing.assert_array_equal(one, other)
    assert not mapped.cost.flags.writeable
    assert ["kept"] == [path.name for path in tmp_path.iterdir()]


def test_user_words_need_no_kernels_of_their_own() -> None:
    """A dictionary with user words has arrays of the very types of the mapped one: nothing is compiled twice."""
    plain, own = dictionary.load(), dictionary.load((Word("栏目机", 5),))

    for one, other in ((plain.trie.roots, own.trie.roots), (plain.trie.edges, own.trie.edges), (plain.cost, own.cost)):
        assert (one.dtype, one.flags.writeable) == (other.dtype, other.flags.writeable)


def test_the_dictionary_has_only_known_tags() -> None:
    """Every tag of the installed jieba has a number."""
    tags = {word.tag for word in dictionary.read_words(dictionary.dictionary_path())}

    assert set() == tags - set(dictionary.TAGS)


def test_a_trie_finds_each_word_and_no_other() -> None:
    """Every word ends at its own node; what was not added leads nowhere."""
    words = ["a", "ab", "abc", "𠮷", "𠮷b", "", "b"]
    trie, nodes, count = build_trie(words)

    assert [1, 2, 3] == [step(trie, node, ord(char)) for node, char in zip([ROOT, 1, 2], "abc", strict=True)]
    assert len(set(nodes.tolist())) == len(words)
    assert 7 == count
    assert MISSING == step(trie, int(nodes[3]), ord("c"))
