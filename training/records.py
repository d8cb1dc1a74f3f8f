"""Seeds as records: JSON Lines and CSV.

A record has `text` and `label`, and may have `page`: records of one page stand in page order. A JSON line may also hold
a whole page: `{"page": id, "sections": [{"text": …, "label": …}, …]}`.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from training.seed import Problem, Reading, Seed, SeedPage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FIELD_LIMIT = 16 * 1024 * 1024
"""The longest CSV field, in characters."""


class _Pages:
    """Seeds gathered by page, in the order in which the pages first appear."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seeds: dict[str, list[Seed]] = defaultdict(list)
        self.problems: list[Problem] = []

    def add(self, row: Any, place: str, page: str | None) -> None:
        """Add one record, or note what is wrong with it."""
        missing = next((key for key in ("text", "label") if not _has_text(row, key)), None)
        if missing:
            self.problems.append(Problem(place, f"the record has no {missing!r} that is text: {row!r:.80}"))
            return
        self._seeds[page or place].append(Seed(row["text"].strip(), row["label"], place))

    def reading(self) -> Reading:
        """Everything gathered."""
        pages = [SeedPage(page, tuple(seeds), seeds[0].place) for page, seeds in self._seeds.items()]
        return Reading(pages, self.problems)


def _has_text(row: Any, key: str) -> bool:
    return isinstance(row, dict) and isinstance(row.get(key), str)


def read_jsonl(lines: Iterable[str], name: str) -> Reading:
    """Read JSON Lines; a line that is not a seed is a problem, and the others are kept."""
    pages = _Pages(name)
    for number, line in enumerate(lines, 1):
        place = f"{name}:{number}"
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            pages.problems.append(Problem(place, f"not JSON: {error}"))
            continue
        if isinstance(row, dict) and isinstance(row.get("sections"), list):
            for section in row["sections"]:
                pages.add(section, place, str(row.get("page", place)))
        else:
            pages.add(row, place, str(row["page"]) if isinstance(row, dict) and row.get("page") else None)
    return pages.reading()


def read_csv(lines: Iterable[str], name: str) -> Reading:
    """Read CSV with a header line that names `text` and `label`, and may name `page`."""
    pages = _Pages(name)
    for number, row in _rows(lines, name, pages.problems):
        pages.add(row, f"{name}:{number}", row.get("page") or None)
    return pages.reading()


def _rows(lines: Iterable[str], name: str, problems: list[Problem]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The file's rows with the line they end on."""
    csv.field_size_limit(FIELD_LIMIT)
    reader = csv.DictReader(lines, strict=True)
    if not {"text", "label"} <= set(reader.fieldnames or ()):
        problems.append(Problem(f"{name}:1", f"the header must name 'text' and 'label', got {reader.fieldnames!r}"))
        return
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            problems.append(Problem(f"{name}:{reader.reader.line_num}", f"not CSV: {error}"))
            return
        yield reader.line_num, row
