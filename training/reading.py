"""From files and folders to seeds. A file's form is told by its suffix.

.txt seed pages, .jsonl and .csv records, .seeds.xz extracted seeds.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from models.seeds.records import read_csv, read_jsonl
from models.seeds.seed import Problem, Reading, SeedsError
from models.seeds.seed_pages import read_seed_pages
from training.extracted import SUFFIX, Extracted, read_extracted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

READERS = {".txt": read_seed_pages, ".jsonl": read_jsonl, ".csv": read_csv}


def is_extracted(path: Path) -> bool:
    """Whether a file's name says that it holds extracted seeds."""
    return path.name.endswith(SUFFIX)


def known_form(path: Path) -> bool:
    """Whether a file's name says that it holds seeds."""
    return path.suffix in READERS or is_extracted(path)


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
        inside = sorted(filter(known_form, path.rglob("*"))) if path.is_dir() else [path]
        files.extend(inside)
    return files


def read_file(path: Path) -> Reading:
    """Read one file of seeds."""
    reader = READERS.get(path.suffix)
    if reader is None:
        return Reading(
            [], [Problem(str(path), f"unknown form {path.suffix!r}; known are {', '.join([*READERS, SUFFIX])}")]
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        return Reading([], [Problem(str(path), f"not UTF-8 at byte {error.start}; save the file as UTF-8")])
    return reader(io.StringIO(text, newline=""), path.name)


def read_seeds(paths: Sequence[Path]) -> Reading:
    """Read all seeds with text at some paths; extracted ones are passed over. No two files may use one page id."""
    reading = Reading()
    taken: set[str] = set()
    for path in [path for path in seed_files(paths) if not is_extracted(path)]:
        one = read_file(path)
        clash = [page for page in one.pages if page.id in taken]
        problems = [Problem(page.place, f"the page id {page.id!r} is taken by another file") for page in clash]
        taken |= {page.id for page in one.pages}
        reading += Reading([page for page in one.pages if page not in clash], one.problems + problems)
    return reading


def read_all_extracted(
    paths: Sequence[Path], fingerprint: str, labels: Collection[str]
) -> tuple[list[Extracted], list[Problem]]:
    """Read the extracted seeds at some paths, and say what is wrong with those that cannot be used.

    A file is damaged, was made by another extractor, or has a label that is not among `labels`.
    """
    good: list[Extracted] = []
    problems: list[Problem] = []
    for path in filter(is_extracted, seed_files(paths)):
        try:
            part = read_extracted(path, fingerprint)
        except SeedsError as error:
            problems.extend(error.problems)
            continue
        unknown = sorted(set(part.labels) - set(labels))
        problems += [Problem(path.name, f"unknown label {label!r}; declare it with --new-label") for label in unknown]
        if not unknown:
            good.append(part)
    return good, problems
