"""Tables that take their time to make: kept in the cache folder and mapped, one copy for all processes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.compiled import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

Tables = tuple["NDArray[Any]", ...]


def kept(name: str, make: Callable[[], Sequence[NDArray[Any]]]) -> Tables:
    """The tables of that name, read-only; they are made where the cache folder does not have them, or cannot read them.

    name : tells of all that they are made of, and of their form.

    Where they cannot be written (a full disk), the process has them for itself, and the next one makes its own.
    """
    folder = cache_folder() / name
    found = _mapped(folder)
    if found is not None:
        return found
    with (folder.parent / ".tables.lock").open("ab") as lock:  # whoever comes second waits, and makes nothing
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _mapped(folder)
        if found is not None:
            return found
        made = make()
        with suppress(OSError):
            _keep(made, folder)
        return _mapped(folder) or frozen(made)


def _keep(tables: Sequence[NDArray[Any]], folder: Path) -> None:
    """Write tables to a folder that appears as a whole, in place of one that cannot be read."""
    aside = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".tables-"))
    try:
        aside.chmod(0o755)  # a cache that root filled serves other users too
        for number, table in enumerate(tables):
            with (aside / f"{number:02}.npy").open("wb") as stream:
                np.save(stream, table, allow_pickle=False)
                stream.flush()
                os.fsync(stream.fileno())  # a name that lasts through a power cut must not stand for nothing
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def frozen(tables: Sequence[NDArray[Any]]) -> Tables:
    """The tables, read-only as mapped ones are: for arrays of two types numba would compile every kernel twice."""
    for table in tables:
        table.flags.writeable = False
    return tuple(tables)


def _mapped(folder: Path) -> Tables | None:
    """What `_keep` wrote; None where it is not there, or cannot be read."""
    files = sorted(folder.glob("*.npy"))
    try:
        return tuple(np.asarray(np.load(file, mmap_mode="r", allow_pickle=False)) for file in files) or None
    except (OSError, ValueError, EOFError):
        return None
