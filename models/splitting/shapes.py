"""What a line's shape says where no word does: numbers, dates, menus, code, titles, sentences."""

from __future__ import annotations

import re

from models.splitting.words import Role

_COUNT = re.compile(
    r"[(\[+]?(?:第|约|共)?\d[\d,.]{0,11}\s?[万亿kKwWmM+]{0,2}\+?\s?(?:[次人条个篇℃°%]|)(?:已|)"
    r"(?:阅读|浏览|评论|回复|参与|点赞|赞|跟[贴帖]|播放|收藏|观看|点击|关注|喜欢|转发|分享|回答|围观|在看|在读|看过|热度|views?|likes?|)[)\]+]?"
    r"|(?:阅读|浏览|评论|回复|参与|点赞|赞|跟[贴帖]|播放|收藏|观看|点击|人气|热度|围观)(?:量|数|次数|)\s?[:(]?\s?\d[\d,.]{0,11}\s?[万亿kKwW+]{0,2}[)]?"
)
_DAY = r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?[01]?\d\s?[-/.月]\s?[0-3]?\d\s?日?"
_CLOCK = r"[0-2]?\d:[0-5]\d(?::[0-5]\d)?"
_AGO = r"\d{1,3}\s?(?:秒|分钟|小时|天|周|个月|月|年)前|刚刚|昨天|前天|今天"
_DATE = re.compile(rf"[\[(]?(?:{_DAY}(?:[ T]*{_CLOCK})?|(?:{_AGO})(?:\s*{_CLOCK})?|{_CLOCK}|(?:19|20)\d\d)[\])]?")
COUNTING = frozenset(_COUNT.pattern + _DATE.pattern)
"""All characters of counts and dates but digits and white space, and some that are in none."""
_DATE_AT_END = re.compile(
    rf"(?:[\s(\[/](?:(?:19|20)\d\d[-/.年])?[01]?\d[-/.月][0-3]?\d日?(?:\s*{_CLOCK})?|(?:{_AGO})|\s\d{{1,6}}"
    r"|\d+\s?(?:阅读|评论|浏览|跟贴|赞|人参与))[)\]]?$"
)
OPENS_NUMBER = frozenset("([+第约共阅浏评回参点赞跟播收观人热围刚昨前今")
"""What counts and dates begin with: most lines need not be looked at further."""
ENDS_DATE = "日前刚天读论览贴赞与"
"""What a date or count at the end of a line ends with, where it is no digit."""
_DATE_AT_START = re.compile(rf"[\[(]?(?:{_DAY}(?:\s{_CLOCK})?|{_CLOCK})[\])]?\s+\S")
_ITEM = re.compile(
    r"[-*•·●○◆■▪►▶★☆※√]\s|[-•●◆■]\S|[(]?\d{1,3}[.、)](?!\d)|[(]?[一二三四五六七八九十]{1,3}[、)]|[①-⑳]"
    r"|第[一二三四五六七八九十\d]{1,3}[步条点]"
)
OPENS_ITEM = "-*•·●○◆■▪►▶★☆※√(第①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
"""What items begin with, where it is no digit and no numeral."""
NUMERALS = "一二三四五六七八九十"
_CODE = re.compile(
    r"(?:import|from|def|class|return|const|let|var|function|public|private|static|void|int|if|else|for|while|try|catch"
    r"|using|namespace|package|git|npm|pip|sudo|cd|curl|docker|echo|export|SELECT|INSERT|UPDATE|CREATE)\b"
    r"|#include|#!/|//|/\*|\*/|<\?|</?[a-z]+[ >/]|\$ |>>> |[{}\[\]();]+$"
)
OPENS_CODE = "abcdefghijklmnopqrstuvwxyzSIUC#/*<$>{}[]();"
"""What code begins with: two characters of ASCII, of which this is the first."""
CODE_END = ("{", "}", ");", "};", "];", "();", "/>", "{{", "->", "=>", "\\")
BARS = "|>»"
_BARS = re.compile(f"[{BARS}]")
MENU_BARS = 2
MENU_NAMES = 4
"""A menu has two bars or arrows, or four names between spaces."""
_BARRED_NAME = 9
_SPACED_NAME = 8
"""Names between bars have this many characters on average, names between spaces at most."""
SENTENCE_MARKS = frozenset("。，？！!?;；…")
ENDS_SENTENCE = "。;,:"
CLOSED = "，。.！!?？；;:：,…"
"""What sentences and their parts end with; a quotation mark may follow."""
QUOTES = "”」』’\"')]】》"
AFTER_DOTS = " []详细全文更多>"
"""What may follow the dots of a line that breaks off."""

TITLE_LENGTH = 60
"""A line up to here, in characters, may be a title."""
LABEL_LENGTH = 7
MENU_LENGTH = 400
QUESTION_LENGTH = 36
"""Past that a question or a call with a comma in it is a sentence of the text rather than a title."""
_HAN = re.compile("[\u3400-\u9fff]")


def shape_of(line: str) -> Role:
    """The role of a folded line that no word decided."""
    length = len(line)
    if length <= TITLE_LENGTH:
        return _short_role(line, length)
    if length <= MENU_LENGTH and _is_menu(line):
        return Role.MENU
    if _is_code(line):
        return Role.CODE
    return Role.SNIPPET if is_cut_off(line) else Role.SENTENCE


def is_cut_off(line: str) -> bool:
    """Whether the line breaks off with dots, as a teaser's snippet does."""
    return line.endswith(("...", "…", "..")) or line.rstrip(AFTER_DOTS).endswith(("...", "…"))


def is_closed(line: str) -> bool:
    """Whether the line ends as a sentence does: with a mark, or with a quotation mark after one or alone."""
    return line[-1] in CLOSED or (line[-1] in QUOTES and (len(line) == 1 or line[-2] in CLOSED))


def _short_role(line: str, length: int) -> Role:
    if line[0] in OPENS_NUMBER or line[0].isdecimal():
        if _COUNT.fullmatch(line):
            return Role.COUNT
        if _DATE.fullmatch(line):
            return Role.DATE
    if _is_menu(line):
        return Role.MENU
    return Role.CODE if _is_code(line) else _title_role(line, length)


def _title_role(line: str, length: int) -> Role:
    """The role of a short line of words: a title or name, with a number before it or a date, or a short sentence."""
    item = _ITEM.match(line)
    if line[-1] in ENDS_SENTENCE or line.count("。") > 1:
        return Role.ITEM if item and line[-1] != "。" else Role.SENTENCE
    if length <= LABEL_LENGTH:
        return Role.ITEM if item else Role.LABEL
    if _DATE_AT_START.match(line) or _DATE_AT_END.search(line[-24:]):
        return Role.DATED
    if item:
        return Role.ITEM
    calls = length > QUESTION_LENGTH and line[-1] in "!?" and ("," in line or "，" in line)
    return Role.SENTENCE if calls else Role.TITLE


def _is_menu(line: str) -> bool:
    """Whether the line is a row of short names between bars, arrows or spaces."""
    bars = line.count("|") + line.count(">") + line.count("»")
    if bars < MENU_BARS and line.count(" ") < MENU_NAMES - 1:
        return False
    if not SENTENCE_MARKS.isdisjoint(line):
        return False
    names = _BARS.split(line) if bars >= MENU_BARS else line.split()
    names = [name for name in names if name.strip()]
    if bars >= MENU_BARS:
        return (
            len(names) > MENU_BARS - 1 and sum(map(len, names)) <= _BARRED_NAME * len(names) and bool(_HAN.search(line))
        )
    return len(names) >= MENU_NAMES and max(map(len, names)) <= _SPACED_NAME and all(map(_HAN.match, names))


def _is_code(line: str) -> bool:
    if not (_CODE.match(line) or line.endswith(CODE_END)):
        return False
    return 4 * len(_HAN.findall(line)) < len(line)
