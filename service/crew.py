"""The server processes of one machine that answer together, and which version each of them serves.

Each process tells of itself in a file of the metrics folder, which is fresh at every start of the server. A process
that is gone counts no more, whether its file was removed or not.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from models.versions.files import aside_of

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the metrics folder; prometheus-client reads it, too."""

LOCK = ".serving.lock"


@dataclass(frozen=True, slots=True)
class Member:
    """One server process.

    version : the one it answers with; None where it has none.
    prepared : one that is loaded and warm, and waits for the others to be ready, too.
    refused : one that could not be loaded here, and why.
    """

    pid: int
    version: str | None
    prepared: str | None = None
    refused: str | None = None
    reason: str | None = None


class Crew:
    """The processes that tell of themselves in `folder`; None where this process answers alone."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._own: Member | None = None

    def tell(self, member: Member) -> None:
        """Tell of this process. Raises OSError where the file cannot be written."""
        if member == self._own:
            return
        if self._folder is not None:
            file = self._folder / f"serving-{member.pid}.json"
            aside = aside_of(file)
            try:
                aside.write_bytes(orjson.dumps(asdict(member)))
                aside.replace(file)
            finally:
                aside.unlink(missing_ok=True)
        self._own = member

    def members(self) -> list[Member]:
        """The processes that are alive, by their numbers."""
        if self._folder is None:
            return [self._own] if self._own is not None else []
        found = [_read(file) for file in self._folder.glob("serving-*.json")]
        return sorted((member for member in found if member is not None), key=lambda member: member.pid)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep the other processes from telling or counting meanwhile; a killed holder lets go."""
        with nullcontext() if self._folder is None else (self._folder / LOCK).open("ab") as lock:
            if lock is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def forget(folder: Path, pid: int) -> None:
    """Remove what a process told that has ended."""
    (folder / f"serving-{pid}.json").unlink(missing_ok=True)


def _read(file: Path) -> Member | None:
    with suppress(FileNotFoundError, orjson.JSONDecodeError, TypeError):
        member = Member(**orjson.loads(file.read_bytes()))
        return member if alive(member.pid) else None
    return None


def alive(pid: int) -> bool:
    """Whether a process of this machine has this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
