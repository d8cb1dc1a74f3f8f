"""Any text and any HTML comes back covered by its sections, in time linear in its length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.page import Page
from models.splitting import split_html, split_text

LINES = st.sampled_from(
    [
        "",
        " ",
        "相关推荐",
        "首页",
        "58",
        "2031-03-04",
        "河边的修表匠不收学徒",
        "河边的修表匠不收学徒 雨下了一夜，谁也没有来...",
        "他走了。",
        "首页 | 数码 | 汽车",
        "来源：岛报",
        "版权所有",
        "上一篇：无",
        "1、先洗手",
        "import os",
        "回复",
        "更多",
        "\x00",
        "𠀀",
    ]
)
TAGS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div class=hot>",
        "</div>",
        "<ul>",
        "</ul>",
        "<li>",
        "<a href=x>",
        "</a>",
        "<table>",
        "<td>",
        "<br>",
        "<h2>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<select>",
        "<svg>",
        "<template>",
        "<b>",
        "</b>",
        "<pre>",
        "<",
        '"',
        "&amp;",
        "&#0;",
    ]
)
SECONDS = 8
"""Seconds of processor time: a million characters take about one, what is quadratic takes minutes."""


def assert_covered(page: Page) -> None:
    """Assert that the sections stand end to end from 0 to the end of the text."""
    ends = [section.end for section in page.sections]
    assert [section.start for section in page.sections] == [0, *ends[:-1]][: len(ends)]
    assert (ends[-1] if ends else 0) == len(page.text)


@given(st.text(st.characters(exclude_categories=())) | st.lists(LINES, max_size=30).map("\n".join))
def test_any_text_is_covered(text: str) -> None:
    """Control characters, lone surrogates and astral characters included."""
    page = split_text(text)

    assert page.text == text
    assert_covered(page)
    assert bool(page.sections) == bool(text)


@given(st.text(st.characters(exclude_categories=())) | st.lists(TAGS | LINES, max_size=40).map("".join))
def test_any_html_is_covered(html: str) -> None:
    """Whatever the markup, the derived text is covered, and each section knows its markup."""
    page = split_html(html)

    assert_covered(page)
    assert all(section.markup is not None for section in page.sections)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("字" * 1_000_000, id="no punctuation"),
        pytest.param("…" * 1_000_000, id="one mark"),
        pytest.param("\n" * 1_000_000, id="newlines"),
        pytest.param("\x00" * 300_000, id="NULs"),
        pytest.param("\ud800" * 300_000, id="lone surrogates"),
        pytest.param("河边的修表匠不收学徒\n" * 50_000, id="one title"),
        pytest.param("58\n" * 100_000, id="one count"),
        pytest.param("相关推荐\n" * 50_000, id="one marker"),
        pytest.param("他走了：\n好\n" * 30_000, id="short lines after colons"),
        pytest.param("|首" * 300_000, id="bars"),
    ],
)
def test_text_takes_linear_time(text: str) -> None:
    """Texts made to be slow are cut in seconds."""
    start = time.process_time()

    assert_covered(split_text(text))

    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<div>" * 100_000 + "字", id="nested"),
        pytest.param("<div>字" * 50_000 + "</div>" * 50_000, id="nested and closed"),
        pytest.param("<optgroup><option>x" * 30_000, id="nested options"),
        pytest.param("<a " + " ".join(f"a{count}=1" for count in range(100_000)) + ">字", id="attributes"),
        pytest.param(
            "<p>" + "".join(f"<b id={count}>" for count in range(500)) + "</p>" + "<p>字</p>" * 30_000, id="formatting"
        ),
        pytest.param("<" * 1_000_000, id="less-than signs"),
        pytest.param('<a b="' * 100_000, id="unclosed quotes"),
        pytest.param("<!--" * 200_000, id="comments"),
        pytest.param("<script>" * 100_000, id="scripts"),
        pytest.param("<ul>" + "<li><a>河边的修表匠不收学徒</a><p>好</p></li>" * 10_000 + "</ul>", id="cards"),
    ],
)
def test_html_takes_linear_time(html: str) -> None:
    """Pages made to be slow are cut in seconds, without recursion."""
    start = time.process_time()

    assert_covered(split_html(html))

    assert time.process_time() - start < SECONDS
