"""A page's lines and what each looks like by itself: one pass, no rule sees more than one line here."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel
from models.splitting.shapes import TITLE_LENGTH, is_cut_off, shape_of
from models.splitting.words import ANY_PHRASE, OPENINGS_LENGTH, PHRASE, Role, bare, openings, whole_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

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

_TABLE_SIZE = 0x10000
"""Characters past the Basic Multilingual Plane stay as they are, and none of them is white space."""
_LINE_FEED = 10

_WHOLE_LINE = 24
"""Longest line, in characters, that is looked up as a whole."""
_PHRASE_LINE = 90
"""Longest line in which a phrase decides; longer ones are prose that happens to hold it."""


class Lines(NamedTuple):
    """A page's lines, a column each, as kernels walk along them.

    codes : uint32 (characters,), the page's code points, folded (see `fold`).
    starts, ends : int32 (lines,), the place of each line in `codes` without the white space around it.
    roles : uint8 (lines,), what each looks like by itself, as `Role`.
    cards : int32 (lines,), number of the teaser card that the markup puts it in; 0 where no markup tells.
    levels : int32 (lines,), 1 to 6 where the markup calls it a heading, else 0.
    regions : int32 (lines,), number of the list, table or part of the page that the markup puts it in; 0 where no
        markup tells.
    linked : bool (lines,), whether all of it is one link.
    """

    codes: NDArray[np.uint32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    roles: NDArray[np.uint8]
    cards: NDArray[np.int32]
    levels: NDArray[np.int32]
    regions: NDArray[np.int32]
    linked: NDArray[np.bool_]


@cache
def _fold_table() -> NDArray[np.uint32]:
    """Code point → what it is folded to, shape (65536,)."""
    table = np.arange(_TABLE_SIZE, dtype=np.uint32)
    for old, new in _FOLDED.items():
        table[ord(old)] = ord(new)
    return table


@cache
def _blank_table() -> NDArray[np.bool_]:
    """Whether a code point is white space, as `str.isspace` has it, shape (65536,)."""
    return np.array([chr(code).isspace() for code in range(_TABLE_SIZE)])


@kernel
def _fold_codes(raw: NDArray[np.uint32], table: NDArray[np.uint32]) -> NDArray[np.uint32]:
    codes = np.empty(raw.size, np.uint32)
    for at in range(raw.size):
        codes[at] = table[raw[at]] if raw[at] < table.size else raw[at]
    return codes


@kernel
def _find_lines(codes: NDArray[np.uint32], blank: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Where each line that holds anything but white space starts and ends, without the white space around it.

    Returns int32 (2, lines).
    """
    feeds = 0
    for code in codes:
        feeds += code == _LINE_FEED
    found = np.empty((2, feeds + 1), np.int32)
    count, start, end = 0, -1, 0
    for at in range(codes.size + 1):
        if at == codes.size or codes[at] == _LINE_FEED:
            if start >= 0:
                found[0, count], found[1, count] = start, end
                count += 1
            start = -1
        elif codes[at] >= blank.size or not blank[codes[at]]:
            start, end = (at if start < 0 else start), at + 1
    return found[:, :count]


def fold(text: str) -> tuple[NDArray[np.uint32], str]:
    """The text as the rules read it, as code points and as a string, character for character as long as before.

    Entities that were escaped twice become what they stand for, filled up with spaces. Exotic spaces become spaces,
    exotic breaks line feeds, full-width marks ASCII, and the traditional characters that the rules' words need
    become simplified ones.
    """
    if "&" in text:
        text = _ENTITY.sub(lambda found: _ENTITIES[found[1]].ljust(len(found[0])), text)
    codes = _fold_codes(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _fold_table())
    return codes, codes.tobytes().decode("utf-32-le", "surrogatepass")


def lines_of(text: str) -> Lines:
    """The lines of a page that hold anything but white space, in order."""
    codes, folded = fold(text)
    starts, ends = _find_lines(codes, _blank_table())
    roles = [role_of(folded[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    return Lines(codes, starts, ends, as_column(roles), *_unmarked(len(roles)))


def as_column(roles: Sequence[Role]) -> NDArray[np.uint8]:
    """Roles as a column of `Lines`."""
    return np.frombuffer(bytes(roles), np.uint8)


def _unmarked(lines: int) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """The columns of which plain text knows nothing."""
    none = np.zeros(lines, np.int32)
    return none, none, none, np.zeros(lines, np.bool_)


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
