"""An HTML page as lines: one walk over the parsed document, without recursion.

Block elements and `<br>` end a line; text inside a line has its white space collapsed, as a browser shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.splitting.elements import CELLS, CONTAINERS, HEADINGS, INLINE, LISTS, REGIONS, SKIPPED
from models.splitting.html_lines import HtmlLine, LineWriter, Place
from models.splitting.words import HINTS

_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_BARE = frozenset(("html", "head", "body", "br")) | INLINE - {"a", "span"}
"""Elements whose attributes say nothing of a section's role: a body's class tells of the page."""
_WORDS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_EXACT = frozenset(HINTS)
_LONG_HINT = 6
"""Hints from here on, in letters, count inside longer words too: recommendbox."""
_INSIDE = re.compile("|".join(sorted((hint for hint in HINTS if len(hint) >= _LONG_HINT), key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Container:
    """An element that may be a teaser card: its lines, and what tells it from others (`parent`, `look`)."""

    start: int
    stop: int
    parent: int
    look: str


@dataclass(frozen=True, slots=True)
class Document:
    """The lines of a page and the elements that may be cards, innermost first."""

    lines: list[HtmlLine]
    containers: list[Container]


@dataclass(slots=True)
class _Frame:
    """An open element: its place, its number, its first line, and tag, class and id in one string."""

    place: Place
    number: int
    first_line: int
    look: str


def read_document(html: str) -> Document:
    """Parse a page and walk it; see `taming.tame` for what to do to the page first."""
    return _Walk().walk(LexborHTMLParser(html).root)


class _Walk:
    def __init__(self) -> None:
        self.writer = LineWriter()
        self.containers: list[Container] = []
        self.frames = [_Frame(Place(), 0, 0, "")]
        self.numbers = 0
        self.known_hints: dict[str, tuple[str, ...]] = {}

    def walk(self, root: LexborNode | None) -> Document:
        node = root
        parents: list[tuple[LexborNode, str]] = []
        while node is not None:
            tag = node.tag or ""
            following = None
            if tag == "-text":
                self.writer.write(node.text_content or "", self.frames[-1].place)
            elif tag not in SKIPPED and tag[:1] not in "-!" and self._open(node, tag):
                following = node.first_child
                if following is None:
                    self._close(tag)
                else:
                    parents.append((node, tag))
            node = following or node.next or self._leave(parents)
        self.writer.end_line(self.frames[-1].place)
        return Document(self.writer.lines, self.containers)

    def _leave(self, parents: list[tuple[LexborNode, str]]) -> LexborNode | None:
        """Close the elements that end here; the node that comes next in the page."""
        while parents:
            node, tag = parents.pop()
            self._close(tag)
            following = node.next
            if following is not None and parents:
                return following
        return None

    def _open(self, node: LexborNode, tag: str) -> bool:
        """Begin an element, unless it is hidden."""
        look = ""
        if tag not in _BARE:
            attributes = node.attributes
            if attributes:
                if "hidden" in attributes or _HIDDEN.search(attributes.get("style") or ""):
                    return False
                look = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if tag in INLINE:
            if tag != "a":
                return True
            self.writer.open_link()
        elif tag in CELLS:
            self.writer.space()
        else:
            self.writer.end_line(self.frames[-1].place)
        self.numbers += 1
        place = self._place(tag, look, self.frames[-1].place)
        self.frames.append(_Frame(place, self.numbers, len(self.writer.lines), f"{tag} {look}"))
        return True

    def _close(self, tag: str) -> None:
        if tag in INLINE:
            if tag != "a":
                return
            self.writer.close_link()
        elif tag in CELLS:
            self.writer.space()
        else:
            self.writer.end_line(self.frames[-1].place)
        frame = self.frames.pop()
        stop = len(self.writer.lines)
        if tag in CONTAINERS and stop > frame.first_line + 1:
            self.containers.append(Container(frame.first_line, stop, self.frames[-1].number, frame.look))

    def _place(self, tag: str, look: str, around: Place) -> Place:
        """Where the lines of an element stand; the same place as around it where it changes nothing."""
        hints = around.hints
        if look:
            found = self._hints(look)
            if not set(found) <= set(hints):
                hints = tuple(sorted({*hints, *found}))
        if hints is around.hints and tag not in REGIONS and tag not in HEADINGS:
            return around
        region = around.region if tag in HEADINGS and hints is around.hints else self.numbers
        return Place(
            HEADINGS.get(tag, around.level),
            around.in_list or tag in LISTS,
            hints,
            region,
            around.preformatted or tag == "pre",
        )

    def _hints(self, look: str) -> tuple[str, ...]:
        known = self.known_hints.get(look)
        if known is None:
            exact = _EXACT.intersection(word.lower() for word in _WORDS.findall(look))
            known = self.known_hints[look] = tuple(sorted(exact.union(_INSIDE.findall(look.lower()))))
        return known
