"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO


@contextmanager
def written_aside(file: Path) -> Iterator[IO[bytes]]:
    """A stream to a new file beside `file`, which takes its place when all went well, and is removed otherwise."""
    aside = file.with_name(f".{file.name}.{secrets.token_hex(6)}.part")
    try:
        with aside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Wait until the folder's names are on the disk, or a power cut could take the file back."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
