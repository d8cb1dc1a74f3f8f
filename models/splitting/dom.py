"""An HTML page as lines: one walk over the parsed document, without recursion.

Block elements and `<br>` end a line; text inside a line has its white space collapsed, as a browser shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.splitting.words import HINTS

_SKIPPED = frozenset(
    "script style template noscript svg math iframe object embed canvas audio video datalist meta link base".split()
)
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr -text".split()
)
_LISTS = frozenset(("ul", "ol", "dl"))
_REGIONS = frozenset(
    "ul ol dl nav header footer aside article main section table form blockquote title figure pre fieldset".split()
)
_CONTAINERS = frozenset("li article section div dl dd tr a".split())
_CELLS = frozenset(("td", "th", "option", "button"))
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_ESCAPED = re.compile(
    r"&(?:amp;)*(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|hellip|mdash|middot|raquo|laquo|copy|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_EXACT = frozenset(HINTS)
_INSIDE = re.compile("|".join(sorted((hint for hint in HINTS if len(hint) > 5), key=len, reverse=True)))  # noqa: PLR2004


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
        self.numbers = 0
        self.hint_cache: dict[str, tuple[str, ...]] = {}
        self.frames = [_Frame("", (), 0, 0, in_list=False, preformatted=False, first_line=0, look=("", ""), number=0)]

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
            self.frames.append(top)
            return False
        if tag in _SKIPPED or tag[:1] in ("-", "!"):
            self.frames.append(_same(top, "-"))
            return tag == "-document"
        return self._open(node, tag, top)

    def _open(self, node: LexborNode, tag: str, top: _Frame) -> bool:
        attributes = node.attributes if tag not in ("br", "html", "body") else {}
        style = attributes.get("style")
        if "hidden" in attributes or (style and _HIDDEN.search(style)):
            self.frames.append(_same(top, "-"))
            return False
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}" if attributes else " "
        found = self._hints(name) if name != " " else ()
        if tag in _INLINE:
            if tag == "a":
                self.in_link += 1
                self.links += 1
                self.parts.append(" ")
        elif tag in _CELLS:
            self.parts.append(" ")
        else:
            self._end_line()
        self.numbers += 1
        hints = top.hints if set(found) <= set(top.hints) else tuple(sorted({*top.hints, *found}))
        self.frames.append(
            _Frame(
                tag,
                hints,
                self.numbers if tag in _REGIONS or hints is not top.hints else top.region,
                _HEADINGS.get(tag, top.level),
                in_list=top.in_list or tag in _LISTS,
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
            self.parts.append(" ")
        elif frame.tag in _CELLS:
            self.parts.append(" ")
        elif frame.tag and frame.tag != "-" and frame.tag not in _INLINE:
            self._end_line()
        self.frames.pop()
        if frame.tag in _CONTAINERS and len(self.document.lines) > frame.first_line + 1:
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


def _same(top: _Frame, tag: str) -> _Frame:
    return _Frame(
        tag,
        top.hints,
        top.region,
        top.level,
        top.in_list,
        top.preformatted,
        top.first_line,
        look=("", ""),
        number=top.number,
    )
