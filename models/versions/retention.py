"""Taking versions away, and sweeping up what crashes left behind."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

from models.versions.beside import SHADOW, comparison_file, comparisons
from models.versions.writing import ASIDE

if TYPE_CHECKING:
    from collections.abc import Callable

_REMOVED = ".removed-"
_STALE_SECONDS = 24 * 3600
"""The age from which an unfinished version counts as left behind by a crash."""


def remove(root: Path, version: str) -> None:
    """Take a version away: renamed first, it is there whole or not at all, wherever `sweep` is cut off."""
    (root / version).rename(root / f"{_REMOVED}{version}-{secrets.token_hex(8)}")


def sweep(root: Path, champion: str, holds: Callable[[str], bool]) -> None:
    """Remove hidden files and folders that are in no use, and comparisons with versions that are gone.

    champion : the name of the champion file. holds : whether the registry has a version.
    """
    for first, second in list(comparisons(root)):
        if not (holds(first) and holds(second)):
            comparison_file(root, first, second).unlink(missing_ok=True)
    for entry in os.scandir(root):
        path = Path(entry.path)
        if entry.name.startswith(_REMOVED):
            shutil.rmtree(path, ignore_errors=True)
        elif entry.name.startswith((f".{champion}-", f".{SHADOW}-")):
            path.unlink(missing_ok=True)
        elif entry.name.startswith(ASIDE) and time.time() - entry.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)
