"""A page's lines and what each looks like by itself: one pass, no rule sees more than one line here."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from models.code_points import TABLE_SIZE
from models.compiled import kernel
from models.memory import lent
from models.splitting.columns import CLOSED, COLUMNS, END, LAST, ROLE, START, Lines
from models.splitting.plain import BLANK, FOLDED, Signs, flags_of, is_closed, plain_role, signs
from models.splitting.shapes import TITLE_LENGTH, is_cut_off, shape_of
from models.splitting.words import (
    ANY_PHRASE,
    OPENINGS_LENGTH,
    PHRASE,
    PHRASE_LINE,
    WHOLE_LINE,
    Role,
    bare,
    openings,
    whole_lines,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
_ENTITIES = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"', "raquo": "»", "middot": "·", "hellip": "…"}
_ENTITY = re.compile(rf"&(?:amp;)?({'|'.join(_ENTITIES)});")

_LINE_FEED = 10


@cache
def _signs() -> Signs:
    return signs(_FOLDED)


@kernel
def _read(
    raw: NDArray[np.uint32],
    characters: NDArray[np.uint32],
    beginnings: NDArray[np.uint8],
    known: NDArray[np.uint64],
) -> tuple[NDArray[np.uint32], NDArray[np.int32]]:
    """A page's code points, folded, and its lines; the latter parameters as in `Signs`.

    Returns what `Lines` holds, with START to CLOSED filled in; of lines that are not plain ROLE is 0.
    """
    told, size = Signs(lent(characters), lent(beginnings), lent(known)), raw.size
    codes, feeds = np.empty(size, np.uint32), 0
    for at in range(size):
        codes[at] = told.characters[raw[at]] & FOLDED if raw[at] < TABLE_SIZE else raw[at]
        feeds += codes[at] == _LINE_FEED
    places = np.empty((2, feeds + 1), np.int32)
    count, start, end = 0, -1, 0
    for at in range(size + 1):
        if at == size or codes[at] == _LINE_FEED:
            if start >= 0:
                places[0, count], places[1, count] = start, end
                count += 1
            start = -1
        elif not flags_of(told, codes[at]) & BLANK:
            start, end = (at if start < 0 else start), at + 1
    columns = np.zeros((COLUMNS, count), np.int32)
    for line in range(count):
        start, end = places[0, line], places[1, line]
        columns[START, line], columns[END, line] = start, end
        columns[ROLE, line] = plain_role(lent(codes), start, end, told)
        columns[LAST, line], columns[CLOSED, line] = codes[end - 1], is_closed(lent(codes), start, end, told)
    return codes, columns


def fold(text: str) -> tuple[Lines, str]:
    """The text as the rules read it: with its lines, and as a string, character for character as long as before.

    Entities that were escaped twice become what they stand for, filled up with spaces. Exotic spaces become spaces,
    exotic breaks line feeds, full-width marks ASCII, and the traditional characters that the rules' words need
    become simplified ones. Of lines that are not plain the role is 0.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[found[1]].ljust(len(found[0])), text)
    codes, columns = _read(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), *_signs())
    return Lines(codes, columns), codes.tobytes().decode("utf-32-le", "surrogatepass")


def lines_of(text: str) -> Lines:
    """The lines of a page that hold anything but white space, in order."""
    lines, folded = fold(text)
    starts, ends, roles = lines.columns[: ROLE + 1].tolist()
    for index, role in enumerate(roles):
        if not role:
            lines.columns[ROLE, index] = role_of(folded[starts[index] : ends[index]])
    return lines


def role_of(line: str) -> Role:
    """What a folded, stripped line that is not empty looks like by itself.

    Short lines are remembered: on pages of one site 40 % of teasers and 69 % of furniture stand on two pages or more.
    """
    return _remembered(line) if len(line) <= TITLE_LENGTH else _role(line)


def _role(line: str) -> Role:
    if len(line) <= WHOLE_LINE:
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
    if len(line) > PHRASE_LINE:
        return None
    any_found = ANY_PHRASE.search(line)
    found = any_found and PHRASE.match(line, any_found.start())
    return Role[found.lastgroup] if found and found.lastgroup else None
