"""Lines whose role is read off their characters have the role that the patterns give them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.splitting.columns import CLOSED, ROLE
from models.splitting.lines import fold, role_of
from models.splitting.shapes import is_closed
from models.splitting.words import PHRASE_STARTS, Role, openings, whole_lines

SEEDS = Path(__file__).parents[3] / "training" / "seeds"
KNOWN = (*whole_lines(), *(opening for rows in openings().values() for opening, _ in rows))
MARKS = (
    *(
        "12",
        "5款",
        "2031-03-04",
        "16:25",
        "昨天",
        "3小时前",
        "阅读(12)",
        "1.2万",
        "第3步",
        "第一",
        "一、",
        "①",
        "- ",
        "●",
    ),
    *(
        "import ",
        "{",
        "};",
        "-> ",
        "//",
        " > ",
        " | ",
        "»",
        "》",
        "《",
        "版权所有",
        "微博",
        "微信",
        "朋友圈",
        "责编:",
        "来源:",
    ),
    *(
        "人阅读",
        "ICP备",
        "...",
        "…",
        "。",
        "，",
        "!",
        "?",
        "详细]",
        "(",
        ")",
        "[",
        "]",
        "赞",
        "今天",
        "©",
        "𝟙",
        "\ud800",
        "\x1f",
    ),
)
PIECES = st.one_of(
    st.sampled_from(KNOWN),
    st.sampled_from(MARKS),
    st.text(st.sampled_from("河边的修表匠不收学徒岛上雨夜aZ09 .,|>、)一十"), max_size=30),
    st.text(max_size=3),
)
LINES = st.lists(PIECES, min_size=1, max_size=6).map("".join)


def lines_with_roles(text: str) -> list[tuple[str, int]]:
    """Each line that is not blank, folded, and the role that was read off it, 0 where none was."""
    lines, folded = fold(text)
    starts, ends, roles = lines.columns[: ROLE + 1].tolist()
    return [(folded[start:end], role) for start, end, role in zip(starts, ends, roles, strict=True)]


def disagreements(text: str) -> list[tuple[str, str, str]]:
    """The lines whose role the patterns tell otherwise."""
    told = ((line, role) for line, role in lines_with_roles(text) if role)
    return [(line, Role(role).name, role_of(line).name) for line, role in told if role_of(line) != role]


@given(LINES)
def test_no_line_is_told_otherwise_than_by_the_patterns(text: str) -> None:
    """Known words, numbers, dates, code and plain characters in any mixture."""
    assert not disagreements(text)


def test_phrases_begin_with_plain_characters() -> None:
    """Kernels look for the beginnings as they stand, and know of no pattern."""
    assert [start for start in PHRASE_STARTS if re.escape(start) != start] == []


@given(LINES)
@example("。”")
@example("岛”\n”")
def test_the_end_of_a_line_is_told_too(text: str) -> None:
    """Its last character, and whether it ends as a sentence does."""
    lines, folded = fold(text)
    starts, ends, _, last, closed = lines.columns[: CLOSED + 1].tolist()
    contents = [folded[start:end] for start, end in zip(starts, ends, strict=True)]

    assert [(ord(line[-1]), is_closed(line)) for line in contents] == list(zip(last, map(bool, closed), strict=True))


def test_no_seed_is_told_otherwise_than_by_the_patterns() -> None:
    """Nor does a line of the written seeds, which look as pages do."""
    files = sorted(SEEDS.glob("**/*.txt"))
    assert files
    assert not [row for file in files for row in disagreements(file.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("首页", Role.LABEL),
        ("相关推荐", Role.MARKER),
        ("【 相 关 推 荐 】", Role.MARKER),
        ("河边的修表匠不收学徒", Role.TITLE),
        ("他走了。", Role.SENTENCE),
        ("雨下了一夜，谁也没有来，河边只剩下那一盏灯还亮着......", Role.SNIPPET),
        ("58", Role.COUNT),
        ("1,024", Role.COUNT),
        ("5款手表横评", Role.LABEL),
        ("雨" * 61, Role.SENTENCE),
    ],
)
def test_plain_lines_are_told_at_once(line: str, role: Role) -> None:
    """Whole lines, titles, names, sentences, snippets and numbers need no pattern."""
    assert [role] == [told for _, told in lines_with_roles(line)]


@pytest.mark.parametrize(
    "line",
    ["2031-03-04", "来源：岛报", "首页 | 数码 | 汽车", "1、先洗手", "import os", "昨天", "河边的修表匠 2031-03-04"],
)
def test_others_are_left_to_the_patterns(line: str) -> None:
    """Dates, menus, items, code and lines that open with a word for it."""
    assert [0] == [told for _, told in lines_with_roles(line)]
