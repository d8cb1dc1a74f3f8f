"""Seed pages: the project's own form for labelled pages, easy to write and to read in a review.

    === shop-017 | subject: heat pumps | register: trade press, whole page
    [tech_analysis]
    the section's text, on as many lines as it has
    [none]
    the next section

A line that begins with `=== ` opens a page: its id, then `name: value` fields behind ` | `. A line that is a label in
square brackets opens a section. A line of the text that would be read as one of these has a backslash before it.
Blank lines around a section's text are not part of it. Lines that begin with `# ` before the first page are comments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.seeds.seed import Problem, Reading, Seed, SeedPage

if TYPE_CHECKING:
    from collections.abc import Iterable

OPENS_PAGE = "=== "
OPENS_SECTION = re.compile(r"\[([a-z][a-z0-9_]*)\]\s*")
ESCAPED = re.compile(r"\\(=== |\[[a-z][a-z0-9_]*\]\s*$|\\)")


@dataclass
class _Section:
    label: str
    line: int
    lines: list[str] = field(default_factory=list)


@dataclass
class _Page:
    header: str
    line: int
    sections: list[_Section] = field(default_factory=list)


def read_seed_pages(lines: Iterable[str], name: str) -> Reading:
    """Read seed pages.

    name : the file's name, for places.

    Pages without an id, ids given twice and text outside sections are problems; the other pages are kept.
    """
    reading = Reading()
    taken: set[str] = set()
    for page in _blocks(lines, name, reading.problems):
        finished = _finished(page, name, reading.problems)
        if finished is None:
            continue
        if finished.id in taken:
            reading.problems.append(Problem(finished.place, f"the page id {finished.id!r} is taken; give another"))
            continue
        taken.add(finished.id)
        reading.pages.append(finished)
    return reading


def _blocks(lines: Iterable[str], name: str, problems: list[Problem]) -> list[_Page]:
    """Lines to pages and sections, as they stand."""
    pages: list[_Page] = []
    for number, raw in enumerate(lines, 1):
        line = raw.rstrip("\r\n")
        opened = OPENS_SECTION.fullmatch(line)
        if line.startswith(OPENS_PAGE):
            pages.append(_Page(line.removeprefix(OPENS_PAGE), number))
        elif opened and pages:
            pages[-1].sections.append(_Section(opened[1], number))
        elif pages and pages[-1].sections:
            pages[-1].sections[-1].lines.append(line.removeprefix("\\") if ESCAPED.match(line) else line)
        elif line.strip() and not line.startswith("# "):
            reason = "text before the first page or label; begin a page with '=== id' and a section with '[label]'"
            problems.append(Problem(f"{name}:{number}", reason))
    return pages


def _finished(page: _Page, name: str, problems: list[Problem]) -> SeedPage | None:
    """A page with its fields; None, and a problem, where it has no id or no section."""
    place = f"{name}:{page.line}"
    page_id, *fields = (part.strip() for part in page.header.split(" | "))
    if not page_id or not page.sections:
        missing = "id behind '=== '" if not page_id else "section"
        problems.append(Problem(place, f"the page has no {missing}"))
        return None
    named = dict(_named(text) for text in fields)
    seeds = tuple(Seed("\n".join(s.lines).strip(), s.label, f"{name}:{s.line}") for s in page.sections)
    return SeedPage(page_id, seeds, place, named.get("subject", ""), named.get("register", ""))


def _named(text: str) -> tuple[str, str]:
    """A header field's name and value."""
    name, _, value = text.partition(":")
    return name.strip(), value.strip()
