"""Seeds as records: JSON Lines and CSV.

A record has `text` and `label`, and may have `page`: records of one page stand in page order. A JSON line may also hold
a whole page: `{"page": id, "sections": [{"text": …, "label": …}, …]}`. Where it came from may stand in `source`, what a
page is about and how it is written in `subject` and `register`. `on_conflict` is for a text that other seeds have with
another label: `replace` lets this label hold alone, `both` lets either hold.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from models.seeds.seed import DECISIONS, Problem, Reading, Seed, SeedPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIELD_LIMIT = 16 * 1024 * 1024
"""The longest CSV field, in characters."""

ABOUT = ("subject", "register", "source")
"""What may be told of a page."""


class _Pages:
    """Seeds gathered by page, in the order in which the pages first appear."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seeds: dict[str, list[Seed]] = defaultdict(list)
        self._about: dict[str, dict[str, str]] = {}
        self.problems: list[Problem] = []

    def add(self, row: Any, place: str, page: str | None, about: Any = None) -> None:
        """Add one record, or note what is wrong with it.

        about : what `source`, `subject` and `register` are read from; None is the record itself.
        """
        missing = next((key for key in ("text", "label") if not _has_text(row, key)), None)
        if missing:
            self.problems.append(Problem(place, f"the record has no {missing!r} that is text: {row!r:.80}"))
            return
        decision = row.get("on_conflict") or None
        if decision not in (None, *DECISIONS):
            known = " or ".join(map(repr, DECISIONS))
            self.problems.append(Problem(place, f"on_conflict is {known} in a record, not {decision!r:.80}"))
            return
        self._seeds[page or place].append(Seed(row["text"].strip(), row["label"], place, decision))
        found = {key: value for key in ABOUT if isinstance(value := (about or row).get(key), str)}
        self._about.setdefault(page or place, found)

    def reading(self) -> Reading:
        """Everything gathered."""
        seeds = self._seeds.items()
        pages = [SeedPage(page, tuple(found), found[0].place, **self._about[page]) for page, found in seeds]
        return Reading(pages, self.problems)


def _has_text(row: Any, key: str) -> bool:
    return isinstance(row, dict) and isinstance(row.get(key), str)


def read_jsonl(lines: Iterable[str], name: str) -> Reading:
    """Read JSON Lines; a line that is not a seed is a problem, and the others are kept."""
    problems: list[Problem] = []
    reading = read_records(_parsed(lines, name, problems), name)
    return Reading(reading.pages, sorted([*problems, *reading.problems], key=lambda problem: _line(problem.place)))


def read_records(rows: Iterable[tuple[int, Any]], name: str) -> Reading:
    """Read records that are parsed already, each with the number of its line."""
    pages = _Pages(name)
    for number, row in rows:
        place = f"{name}:{number}"
        if isinstance(row, dict) and isinstance(row.get("sections"), list):
            for section in row["sections"]:
                pages.add(section, place, str(row.get("page") or place), row)
        else:
            pages.add(row, place, str(row["page"]) if isinstance(row, dict) and row.get("page") else None)
    return pages.reading()


def _parsed(lines: Iterable[str], name: str, problems: list[Problem]) -> Iterator[tuple[int, Any]]:
    """The JSON value of each line that holds one, with the line's number."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(f"{name}:{number}", f"not JSON: {error}"))


def _line(place: str) -> int:
    return int(place.rpartition(":")[2])


def read_csv(lines: Iterable[str], name: str) -> Reading:
    """Read CSV with a header line that names `text` and `label`, and may name `page`."""
    pages = _Pages(name)
    for number, row in _rows(lines, name, pages.problems):
        place = f"{name}:{number}"
        if None in row:
            pages.problems.append(Problem(place, "more fields than the header names; quote a text that holds commas"))
            continue
        pages.add(row, place, row.get("page") or None)
    return pages.reading()


def _rows(lines: Iterable[str], name: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The file's rows with the line they end on."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.DictReader(lines, strict=True)
    try:
        header = reader.fieldnames or ()
    except csv.Error as error:
        problems.append(Problem(f"{name}:1", f"not CSV: {error}"))
        return
    if not {"text", "label"} <= set(header):
        problems.append(
            Problem(f"{name}:1", f"the header must name 'text' and 'label', got {reader.fieldnames!r:.200}")
        )
        return
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(f"{name}:{reader.reader.line_num}", f"not CSV: {error}"))
            continue
        yield reader.line_num, row
