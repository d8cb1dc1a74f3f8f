"""A page's lines and what each looks like by itself: one pass, no rule sees more than one line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from models.splitting.shapes import TITLE_LENGTH, is_cut_off, shape_of
from models.splitting.words import ANY_PHRASE, OPENINGS_LENGTH, PHRASE, Role, bare, openings, whole_lines

_SPACES = "\u3000\xa0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\x00\t"
_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_MARKS = dict(zip("：（）［］｜丨│┃〉》›＞＜〈‹／．＃－＠！？；", ":()[]||||>>>><<</.#-@!?;", strict=True))
_TRADITIONAL = dict(
    zip(
        "閱讀關聯鏈結推薦熱門點擊評論發佈表時間編輯責來權聲標籤鍵詞導覽頁網註冊錄給您喜歡猜還會員號碼掃維關註請後續條題類資訊"
        "專內瀏覽數轉載僅觀與問題個裡這為應該將過麼對開閉選單務產說討論報紙圖檔頻視體簡繁語話滾動聞傳統歷價錢隱條款",
        "阅读关联链结推荐热门点击评论发布表时间编辑责来权声标签键词导览页网注册录给您喜欢猜还会员号码扫维关注请后续条题类资讯"
        "专内浏览数转载仅观与问题个里这为应该将过么对开闭选单务产说讨论报纸图档频视体简繁语话滚动闻传统历价钱隐条款",
        strict=True,
    )
)
_FOLDED = {
    **dict.fromkeys(_SPACES, " "),
    **dict.fromkeys(_BREAKS, "\n"),
    **_MARKS,
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
    **{traditional: simplified for traditional, simplified in _TRADITIONAL.items() if traditional != simplified},
}
_FOLDABLE = re.compile("[" + re.escape("".join(_FOLDED)) + "]")
_ENTITIES = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "raquo": "»", "middot": "·", "hellip": "…"}
_ENTITY = re.compile(rf"&(?:amp;)?({'|'.join(_ENTITIES)});")

_WHOLE_LINE = 24
"""Longest line, in characters, that is looked up as a whole."""
_PHRASE_LINE = 90
"""Longest line in which a phrase decides; longer ones are prose that happens to hold it."""


class Line(NamedTuple):
    """One line that is not blank.

    start, end : its place in the page's text without the white space around it, in code points.
    text : the same characters, folded (see `fold`).
    role : what it looks like by itself.
    card : number of the teaser card that the markup puts it in; 0 where no markup tells.
    level : 1 to 6 where the markup calls it a heading, else 0.
    linked : whether all of it is one link.
    region : number of the list, table or part of the page that the markup puts it in; 0 where no markup tells.
    """

    start: int
    end: int
    text: str
    role: Role
    card: int = 0
    level: int = 0
    region: int = 0
    linked: bool = False


_as_line: Callable[[tuple[Any, ...]], Line] = partial(tuple.__new__, Line)
"""As `Line._make`, in half of the time: a page has a hundred lines."""


class Columns(NamedTuple):
    """What the rules read of all lines, a column each: faster to walk along than lines."""

    texts: tuple[str, ...]
    roles: tuple[Role, ...]
    cards: tuple[int, ...]
    regions: tuple[int, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Columns:
        """The columns of some lines."""
        if not lines:
            return cls((), (), (), ())
        _, _, texts, roles, cards, _, regions, _ = zip(*lines, strict=True)
        return cls(texts, roles, cards, regions)


def fold(text: str) -> str:
    """The text as the rules read it, character for character as long as before.

    Entities that were escaped twice become what they stand for, filled up with spaces. Exotic spaces become spaces,
    exotic breaks line feeds, full-width marks ASCII, and the traditional characters that the rules' words need
    become simplified ones.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[found[1]].ljust(len(found[0])), text)
    return _FOLDABLE.sub(lambda found: _FOLDED[found[0]], text)


def lines_of(text: str) -> list[Line]:
    """The lines of a page that hold anything but white space, in order."""
    lines: list[Line] = []
    start = 0
    for row in fold(text).split("\n"):
        content = row.strip()
        if content:
            size = len(content)
            first = start if size == len(row) else start + row.index(content[0])
            role = _remembered(content) if size <= TITLE_LENGTH else _role(content)  # `role_of`, without its call
            lines.append(_as_line((first, first + size, content, role, 0, 0, 0, False)))
        start += len(row) + 1
    return lines


def role_of(line: str) -> Role:
    """What a folded, stripped line that is not empty looks like by itself.

    Short lines are remembered: on pages of one site 40 % of teasers and 69 % of furniture stand on two pages or more.
    """
    return _remembered(line) if len(line) <= TITLE_LENGTH else _role(line)


def _role(line: str) -> Role:
    if len(line) <= _WHOLE_LINE:
        known = whole_lines().get(bare(line))
        if known:
            return known
    elif is_cut_off(line):
        return Role.SNIPPET
    return _opening_role(line) or _phrase_role(line) or shape_of(line)


_remembered = lru_cache(maxsize=1 << 14)(_role)


def _opening_role(line: str) -> Role | None:
    for opening, role in openings().get(line[0], ()):
        if line.startswith(opening) and len(line) <= OPENINGS_LENGTH[role]:
            return role
    return None


def _phrase_role(line: str) -> Role | None:
    if len(line) > _PHRASE_LINE:
        return None
    any_found = ANY_PHRASE.search(line)
    found = any_found and PHRASE.match(line, any_found.start())
    return Role[found.lastgroup] if found and found.lastgroup else None
