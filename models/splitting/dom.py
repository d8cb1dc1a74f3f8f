"""An HTML page as lines: one walk over the parsed document, without recursion.

Block elements and `<br>` end a line; text inside a line has its white space collapsed, as a browser shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.splitting.elements import CELLS, CONTAINERS, HEADINGS, INLINE, LISTS, REGIONS, SKIPPED
from models.splitting.words import HINTS

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ESCAPED = re.compile(
    r"&(?:amp;)*(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|hellip|mdash|middot|raquo|laquo|copy|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_EXACT = frozenset(HINTS)
_LONG_HINT = 6
"""Hints from here on, in letters, count inside longer words too: recommendBox."""
_INSIDE = re.compile("|".join(sorted((hint for hint in HINTS if len(hint) >= _LONG_HINT), key=len, reverse=True)))


@dataclass(slots=True)
class HtmlLine:
    """One line of the page's derived text.

    text : the line, white space collapsed, not empty.
    linked : its characters that stand inside links.
    links : how many links begin in it.
    level, in_list, hints : as in `Markup`.
    region : number of the innermost list, table, section or other element that sets it apart.
    """

    text: str
    linked: int
    links: int
    level: int
    in_list: bool
    hints: tuple[str, ...]
    region: int


@dataclass(frozen=True, slots=True)
class Container:
    """An element that may be a teaser card: its lines, and what tells it from others (`parent`, `look`)."""

    start: int
    stop: int
    parent: int
    look: tuple[str, str]


@dataclass(slots=True)
class _Frame:
    """An open element, and the state to go back to when it closes."""

    tag: str
    hints: tuple[str, ...]
    region: int
    level: int
    in_list: bool
    preformatted: bool
    first_line: int
    look: tuple[str, str]
    number: int


_LEAF = _Frame("", (), 0, 0, in_list=False, preformatted=False, first_line=0, look=("", ""), number=0)
"""Stands for a node that is not looked into: closing it changes nothing."""


@dataclass(slots=True)
class Document:
    """The lines of a page and the elements that may be cards, innermost first."""

    lines: list[HtmlLine] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)


def read_document(html: str) -> Document:
    """Parse a page and walk it; see `taming.tame` for what to do to the page first."""
    return _Walk().walk(LexborHTMLParser(html))


class _Walk:
    def __init__(self) -> None:
        self.document = Document()
        self.parts: list[str] = []
        self.linked = 0
        self.links = 0
        self.in_link = 0
        self.after_link = -1  # number of parts when a link closed: another that opens there gets a space before it
        self.numbers = 0
        self.hint_cache: dict[str, tuple[str, ...]] = {}
        self.frames = [_LEAF]

    def walk(self, parser: LexborHTMLParser) -> Document:
        node: LexborNode | None = parser.root
        while node is not None:
            child = node.first_child if self._enter(node) else None
            if child is not None:
                node = child
                continue
            node = self._leave_up(node)
        self._end_line()
        return self.document

    def _leave_up(self, node: LexborNode) -> LexborNode | None:
        """Close the node, and its ancestors as far as they end here; the node that comes next in the page."""
        current: LexborNode | None = node
        while current is not None:
            self._leave()
            following = current.next
            if following is not None:
                return following
            current = current.parent
            if current is None or len(self.frames) == 1:
                return None
        return None

    def _enter(self, node: LexborNode) -> bool:
        """Open a node; whether to look inside it."""
        tag = node.tag or ""
        top = self.frames[-1]
        if tag == "-text":
            self._text(node.text_content or "", preformatted=top.preformatted)
            self.frames.append(_LEAF)
            return False
        if tag in SKIPPED or tag[:1] in ("-", "!"):
            self.frames.append(_LEAF)
            return False
        return self._open(node, tag, top)

    def _open(self, node: LexborNode, tag: str, top: _Frame) -> bool:
        attributes = node.attributes if tag not in ("br", "html", "body") else {}
        style = attributes.get("style")
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            self.frames.append(_LEAF)
            return False
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else " "
        found = self._hints(name) if name != " " else ()
        if tag in INLINE:
            if tag == "a":
                self.in_link += 1
                self.links += 1
                if self.after_link == len(self.parts):
                    self.parts.append(" ")
        elif tag in CELLS:
            self.parts.append(" ")
        else:
            self._end_line()
        self.numbers += 1
        hints = top.hints if set(found) <= set(top.hints) else tuple(sorted({*top.hints, *found}))
        self.frames.append(
            _Frame(
                tag,
                hints,
                self.numbers if tag in REGIONS or hints is not top.hints else top.region,
                HEADINGS.get(tag, top.level),
                in_list=top.in_list or tag in LISTS,
                preformatted=top.preformatted or tag == "pre",
                first_line=len(self.document.lines),
                look=(tag, name),
                number=self.numbers,
            )
        )
        return True

    def _leave(self) -> None:
        frame = self.frames[-1]
        if frame.tag == "a":
            self.in_link -= 1
            self.after_link = len(self.parts)
        elif frame.tag in CELLS:
            self.parts.append(" ")
        elif frame.tag and frame.tag not in INLINE:
            self._end_line()
        self.frames.pop()
        if frame.tag in CONTAINERS and len(self.document.lines) > frame.first_line + 1:
            stop = len(self.document.lines)
            self.document.containers.append(Container(frame.first_line, stop, self.frames[-1].number, frame.look))

    def _text(self, text: str, *, preformatted: bool) -> None:
        if "&" in text and not preformatted:
            text = _ESCAPED.sub(lambda found: unescape(found[0].replace("&amp;", "&")), text)
        if not preformatted:
            self._append(text)
            return
        first, *others = text.split("\n")
        self._append(first)
        for row in others:
            self._end_line()
            self._append(row)

    def _append(self, text: str) -> None:
        self.parts.append(text)
        if self.in_link:
            self.linked += len("".join(text.split()))

    def _end_line(self) -> None:
        if self.parts:
            text = " ".join("".join(self.parts).split())
            self.parts.clear()
            if text:
                frame = self.frames[-1]
                self.document.lines.append(
                    HtmlLine(text, self.linked, self.links, frame.level, frame.in_list, frame.hints, frame.region)
                )
                self.linked = self.links = 0

    def _hints(self, name: str) -> tuple[str, ...]:
        known = self.hint_cache.get(name)
        if known is None:
            exact = _EXACT.intersection(word.lower() for word in _WORDS.findall(name))
            known = self.hint_cache[name] = tuple(sorted(exact.union(_INSIDE.findall(name.lower()))))
        return known
