"""The lexicon: its file form, its classes, its hash."""

from __future__ import annotations

import pytest

from models.terms.lexicon import MOST_CLASSES, Lexicon, LexiconError, parse, shipped


def test_lines_are_words_and_classes() -> None:
    """A word, a tab and a class a line; blank lines and comments are passed over."""
    lines = ["# stance\n", "\n", "显然\tCERTAIN\r\n", "不得不说\tSTANCE"]

    assert [("显然", "CERTAIN"), ("不得不说", "STANCE")] == parse(lines, "own.tsv")


@pytest.mark.parametrize(
    "line",
    ["显然", "显然\t", "\tCERTAIN", "显然\tCERTAIN\t2"],
    ids=["no tab", "no class", "no word", "three fields"],
)
def test_a_broken_line_is_named(line: str) -> None:
    """The message says which file and line it is, and what was expected."""
    with pytest.raises(LexiconError, match=r"^own\.tsv:2: expected a word, a tab and a class, got '"):
        parse(["应该\tMODAL", line], "own.tsv")


def test_a_word_in_too_many_classes_is_refused() -> None:
    """A section's terms stay bounded by its length."""
    crowded = Lexicon(tuple(("显然", f"CLASS_{number}") for number in range(MOST_CLASSES + 1)))

    with pytest.raises(LexiconError, match="'显然' is in more than 3 classes; take it out of some"):
        crowded.matches()


def test_the_hash_is_of_the_entries_in_any_order() -> None:
    """Two lexicons with the same entries are the same."""
    one, other = Lexicon((("甲", "A"), ("乙", "B"))), Lexicon((("乙", "B"), ("甲", "A"), ("甲", "A")))

    assert one.hash == other.hash
    assert one.hash != Lexicon((("甲", "B"), ("乙", "A"))).hash


def test_the_shipped_lexicon_is_whole() -> None:
    """Every shipped entry can be matched, and the class that marks teasers is there."""
    lexicon = shipped()

    assert len(lexicon.entries) > 8000
    assert "R_MARKER" in lexicon.classes
    assert lexicon.matches().first[-1] <= len(set(lexicon.entries))
