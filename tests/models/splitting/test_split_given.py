"""Sections that the caller has cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.page import Kind
from models.splitting import kind_of, split_given


@given(st.lists(st.text(max_size=40), max_size=8))
def test_each_text_can_be_had_back(texts: list[str]) -> None:
    """A section is its text and the joining line feed; the last has none."""
    page = split_given(texts)

    own = [text[:-1] for text in page.texts()[:-1]] + page.texts()[-1:]
    assert own == texts
    assert page.text == "\n".join(texts)


def test_kinds_are_those_of_the_texts_alone() -> None:
    """A given section's kind comes from its own text."""
    texts = ["相关推荐", "版权所有 岛报", "灯塔改成了自动的，岛上的人还是每晚上去看一眼。"]

    kinds = [section.kind for section in split_given(texts).sections]

    assert kinds == [Kind.MARKER, Kind.COPYRIGHT, Kind.PROSE]
    assert kinds == [kind_of(text) for text in texts]
