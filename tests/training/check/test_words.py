"""The lexicon, checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.seeds.seed import SeedPage
from models.terms.lexicon import LexiconError
from training.check.words import ClassWords, contained, words_of

PageOf = Callable[..., SeedPage]


def test_own_words(tmp_path: Path, page_of: PageOf) -> None:
    """Words of one's own are counted by class; those given twice, in two classes or in no seed are named."""
    own = tmp_path / "own.tsv"
    own.write_text("风车坪\tOWN_PLACE\n雷雨塔\tOWN_PLACE\n# towers\n雷雨塔\tOWN_TOWER\n风车坪\tOWN_PLACE\n", "utf-8")

    words = words_of([page_of("mine", ("none", "去年的风车坪"))], [own])

    assert ClassWords(2, 1) == words.by_class["OWN_PLACE"]
    assert ["雷雨塔"] == words.unused["OWN_PLACE"]
    assert ["OWN_PLACE", "OWN_TOWER"] == words.in_two_classes["雷雨塔"]
    assert "风车坪 OWN_PLACE: own.tsv:1, own.tsv:5" in words.duplicates


def test_names_the_bad_line(tmp_path: Path) -> None:
    """A line without a class is named with its file and number."""
    own = tmp_path / "own.tsv"
    own.write_text("风车坪\tOWN\n雷雨塔\n", encoding="utf-8")

    with pytest.raises(LexiconError, match=r"own\.tsv:2: expected a word, a tab and a class"):
        words_of([], [own])


def test_contained() -> None:
    """Words of any length are found anywhere in the text."""
    assert {"一二", "三"} == contained({"一二", "三", "二一", "一二三四五"}, "一二三四")
