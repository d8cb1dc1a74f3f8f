"""HTML pages: what is kept, how it is cut, what the markup tells."""

from __future__ import annotations

import pytest

from models.page import Kind, Section
from models.splitting import split_html

BODY = (
    "灯塔守了六十年，今年改成了自动的。最后一任守塔人说，机器不会忘记点灯，可它也不会在雾里多听一会儿有没有船在喊，"
    "这话听着像抱怨，其实是提醒：省下来的不是人，是人的耳朵。岛上的人都懂这个道理，所以每逢大雾，还有人上塔去听。"
)
PAGE = f"""<html><head><title>灯塔 - 岛报</title><style>p {{}}</style><script>var a = "机器文字";</script></head><body>
<div class="topNav"><ul><li><a href="/">首页</a></li><li><a href="/a">岛闻</a></li>
<li><a href="/b">船期</a></li></ul></div>
<!-- 注释 --><h1>灯塔改成了自动的</h1><p>{BODY}</p><noscript>请打开脚本</noscript>
<div style="display: none">暗文</div>
<div id="tuijian" class="box-recommend"><h3>相关推荐</h3><ul>
<li><h4><a href="/1">老邮局的鸽子去了哪里</a></h4><p>那天清早下着小雨</p><span>58</span></li>
<li><h4><a href="/2">山里的图书车第七次出发</a></h4><p>车上只有三百本书</p><span>12</span></li></ul></div>
<div class="footer">版权所有 岛报</div></body></html>"""


def section_with(html: str, words: str) -> tuple[Section, str]:
    """The section that holds the words, and its text."""
    page = split_html(html)
    return next((section, text) for section, text in zip(page.sections, page.texts(), strict=True) if words in text)


def test_the_text_is_what_a_reader_sees() -> None:
    """Scripts, styles, comments and hidden elements go; every block element is a line."""
    page = split_html(PAGE)

    expected = ["灯塔 - 岛报", "首页", "岛闻", "船期", "灯塔改成了自动的", BODY, "相关推荐", "老邮局的鸽子去了哪里"]
    expected += ["那天清早下着小雨", "58", "山里的图书车第七次出发", "车上只有三百本书", "12", "版权所有 岛报"]
    assert page.text == "\n".join(expected)


def test_list_items_with_title_and_summary_are_one_teaser_each() -> None:
    """Elements alike that hold a linked title and little more are cards."""
    page = split_html(PAGE)

    teasers = [page.text[part.start : part.end].split() for part in page.sections if part.kind is Kind.TEASER]
    assert teasers == [
        ["老邮局的鸽子去了哪里", "那天清早下着小雨", "58"],
        ["山里的图书车第七次出发", "车上只有三百本书", "12"],
    ]


def test_a_list_of_linked_titles_is_one_section() -> None:
    """Links without anything else are one block, not one section each."""
    rows = "".join(f"<li><a href='/{row}'>岛上第{row}座桥的来历和去处</a></li>" for row in range(40))

    section, text = section_with(f"<p>{BODY}</p><ul>{rows}</ul>", "第23座桥")

    assert len(text.split()) == 40
    assert section.markup is not None
    assert (section.markup.links, section.markup.link_density, section.markup.in_list) == (40, 1.0, True)


def test_a_heading_element_opens_its_paragraph() -> None:
    """A heading goes with its paragraph, and its level is kept."""
    section, text = section_with(PAGE, "灯塔守了")

    assert text.startswith("灯塔改成了自动的\n")
    assert section.heading == "灯塔改成了自动的"
    assert section.markup is not None
    assert section.markup.heading_level == 1


def test_class_and_id_words_become_hints() -> None:
    """Words of the attributes around a section that tell of its role are kept, sorted."""
    section, _ = section_with(PAGE, "图书车")

    assert section.markup is not None
    assert section.markup.hints == ("recommend", "tuijian")


@pytest.mark.parametrize("name", ["photo", "loadhead", "snapshot", "insider"])
def test_hints_inside_other_words_are_none(name: str) -> None:
    """Short hints count as whole words only."""
    section, _ = section_with(f'<div class="{name}"><p>{BODY}</p></div>', "灯塔")

    assert section.markup is not None
    assert section.markup.hints == ()


def test_a_link_inside_prose_leaves_it_prose() -> None:
    """A paragraph with a link in it keeps its kind and has a small link density."""
    section, _ = section_with(f"<p>{BODY}<a href='/'>旧照片</a>还在。</p>", "旧照片")

    assert section.kind is Kind.PROSE
    assert section.markup is not None
    assert 0 < section.markup.link_density < 0.1


@pytest.mark.parametrize(
    ("html", "text"),
    [
        pytest.param("<p>甲 &amp;amp;nbsp; 乙</p>", "甲 乙", id="escaped twice"),
        pytest.param("<p>甲<br>乙</p>", "甲\n乙", id="line break"),
        pytest.param("<a>甲</a><a>乙</a>", "甲 乙", id="links side by side"),
        pytest.param("<pre>甲\n  乙</pre>", "甲\n乙", id="preformatted"),
        pytest.param("<p>\u3000\u3000甲&nbsp;&nbsp;乙</p>", "甲 乙", id="indent and no-break spaces"),
        pytest.param("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲 乙", id="table row"),
        pytest.param("<p>甲\ud800乙</p>", "甲\ufffd乙", id="lone surrogate"),
        pytest.param("<p>甲\x00乙</p>", "甲乙", id="NUL"),
        pytest.param("甲<script>乙", "甲", id="unclosed script"),
        pytest.param("", "", id="empty"),
    ],
)
def test_text_is_derived_as_browsers_show_it(html: str, text: str) -> None:
    """White space, entities and odd characters come out in one known way."""
    assert split_html(html).text == text


def test_text_after_inline_elements_stays_on_its_line() -> None:
    """A paragraph with emphasis and links in the middle is one line."""
    page = split_html("<div><p>甲<b>乙</b>丙<a href='/'>丁</a>戊</p>己</div>")

    assert page.text == "甲乙丙丁戊\n己"
