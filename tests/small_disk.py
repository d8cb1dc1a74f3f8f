"""A file system of its own, and full where a test wants it so."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

BLOCK = 4096


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Path]:
    """Mount a file system with so many bytes of room; the test is skipped where that is not allowed."""
    folder.mkdir()
    options = f"size={room // BLOCK * BLOCK}"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"a file system of its own cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def fill(folder: Path, left: int = 0) -> Path:
    """Take all room but `left` bytes. Returns the file that takes it."""
    file = folder / ".filler"
    with file.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(bytes(BLOCK))
    os.truncate(file, file.stat().st_size - left)
    return file
