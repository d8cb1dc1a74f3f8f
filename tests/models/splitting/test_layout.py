"""Each layout that real pages have, in a page of our own invention."""

from __future__ import annotations

import pytest

from models.page import Kind
from models.splitting import kind_of, split_text

PARAGRAPH = (
    "新的散热片把热量从芯片背面引到机壳,实测满载半小时后表面只有四十一度,比上一代低了六度;厂家说,关键在于铜板里刻出的细槽,"
    "冷却液在槽里蒸发又凝结,来回一趟只要两秒,因此不需要风扇也能稳住频率,夏天的教室里也一样,桌面不再发烫,学生们上课时也不用再听嗡嗡的响声。"
)
SECOND = (
    "代价也很清楚:每块铜板要多花十一元,还要一台真空焊机。小厂买不起焊机,只能请别人代工,交货期因此从两周拖到五周,"
    "这对一年只卖三个月的学生市场来说,几乎等于错过整季,所以厂家先在高价机型上用它,等到有了自己的焊机再往下推,时间大约是明年秋天。"
)


def cut(*lines: str) -> list[tuple[Kind, str]]:
    """Kind and text, white space around it removed, of each section of a page with these lines."""
    page = split_text("\n".join(lines))
    return [(section.kind, text.strip()) for section, text in zip(page.sections, page.texts(), strict=True)]


def test_a_paragraph_is_a_section() -> None:
    """Two full paragraphs make two sections of prose."""
    sections = cut(PARAGRAPH, SECOND)

    assert sections == [(Kind.PROSE, PARAGRAPH), (Kind.PROSE, SECOND)]


def test_a_heading_goes_with_what_it_heads() -> None:
    """A short open line before a paragraph opens that paragraph's section and is named as its heading."""
    page = split_text(f"{PARAGRAPH}\n代价与取舍\n{SECOND}")

    assert page.texts()[1] == f"代价与取舍\n{SECOND}"
    assert page.sections[1].heading == "代价与取舍"


def test_an_article_title_scraped_twice_stays_with_its_first_paragraph() -> None:
    """A doubled title before a paragraph is the article's head, not a teaser."""
    title = "没有风扇的笔记本能跑多快"

    sections = cut(title, title, PARAGRAPH)

    assert sections == [(Kind.PROSE, f"{title}\n{title}\n{PARAGRAPH}")]


def test_very_short_paragraphs_are_joined() -> None:
    """A run of one-sentence paragraphs makes one section."""
    lines = ["他没有回答。", "我又问了一遍。", "雨还在下。"]

    assert cut(*lines) == [(Kind.PROSE, "\n".join(lines))]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param("相关推荐", Kind.MARKER, id="marker"),
        pytest.param("【相关阅读】", Kind.MARKER, id="marker in brackets"),
        pytest.param("猜你喜欢：", Kind.MARKER, id="marker with a colon"),
        pytest.param("相關閱讀", Kind.MARKER, id="traditional marker"),
        pytest.param("猜您喜歡", Kind.MARKER, id="traditional guess"),
        pytest.param("相关\u200b推荐\xa0", Kind.MARKER, id="zero-width and no-break space"),
        pytest.param("\u3000\u3000推荐阅读", Kind.MARKER, id="full-width indent"),
        pytest.param("首页 | 新闻 | 数码 | 汽车 | 论坛", Kind.MENU, id="pipe menu"),
        pytest.param("首页｜数码｜家电｜评测", Kind.MENU, id="full-width pipe menu"),
        pytest.param("新闻 体育 财经 数码 房产 游戏", Kind.MENU, id="menu between spaces"),
        pytest.param("首页 > 数码 > 散热 > 正文", Kind.MENU, id="breadcrumb"),
        pytest.param("当前位置：首页 » 数码 » 正文", Kind.MENU, id="breadcrumb with its name"),
        pytest.param("您好，请登录 免费注册", Kind.MENU, id="login prompt"),
        pytest.param("点击展开全文", Kind.MENU, id="unfold"),
        pytest.param("查看更多>>", Kind.MENU, id="more"),
        pytest.param("责任编辑：许小满", Kind.BYLINE, id="editor"),
        pytest.param("来源：云岭数码报 作者：何苗", Kind.BYLINE, id="source"),
        pytest.param("2031-04-05 09:12 来源：云岭数码报", Kind.BYLINE, id="date and source"),
        pytest.param("（原标题：铜板里的细槽）", Kind.BYLINE, id="original title"),
        pytest.param("标签：散热 铜板 笔记本", Kind.BYLINE, id="tags"),
        pytest.param("关键词：散热,铜板", Kind.BYLINE, id="keywords"),
        pytest.param("云ICP备00000000号-1", Kind.COPYRIGHT, id="ICP footer"),
        pytest.param("Copyright © 2031 云岭数码报", Kind.COPYRIGHT, id="copyright"),
        pytest.param("免责声明：本文观点归作者，与本站无关，读者请自行判断。", Kind.COPYRIGHT, id="disclaimer"),
        pytest.param("著作權歸雲嶺數碼報所有", Kind.COPYRIGHT, id="traditional copyright"),
        pytest.param("分享到：微信 微博 QQ空间", Kind.SHARE, id="share strip"),
        pytest.param("扫描下方二维码，关注云岭数码", Kind.SHARE, id="QR pitch"),
        pytest.param("欢迎关注公众号：云岭夜话", Kind.SHARE, id="follow pitch"),
        pytest.param("上一篇：铜板为什么贵 下一篇：焊机从哪里来", Kind.ADJACENT, id="previous and next in one line"),
        pytest.param("下一篇：没有了", Kind.ADJACENT, id="no next"),
        pytest.param("def cool(plate):", Kind.CODE, id="code"),
        pytest.param(PARAGRAPH, Kind.PROSE, id="paragraph"),
    ],
)
def test_a_line_tells_its_kind(line: str, kind: Kind) -> None:
    """A line of furniture, a marker or a paragraph is known by itself."""
    assert kind_of(line) is kind


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        pytest.param(["责任编辑：许小满", "（原标题：铜板里的细槽）"], Kind.BYLINE, id="bylines"),
        pytest.param(["分享到：", "微信", "新浪微博"], Kind.SHARE, id="share strip over lines"),
        pytest.param(["版权所有 云岭数码报", "云ICP备00000000号"], Kind.COPYRIGHT, id="footer"),
        pytest.param(["上一篇：铜板为什么贵", "下一篇：焊机从哪里来"], Kind.ADJACENT, id="previous and next"),
        pytest.param(["首页", "数码", "汽车", "论坛", "登录"], Kind.MENU, id="menu over lines"),
    ],
)
def test_furniture_after_a_paragraph_is_a_section_of_its_own(lines: list[str], kind: Kind) -> None:
    """Neighbouring lines of one kind of furniture leave the paragraph before them and stay together."""
    sections = cut(PARAGRAPH, *lines)

    assert sections == [(Kind.PROSE, PARAGRAPH), (kind, "\n".join(lines))]


def test_a_menu_a_title_and_a_byline_are_three_sections() -> None:
    """The head of a page falls into menu, title and byline, and the text after them stands alone."""
    page = ["首页", "数码", "汽车", "论坛", "没有风扇的笔记本能跑多快", "2031-04-05 来源：云岭数码报", PARAGRAPH]

    assert [kind for kind, _ in cut(*page)] == [Kind.MENU, Kind.HEADING, Kind.BYLINE, Kind.PROSE]


def test_prose_that_mixes_scripts_is_no_menu() -> None:
    """Spaces between Latin and Chinese words do not make a sentence a menu."""
    assert kind_of("用 Rust 写的 CLI 在 Linux 上 跑得 更快一些") is not Kind.MENU


def test_half_width_punctuation_cuts_as_full_width_does() -> None:
    """The same page in half-width and full-width marks has the same sections."""
    full = f"{PARAGRAPH}\n代价：与取舍\n{SECOND}\n责任编辑：许小满".replace(",", "，").replace(":", "：")
    half = full.replace("，", ",").replace("：", ":")

    assert split_text(full).sections[0].end == split_text(half).sections[0].end
    assert [section.kind for section in split_text(full).sections] == [
        section.kind for section in split_text(half).sections
    ]


def test_escaped_entities_do_not_hide_a_marker() -> None:
    """Entities that were escaped twice read as what they stand for."""
    assert kind_of("&amp;nbsp;相关推荐&nbsp;") is Kind.MARKER


def test_a_marker_word_inside_a_menu_is_a_name() -> None:
    """A channel that is called like a marker stays in its menu."""
    menu = ["首页", "财经", "热点", "体育", "游戏"]

    assert cut(*menu, PARAGRAPH) == [(Kind.MENU, "\n".join(menu)), (Kind.PROSE, PARAGRAPH)]


def test_what_a_colon_announces_belongs_to_it() -> None:
    """A short line after a colon goes on with the paragraph."""
    assert cut("他说了一件事:", "先洗手") == [(Kind.PROSE, "他说了一件事:\n先洗手")]


def test_a_heading_does_not_go_on_with_a_short_paragraph() -> None:
    """An open short line after it begins something else."""
    assert [text for _, text in cut("他走了。", "河边的修表匠")] == ["他走了。", "河边的修表匠"]
