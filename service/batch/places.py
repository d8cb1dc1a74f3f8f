"""Where records come from and answers go: local files, standard input, and URLs of object stores."""

from __future__ import annotations

import glob
import os
import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from service.batch.errors import BatchError
from service.batch.job import UNFINISHED, Format, Packing

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

STDIN = "-"
PATTERN = "*?["

FORMATS = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSONL,
    ".csv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".warc": Format.WARC,
    ".wet": Format.WARC,
}
PACKINGS = {".gz": Packing.GZIP, ".zst": Packing.ZSTD}
OURS = (".errors.jsonl", ".ledger.jsonl")
"""Ends of files that batches leave beside their answers: a folder's are not taken for records."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, local or in an object store; or standard input."""

    name: str
    store: Any
    path: str

    @property
    def local(self) -> Path | None:
        """The path of a local file."""
        return Path(self.path) if self.store is None and self.path != STDIN else None

    @property
    def address(self) -> str:
        """What no other file has."""
        return f"{self.name.partition(':')[0]}://{self.path}" if self.local is None else str(self.local.absolute())

    def size(self) -> int | None:
        """Bytes, or None where nobody knows."""
        if self.path == STDIN:
            return None
        if self.store is None:
            return Path(self.path).stat().st_size
        return cast("int | None", self.store.get_file_info(self.path).size)

    def exists(self) -> bool:
        """Whether there is something of that name."""
        if self.store is None:
            return Path(self.path).exists()
        return bool(self.store.get_file_info(self.path).type.name != "NotFound")

    def opened(self) -> IO[bytes]:
        """A stream of the content, with places to seek to but for standard input."""
        if self.path == STDIN:
            return sys.stdin.buffer
        if self.store is None:
            return Path(self.path).open("rb")
        return cast("IO[bytes]", self.store.open_input_file(self.path))


def place(name: str) -> Place:
    """The place of that name. Raises BatchError where its kind is not known."""
    if "://" not in name:
        return Place(name, None, name)
    from service.batch.stores import store_of  # noqa: PLC0415 - pyarrow is loaded where there are URLs alone

    store, path = store_of(name)
    return Place(name, store, path)


def form_of(name: str) -> tuple[Format | None, Packing]:
    """Format and packing by a file's name; the format is None where the name does not tell."""
    ending, packing = ending_of(name)
    return FORMATS.get(ending.lower()), packing


def ending_of(name: str) -> tuple[str, Packing]:
    """A file's ending, "" where it has none, and the packing that another ending behind it tells."""
    path = Path(name.partition("?")[0] if "://" in name else name)
    packing = PACKINGS.get(path.suffix.lower(), Packing.NONE)
    return (path.with_suffix("") if packing else path).suffix, packing


def found(names: Sequence[str], targets: Sequence[str] = ()) -> list[Place]:
    """The files that are meant: those of folders and patterns in the order of their names.

    targets : what the batch writes, which no folder and no pattern means: else a batch that writes beside what it reads
        would find other files when it goes on.

    Raises BatchError where a name stands for none.
    """
    written = {place(target).address for target in targets}
    return [each for name in names for each in _meant(name, written)]


def _meant(name: str, written: Container[str]) -> Iterator[Place]:
    given = place(name) if "://" not in name or not _is_pattern(name) else _folder_of_pattern(name)
    if name == STDIN:
        yield given
        return
    try:
        files = list(_in_store(name, given) if given.store else _here(given))
    except OSError as error:
        raise BatchError(f"{name!r} cannot be read: {error}") from error
    files = [each for each in files if each.name == name or not (each.address in written or _is_unfinished(each))]
    if not files:
        raise BatchError(f"no file is meant by {name!r}")
    yield from files


def _is_pattern(name: str) -> bool:
    return any(character in name.partition("?")[0] for character in PATTERN)


def _here(given: Place) -> Iterable[Place]:
    path = Path(given.path)
    if path.is_dir():
        below = (str(Path(root) / file) for root, _, files in os.walk(path) for file in files)
        return [Place(file, None, file) for file in sorted(below) if _is_record_file(file)]
    if path.exists():
        return [given]
    return [Place(file, None, file) for file in sorted(glob.glob(given.path, recursive=True)) if Path(file).is_file()]  # noqa: PTH207 - absolute patterns, too


def _is_unfinished(file: Place) -> bool:
    """Whether a file is part of what an unfinished batch has done."""
    return file.path.rpartition("/")[0].endswith(UNFINISHED)


def _is_record_file(file: str) -> bool:
    name = file.rpartition("/")[2]
    return form_of(name)[0] is not None and not name.startswith(".") and not name.endswith(OURS)


def _folder_of_pattern(name: str) -> Place:
    """The folder that holds all that a pattern may mean."""
    address, mark, options = name.partition("?")
    fixed = address[: min(address.find(character) % (len(address) + 1) for character in PATTERN)]
    return place(fixed.rpartition("/")[0] + mark + options)


def _in_store(name: str, given: Place) -> Iterable[Place]:
    """Files of an object store; their names carry no options, which may hold passwords."""
    from service.batch.stores import files_below, is_file  # noqa: PLC0415 - see `place`

    scheme = name.partition("://")[0]
    if not _is_pattern(name) and is_file(given.store, given.path):
        return [Place(f"{scheme}://{given.path}", given.store, given.path)]
    paths = files_below(given.store, given.path)
    if _is_pattern(name):
        pattern = name.partition("?")[0].partition("://")[2].rpartition("@")[2]
        paths = [path for path in paths if fnmatchcase(path, pattern)]
    else:
        paths = [path for path in paths if _is_record_file(path)]
    return [Place(f"{scheme}://{path}", given.store, path) for path in paths]
