"""Teasers in plain text, in every order their lines come in."""

from __future__ import annotations

import pytest

from models.page import Kind
from models.splitting import split_text

BODY = (
    "灯塔守了六十年,今年改成了自动的。最后一任守塔人说,机器不会忘记点灯,可它也不会在雾里多听一会儿有没有船在喊,"
    "这话听着像抱怨,其实是提醒:省下来的不是人,是人的耳朵。岛上的人都懂这个道理,所以每逢大雾,还有人上塔去听。"
)
TITLES = ["老邮局的鸽子去了哪里?", "山里的图书车第七次出发", "河边的修表匠不收学徒", "夜市收摊以后谁来扫街"]


def teaser(title: str, *, doubled: bool = True, count: str | None = "58", gap: str = "\n\n") -> str:
    """One teaser as scrapers leave it: title, title again, count, snippet that opens with the title and breaks off."""
    rows = [title] * (1 + doubled) + ([] if count is None else [count])
    return gap.join([*rows, f"{title} 那天清早下着小雨,街口的人比平日多了一倍,谁也没有说话..."])


def teasers_of(text: str) -> list[str]:
    """The texts of the sections that are teasers."""
    page = split_text(text)
    return [page.text[section.start : section.end].strip() for section in page.sections if section.kind is Kind.TEASER]


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n \u3000\n"], ids=["lines", "blank lines", "blank lines with spaces"])
@pytest.mark.parametrize("marker", ["相关推荐", ""], ids=["after a marker", "without marker"])
def test_each_scraped_teaser_is_one_section(gap: str, marker: str) -> None:
    """Title, title, count and snippet make one section each, and the article before them holds none of it."""
    cards = [teaser(title, doubled=title != TITLES[2], gap=gap) for title in TITLES]

    found = teasers_of(gap.join([BODY, marker, *cards]))

    assert found == cards


def test_a_marker_before_cards_stands_alone() -> None:
    """A bare marker line is a section of its own where teasers of several lines follow."""
    page = split_text("\n".join([BODY, "相关推荐", teaser(TITLES[0], gap="\n"), teaser(TITLES[1], gap="\n")]))

    assert [section.kind for section in page.sections] == [Kind.PROSE, Kind.MARKER, Kind.TEASER, Kind.TEASER]


@pytest.mark.parametrize(
    "meta", ["67", "2530人参与", "跟贴31", "797赞", "5小时前", "2031-03-04", "[12-05]", "阅读(320)", "1.2万阅读"]
)
def test_counts_and_dates_belong_to_their_teaser(meta: str) -> None:
    """Whatever stands between title and snippet as number or date stays in the teaser."""
    cards = [teaser(title, doubled=False, count=meta, gap="\n") for title in TITLES[:2]]

    assert teasers_of("\n".join([BODY, *cards])) == cards


def test_teasers_that_put_the_number_first_are_one_section_each() -> None:
    """A rank, a title and a summary make one section where several follow each other."""
    cards = [f"{rank}\n{title}\n那天清早下着小雨,街口的人比平日多了一倍。" for rank, title in enumerate(TITLES, 1)]

    assert teasers_of("\n".join([BODY, "热门文章", *cards])) == cards


def test_a_plain_list_of_titles_is_one_section_with_its_marker() -> None:
    """Titles alone are one block of links, headed by the marker."""
    page = split_text("\n".join([BODY, "延伸阅读", *TITLES]))

    assert page.texts()[1] == "\n".join(["延伸阅读", *TITLES])
    assert (page.sections[1].kind, page.sections[1].heading) == (Kind.TEASER, "延伸阅读")


@pytest.mark.parametrize(
    "form",
    ["{} 2031-03-04", "{} (03-04)", "{} 5小时前", "2031-03-04 {}", "{} 320阅读"],
    ids=["date", "day in brackets", "hours ago", "date first", "count"],
)
def test_one_line_teasers_with_a_date_or_count_are_teasers(form: str) -> None:
    """Titles with a date or a count on the line are teasers without any marker."""
    rows = [form.format(title) for title in TITLES]

    assert teasers_of("\n".join([BODY, *rows])) == ["\n".join(rows)]


@pytest.mark.parametrize("form", ["{0}. {0}{1}", "{0}、{1}", "【新闻】{1}"], ids=["rank twice", "rank", "news prefix"])
def test_ranked_and_prefixed_titles_stay_one_list(form: str) -> None:
    """A ranked list under its marker is one block."""
    rows = [form.format(rank, title) for rank, title in enumerate(TITLES, 1)]

    assert teasers_of("\n".join([BODY, "点击排行", *rows])) == ["\n".join(["点击排行", *rows])]


def test_an_article_head_with_date_is_no_teaser() -> None:
    """A title, a date and a first paragraph are an article, however teaser-like they look."""
    assert teasers_of(f"灯塔改成了自动的\n2031-03-04\n{BODY}\n{BODY}") == []


@pytest.mark.parametrize("read_on", ["阅读全文 »", "[详细]", "查看原文 →", "閱讀全文"])
def test_a_title_a_summary_and_read_on_are_one_teaser(read_on: str) -> None:
    """The line that leads to the rest of a piece ends its teaser, with the byline between title and summary inside."""
    card = f"{TITLES[0]}\n发表于 2031-03-04\n那天清早下着小雨,街口的人比平日多了一倍。\n{read_on}"

    assert teasers_of(f"{BODY}\n{card}\n{BODY}") == [card]


def test_a_short_line_after_numbered_teasers_is_none_of_them() -> None:
    """Where numbers come first, a line without one does not go on with the list."""
    cards = [f"{rank}\n{title}\n那天清早下着小雨,街口的人比平日多了一倍。" for rank, title in enumerate(TITLES, 1)]

    found = teasers_of("\n".join([*cards, "岛上的人怎么说", BODY]))

    assert found == cards


CUT_OFF = "雨下了一夜,谁也没有来,河边只剩下那一盏灯还亮着,船老大说他见过这样的夜晚..."
LONE = f"旧船坞里的最后一班渡轮\n33\n{CUT_OFF}"


def test_a_title_repeated_shorter_makes_a_card() -> None:
    """Its count and a snippet that breaks off below it stand by their own shape then."""
    card = f"{TITLES[2]}的原因\n{TITLES[2]}...\n58\n{CUT_OFF}"

    assert teasers_of(f"{BODY}\n{card}\n他走了。") == [card]


@pytest.mark.parametrize("others", [True, False], ids=["many others", "none"])
def test_a_lone_card_of_three_lines_stands_where_many_others_do(*, others: bool) -> None:
    """Alone it may be an article's own head."""
    row = [f"{title}\n58" for title in TITLES] if others else []

    assert teasers_of("\n".join([*row, "版权所有", BODY, LONE, BODY])) == ([*row, LONE] if others else [])
