"""Files that are there whole or not at all, and last through a power cut."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import FileIO
    from pathlib import Path


def write_synced(file: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    with file.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def write_all(stream: FileIO, content: bytes) -> None:
    """Write to an unbuffered file, which may take a part at a time. Raises OSError at the part that finds no room."""
    while content:
        content = content[stream.write(content) :]


def aside_of(file: Path) -> Path:
    """A name for what shall become `file`; the leading dot keeps it out of every listing."""
    return file.parent / f".{file.name}-{secrets.token_hex(8)}"


def replace_synced(file: Path, content: bytes) -> None:
    """Give a file new content: whoever reads it finds the old or the new one. Its folder is made where it is missing.

    Raises OSError, and then leaves the old content.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    aside = aside_of(file)
    try:
        write_synced(aside, content)
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
