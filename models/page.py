"""What the splitter hands to the model: a page, its text and its sections."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What the layout alone says a section is. A hint for the model, never a label."""

    PROSE = "prose"
    HEADING = "heading"
    TEASER = "teaser"
    MARKER = "marker"
    MENU = "menu"
    BYLINE = "byline"
    COPYRIGHT = "copyright"
    SHARE = "share"
    ADJACENT = "adjacent"
    LIST = "list"
    CODE = "code"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Markup:
    """What HTML knows of a section and plain text does not.

    link_density : share of the section's characters that stand inside links, 0 to 1.
    links : how many links stand in it.
    heading_level : 1 to 6 where the section starts with a heading, else 0.
    in_list : whether it stands in a list (`ul`, `ol`, `dl`).
    hints : lower-case words of the class and id attributes around it that tell of its role
        (`recommend`, `hot`, `side`, `nav`, `footer`, …), sorted.
    """

    link_density: float
    links: int
    heading_level: int
    in_list: bool
    hints: tuple[str, ...]


class Section(NamedTuple):
    """One part of a page: `page.text[start:end]`, offsets in code points, end exclusive. A tuple, because pages have
    many, and it is made three times as fast as a frozen dataclass.

    heading : the text of the heading that opens the section, or None.
    """

    start: int
    end: int
    kind: Kind
    heading: str | None = None
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the sections that cover it: the first starts at 0, each starts where the one before ends,
    the last ends at `len(text)`. White space between sections belongs to the section before it.
    """

    text: str
    sections: tuple[Section, ...]

    def texts(self) -> list[str]:
        """The sections' texts, in order."""
        return [self.text[section.start : section.end] for section in self.sections]
