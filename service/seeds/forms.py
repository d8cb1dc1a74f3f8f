"""From bytes to seeds, by their form; whatever cannot be kept is named with its line, and the rest is read."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable
from enum import StrEnum

from models.seeds.records import read_csv, read_jsonl
from models.seeds.seed import Problem, Reading, Seed, SeedPage
from models.seeds.seed_pages import read_seed_pages

LONGEST_TEXT = 100_000
"""Characters of a section."""

LONGEST_NAME = 200
"""Characters of what names or describes a page."""


class Form(StrEnum):
    """In what form seeds come."""

    JSONL = "jsonl"
    CSV = "csv"
    PAGES = "pages"


Reader = Callable[[Iterable[str], str], Reading]
READERS: dict[Form, Reader] = {Form.JSONL: read_jsonl, Form.CSV: read_csv, Form.PAGES: read_seed_pages}


class FormError(ValueError):
    """The bytes are no text of the declared encoding."""


def read_seeds(data: bytes, form: Form, name: str, charset: str | None = None) -> Reading:
    """Read seeds.

    name : what places are called by. charset : None is UTF-8.

    Raises
    ------
    FormError
        Where the bytes are not text of that encoding, naming the place and the remedy.
    """
    return storable(READERS[form](io.StringIO(_decoded(data, charset), newline=""), name))


def storable(reading: Reading) -> Reading:
    """Take out seeds that no database or no page could hold; each becomes a problem."""
    problems = list(reading.problems)
    pages = []
    for page in reading.pages:
        reason = _fault_of_page(page)
        if reason:
            problems.append(Problem(page.place, reason))
            continue
        faults = [(seed, _fault(seed)) for seed in page.seeds]
        problems += [Problem(seed.place, fault) for seed, fault in faults if fault]
        kept = tuple(seed for seed, fault in faults if not fault)
        if kept:
            pages.append(SeedPage(page.id, kept, page.place, *_about(page)))
    return Reading(pages, problems)


def is_lone(page: SeedPage) -> bool:
    """Whether a seed came without a page: it is called by its place then."""
    return page.id == page.place


def _decoded(data: bytes, charset: str | None) -> str:
    encoding = charset or "utf-8"
    try:
        codec = codecs.lookup(encoding)
        return data.decode("utf-8-sig" if codec.name == "utf-8" else codec.name)
    except LookupError:
        raise FormError(f"the charset {encoding!r} is unknown; send UTF-8") from None
    except UnicodeDecodeError as error:
        remedy = "send UTF-8, or name the charset in the Content-Type" if charset is None else "send UTF-8"
        raise FormError(f"the seeds are not {codec.name} at byte {error.start}; {remedy}") from None


def _about(page: SeedPage) -> tuple[str, str, str]:
    return page.subject, page.register, page.source


def _fault_of_page(page: SeedPage) -> str | None:
    """What is wrong with a page's own words."""
    names = [page.id, *_about(page)]
    if any(len(name) > LONGEST_NAME for name in names):
        return f"a page's name, subject, register and source have at most {LONGEST_NAME} characters"
    return next((fault for fault in map(_unstorable, names) if fault), None)


def _fault(seed: Seed) -> str | None:
    """What is wrong with one seed, whatever other seeds there are."""
    if not seed.text.strip():
        return "the section is empty; write its text or take it out"
    if len(seed.text) > LONGEST_TEXT:
        return f"the section has {len(seed.text)} characters, and at most {LONGEST_TEXT}; it is a page to be cut"
    return _unstorable(seed.text) or _unstorable(seed.label)


def _unstorable(text: str) -> str | None:
    """Why a database could not hold a text."""
    if "\x00" in text:
        return "it holds a NUL, which is no character of a text; take it out"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"it holds a lone surrogate (half of a pair) at character {error.start}; mend or remove it"
    return None
