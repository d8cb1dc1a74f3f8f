"""The lines of a page's derived text, written while the document is walked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

_ESCAPED = re.compile(
    r"&(?:amp;)*(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|hellip|mdash|middot|raquo|laquo|copy|#\d{1,6}|#x[0-9a-f]{1,5});",
    re.IGNORECASE,
)
"""An entity that is still there once the page is parsed: it was escaped twice."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands in the document.

    level, in_list, hints : as in `Markup`.
    region : number of the innermost list, table, section or other element that sets its lines apart.
    preformatted : whether line feeds count.
    """

    level: int = 0
    in_list: bool = False
    hints: tuple[str, ...] = ()
    region: int = 0
    preformatted: bool = False


@dataclass(slots=True)
class HtmlLine:
    """One line of the page's derived text.

    text : the line, white space collapsed, not empty.
    linked : its characters that stand inside links.
    links : how many links begin in it.
    """

    text: str
    linked: int
    links: int
    place: Place


class LineWriter:
    """Collects text until a line ends."""

    def __init__(self) -> None:
        self.lines: list[HtmlLine] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._open_links = 0
        self._after_link = -1

    def write(self, text: str, place: Place) -> None:
        """Add a text node."""
        if place.preformatted:
            first, *others = text.split("\n")
            self._append(first)
            for row in others:
                self.end_line(place)
                self._append(row)
        elif "&" in text:
            self._append(_ESCAPED.sub(lambda found: unescape(found[0].replace("&amp;", "&")), text))
        else:
            self._append(text)

    def space(self) -> None:
        """Keep what stands before apart from what follows."""
        self._parts.append(" ")

    def open_link(self) -> None:
        """Count characters as linked from here on; links side by side are kept apart."""
        self._open_links += 1
        self._links += 1
        if self._after_link == len(self._parts):
            self.space()

    def close_link(self) -> None:
        """End the innermost link."""
        self._open_links -= 1
        self._after_link = len(self._parts)

    def end_line(self, place: Place) -> None:
        """Begin a new line, if there is anything on this one."""
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        self._parts.clear()
        self._after_link = -1
        if text:
            self.lines.append(HtmlLine(text, self._linked, self._links, place))
            self._linked = self._links = 0

    def _append(self, text: str) -> None:
        if self._parts or not text.isspace():
            self._parts.append(text)
            if self._open_links:
                self._linked += len("".join(text.split()))
