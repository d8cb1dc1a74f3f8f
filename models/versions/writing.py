"""Saving a version: written aside, checked, synced, and only then given its name."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

from models.versions.errors import InvalidVersionError, VersionExistsError, VersionWriteError
from models.versions.files import sync_folder, write_synced
from models.versions.manifest import MANIFEST, PLAIN_NAME, entry_of, format_manifest
from models.versions.reading import GOLDEN, METADATA, REQUIRED, WEIGHTS, read_version
from models.versions.weights import pack_weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy as np

ASIDE = ".writing-"
"""How the folder of an unfinished version starts; the leading dot keeps it out of every listing."""

RESERVED = frozenset({"champion", "comparisons", "history", "rollback", "shadow", "verdicts"})
"""Names that stand for something else beside the versions, in the registry's folder or in the API's addresses."""

_NOTHING: Mapping[str, bytes] = {}


def refuse_taken(parent: Path, name: str) -> None:
    """Raise VersionExistsError for a name that is taken: whoever is going to make a version may ask before."""
    if os.path.lexists(parent / name):
        raise VersionExistsError(f"version {name!r} is in {parent} already; choose another name")


def write_version(  # noqa: PLR0913 - each is a part of the version, and all but the first two have names
    parent: Path,
    name: str,
    *,
    weights: Mapping[str, np.ndarray[Any, Any]],
    metadata: Mapping[str, Any],
    golden: Sequence[Mapping[str, Any]],
    extra: Mapping[str, bytes] = _NOTHING,
    key: bytes | None = None,
) -> Path:
    """Save a version as the folder `parent / name` and return that folder.

    metadata : what model.json says; `version` in it is always `name`.
    extra : further files by name (card.md, report.html, pipeline.joblib).
    key : the model key, which signs MANIFEST.

    The folder appears whole or not at all, and lasts through a power cut once this returns. Raises VersionExistsError
    for a name that is taken, InvalidVersionError for content that `read_version` would refuse, VersionWriteError where
    the disk is full or the folder cannot be written.
    """
    _check_names(name, extra)
    refuse_taken(parent, name)
    folder = parent / name
    files = {
        **extra,
        WEIGHTS: pack_weights(weights, folder / WEIGHTS),
        METADATA: _json({**metadata, "version": name}, folder / METADATA, orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS),
        GOLDEN: b"".join(_json(case, folder / GOLDEN, 0) for case in golden),
    }
    files[MANIFEST] = format_manifest({file: entry_of(content) for file, content in files.items()}, key)
    try:
        _publish(folder, files, key)
    except OSError as error:
        raise VersionWriteError(f"version {name!r} was not saved in {parent}: {error.strerror or error}") from error
    return folder


def _check_names(name: str, extra: Mapping[str, bytes]) -> None:
    if not PLAIN_NAME.fullmatch(name) or name in RESERVED:
        taken = ", ".join(sorted(RESERVED))
        allowed = "use up to 64 letters, digits, '.', '_', '-'"
        raise VersionWriteError(f"{name!r} cannot name a version: {allowed}, and none of {taken}")
    for file in extra:
        if not PLAIN_NAME.fullmatch(file) or file in {MANIFEST, *REQUIRED}:
            raise VersionWriteError(f"{file!r} cannot be an extra file of version {name!r}")


def _json(value: Mapping[str, Any], file: Path, option: int) -> bytes:
    try:
        return orjson.dumps(dict(value), option=option | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError as error:
        raise InvalidVersionError(file, f"would not be JSON: {error}") from error


def _publish(folder: Path, files: Mapping[str, bytes], key: bytes | None) -> None:
    with _aside(folder) as aside:
        for name, content in files.items():
            write_synced(aside / name, content)
        sync_folder(aside)
        _check(aside, folder, key)
        try:
            aside.rename(folder)
        except OSError as error:
            if not folder.is_dir():
                raise
            # Someone else took the name since it was looked at; a rename never replaces a folder with files in it.
            raise VersionExistsError(f"version {folder.name!r} was saved by another process just now") from error
    sync_folder(folder.parent)


def _check(aside: Path, folder: Path, key: bytes | None) -> None:
    try:
        read_version(aside, key=key)
    except InvalidVersionError as error:
        raise InvalidVersionError(folder / error.file.name, error.reason) from error


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """A new folder beside `folder`, removed again if it is still there at the end."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.parent / f"{ASIDE}{folder.name}-{secrets.token_hex(8)}"
    aside.mkdir()
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)
