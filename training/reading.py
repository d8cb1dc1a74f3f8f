"""From files and folders to seeds. A file's form is told by its suffix: .txt seed pages, .jsonl records, .csv records."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from training.records import read_csv, read_jsonl
from training.seed import Problem, Reading
from training.seed_pages import read_seed_pages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

READERS = {".txt": read_seed_pages, ".jsonl": read_jsonl, ".csv": read_csv}


def seed_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and those with a known suffix in the folders named, sorted.

    Raises
    ------
    FileNotFoundError
        For a path that is not there.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            message = f"there are no seeds at {str(path)!r}"
            raise FileNotFoundError(message)
        inside = sorted(entry for entry in path.rglob("*") if entry.suffix in READERS) if path.is_dir() else [path]
        files.extend(inside)
    return files


def read_file(path: Path) -> Reading:
    """Read one file of seeds."""
    reader = READERS.get(path.suffix)
    if reader is None:
        return Reading([], [Problem(str(path), f"unknown form {path.suffix!r}; known are {', '.join(READERS)}")])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Reading([], [Problem(str(path), f"not UTF-8 at byte {error.start}; save the file as UTF-8")])
    return reader(io.StringIO(text, newline=""), path.name)


def read_seeds(paths: Sequence[Path]) -> Reading:
    """Read all seeds at some paths. A page id that two files use is kept apart by the file's name."""
    reading = Reading()
    taken: set[str] = set()
    for path in seed_files(paths):
        one = read_file(path)
        clash = [page for page in one.pages if page.id in taken]
        problems = [Problem(page.place, f"the page id {page.id!r} is taken by another file") for page in clash]
        taken |= {page.id for page in one.pages}
        reading += Reading([page for page in one.pages if page not in clash], one.problems + problems)
    return reading
