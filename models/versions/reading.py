"""Opening a saved version: nothing is used before it is checked, and nothing is unpickled."""

from __future__ import annotations

import hashlib
import mmap
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.versions.errors import InvalidVersionError
from models.versions.json_objects import parse_lines, parse_object
from models.versions.manifest import MANIFEST, Entry, parse_manifest
from models.versions.weights import Weights, view_weights

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEIGHTS = "weights.safetensors"
METADATA = "model.json"
GOLDEN = "golden.jsonl"
PIPELINE = "pipeline.joblib"
"""The scikit-learn pipeline, for notebooks: a pickle, so it is hashed and otherwise never read."""

REQUIRED = (GOLDEN, METADATA, WEIGHTS)

MIB = 1 << 20
LARGEST = {WEIGHTS: 512 * MIB, PIPELINE: 512 * MIB, MANIFEST: MIB}
LARGEST_OTHER = 64 * MIB
"""Sizes above which a file is refused unread, in bytes."""


@dataclass(frozen=True)
class SavedVersion:
    """A version as it lies on disk: undamaged, but not yet known to give its golden answers.

    metadata : model.json.
    weights : read-only arrays by name, mapped from the file, so that processes share them. The files of a version
        are never changed in place; a version is removed by removing its folder, which leaves maps intact.
    golden : inputs and the answers that they must give.
    """

    folder: Path
    metadata: dict[str, Any]
    weights: Weights
    golden: list[dict[str, Any]]


def read_version(folder: Path, *, key: bytes | None = None) -> SavedVersion:
    """Open the version in `folder`, after checking every file of it against MANIFEST.

    key : the model key; with it, a version that is unsigned or signed with another key is refused.

    Raises InvalidVersionError, naming the file and the reason. Each file is opened once and judged by the bytes that
    are then used, so that none can be exchanged between the check and the use.
    """
    directory = _directory(folder)
    try:
        return _read(folder, directory, key)
    finally:
        os.close(directory)


def read_file(folder: Path, name: str, *, key: bytes | None = None) -> bytes | None:
    """The content of one file of a version (its report, its card), or None where the version was saved without it.

    Only this file and MANIFEST are checked. Raises InvalidVersionError where one of them is not as it was saved.
    """
    directory = _directory(folder)
    try:
        with _opened(folder, directory, MANIFEST) as descriptor:
            entry = parse_manifest(_content(descriptor), folder / MANIFEST, key).get(name)
        if entry is None:
            return None
        with _opened(folder, directory, name) as descriptor:
            _check_size(folder / name, descriptor, entry)
            content = _content(descriptor)
    finally:
        os.close(directory)
    _check_digest(folder / name, hashlib.sha256(content).hexdigest(), entry)
    return content


def _directory(folder: Path) -> int:
    try:
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise InvalidVersionError(folder, f"cannot be opened as a folder: {error.strerror}") from error


def _read(folder: Path, directory: int, key: bytes | None) -> SavedVersion:
    with _opened(folder, directory, MANIFEST) as descriptor:
        entries = parse_manifest(_content(descriptor), folder / MANIFEST, key)
    _check_names(folder, set(os.listdir(directory)) - {MANIFEST}, set(entries))
    contents: dict[str, bytes] = {}
    mapped: mmap.mmap | None = None
    for name, entry in entries.items():
        with _opened(folder, directory, name) as descriptor:
            _check_size(folder / name, descriptor, entry)
            if name == WEIGHTS:
                mapped = mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) if entry.size else None
                digest = hashlib.sha256(mapped or b"").hexdigest()
            elif name in REQUIRED:
                contents[name] = _content(descriptor)
                digest = hashlib.sha256(contents[name]).hexdigest()
            else:
                digest = _digest(descriptor)
        _check_digest(folder / name, digest, entry)
    return SavedVersion(
        folder,
        parse_object(contents[METADATA], folder / METADATA),
        view_weights(mapped or b"", folder / WEIGHTS),
        parse_lines(contents[GOLDEN], folder / GOLDEN),
    )


def _check_names(folder: Path, found: set[str], listed: set[str]) -> None:
    for name in sorted(listed.symmetric_difference(found) | (set(REQUIRED) - listed)):
        if name in listed:
            raise InvalidVersionError(folder / name, "is missing, though MANIFEST lists it")
        if name in found:
            raise InvalidVersionError(folder / name, "is extra: MANIFEST does not list it")
        raise InvalidVersionError(folder / name, "is missing, and a version is nothing without it")


@contextmanager
def _opened(folder: Path, directory: int, name: str) -> Iterator[int]:
    """A descriptor of a regular file that stands in the folder itself: links are refused, not followed."""
    try:
        # Without O_NONBLOCK a named pipe would hold us here for ever.
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=directory)
    except FileNotFoundError as error:
        raise InvalidVersionError(folder / name, "is missing") from error
    except OSError as error:
        reason = "is a link" if (folder / name).is_symlink() else f"cannot be opened: {error.strerror}"
        raise InvalidVersionError(folder / name, reason) from error
    try:
        _check_kind(folder / name, descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


def _check_kind(file: Path, descriptor: int) -> None:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise InvalidVersionError(file, "is not a regular file")
    largest = LARGEST.get(file.name, LARGEST_OTHER)
    if status.st_size > largest:
        raise InvalidVersionError(file, f"is too large: {status.st_size} bytes, where {largest} are allowed")


def _check_size(file: Path, descriptor: int, entry: Entry) -> None:
    size = os.fstat(descriptor).st_size
    if size != entry.size:
        raise InvalidVersionError(file, f"has {size} bytes, where MANIFEST says {entry.size}")


def _check_digest(file: Path, digest: str, entry: Entry) -> None:
    if digest != entry.sha256:
        raise InvalidVersionError(file, "is not the file that MANIFEST describes: its SHA-256 differs")


def _content(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as stream:
        return stream.read()


def _digest(descriptor: int) -> str:
    with open(descriptor, "rb", closefd=False) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
