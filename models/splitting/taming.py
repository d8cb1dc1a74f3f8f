"""HTML made safe to parse: without what makes a parser's time or memory grow faster than the page.

Three things do, and none says anything about a page's sections: elements nested by the thousand, tags with thousands of
attributes, and unclosed formatting elements, which the parser opens again in every paragraph that follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SMALL = 20_000
"""A page up to here, in characters, costs little whatever it holds."""
_FEW_TAGS = 10_000
"""Tags up to here may nest as they like: what they cost is bounded."""
_DEPTH = 512
"""Elements nest up to here, as in browsers; deeper ones become line breaks."""
_FORMATTING_DEPTH = 8
_LONG_TAG = 8_000
"""A tag from here on, in characters, has its attributes counted."""
_ATTRIBUTES = 500
"""Attributes that a tag keeps."""

_ATTRIBUTES_OF = r"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+"
_COMMENT = r"!--[^-]*+(?:-(?!->)[^-]*+)*+"
_TAG = re.compile(
    rf"<(?:{_COMMENT}"
    r"|(?P<raw>script|style|textarea|xmp|iframe|noembed|noframes)\b[^<]*+(?:<(?!/(?P=raw)\b)[^<]*+)*+"
    rf"|(?P<close>/?)(?P<name>[a-z][^\s>/]{{0,40}}+){_ATTRIBUTES_OF}(?:>|\Z))",
    re.IGNORECASE,
)
"""Comments, raw text up to its end tag, or a tag; each stops at the end of the page at the latest."""
_SPAN = re.compile(rf"<(?:{_COMMENT}|(?:script|style)\b[^<]*+|([a-z]{_ATTRIBUTES_OF}))", re.IGNORECASE)
"""Finds the insides of tags, and nothing for what is no tag: where one is long, `_TAG` looks at the page."""
_ATTRIBUTE = re.compile(r"""[\s/"']*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?""")
_FORMATTING = frozenset(["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_NO_DEPTH = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "option",
        "html",
        "head",
        "body",
        "a",
    ]
)
"""Elements that have no content, or that another of their kind closes."""


def tame(html: str) -> str:
    """The page without lone surrogates, and without what costs a parser more than linear time.

    Ordinary pages come back as they are.
    """
    html = _SURROGATE.sub("\ufffd", html)
    if len(html) <= _SMALL:
        return html
    if html.count("<") <= _FEW_TAGS and max(map(len, _SPAN.findall(html)), default=0) <= _LONG_TAG:
        return html
    edits = list(_edits(html))
    parts: list[str] = []
    done = 0
    for start, end, text in edits:
        parts += (html[done:start], text)
        done = end
    return "".join([*parts, html[done:]])


_SURROGATE = re.compile("[\ud800-\udfff]")


def _edits(html: str) -> Iterator[tuple[int, int, str]]:
    """What to replace: start, end, by what; in order."""
    depth = formatting = 0
    for tag in _TAG.finditer(html):
        name = tag["name"]
        if not name:
            continue
        name = name.lower()
        if name in _FORMATTING:
            formatting = max(0, formatting + (-1 if tag["close"] else 1))
            if formatting > _FORMATTING_DEPTH:
                yield tag.start(), tag.end(), ""
                continue
        elif name not in _NO_DEPTH:
            depth = max(0, depth + (-1 if tag["close"] else 1))
            if depth >= _DEPTH + bool(not tag["close"]):
                yield tag.start(), tag.end(), "<br>"
                continue
        if tag.end() - tag.start() > _LONG_TAG:
            yield from _cut_attributes(html, tag.start("name") + len(name), tag.end())


def _cut_attributes(html: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for count, found in enumerate(_ATTRIBUTE.finditer(html, start, end)):
        if count == _ATTRIBUTES:
            yield found.start(), end, ">"
            return
