"""The versions in a folder, and which of them is the champion.

<version>/      one saved version each
champion        the name of the version that answers
history.jsonl   every change of the champion
.lock           held by whoever changes something; readers never look at it
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from models.versions.errors import InvalidVersionError, NoChampionError, RegistryError, UnknownVersionError
from models.versions.history import Action, Change, append_change, change_now, predecessors, read_history
from models.versions.manifest import MANIFEST, PLAIN_NAME
from models.versions.reading import METADATA, read_version
from models.versions.writing import ASIDE, sync_folder, write_synced

if TYPE_CHECKING:
    from collections.abc import Iterator

SHIPPED_MODELS = Path(__file__).resolve().parents[1] / "saved"
"""The registry that comes with Lanmu."""

CHAMPION = "champion"
HISTORY = "history.jsonl"
LOCK = ".lock"

_REMOVED = ".removed-"
_STALE_SECONDS = 24 * 3600
"""The age from which an unfinished version counts as left behind by a crash."""


class Registry:
    """The versions in `folder`.

    key : the model key; with it only versions signed with it can be promoted.

    Any number of processes may use one folder. A change is first written to the history and then takes effect by
    replacing the champion file. A process killed in between leaves the old champion and a line too many, which the next
    change corrects by a line of its own.
    """

    def __init__(self, folder: Path, *, key: bytes | None = None) -> None:
        self._root = folder
        self._key = key

    def versions(self) -> list[str]:
        """The names of all versions, oldest first: by `created` in model.json, then by name."""
        try:
            entries = list(os.scandir(self._root))
        except FileNotFoundError:
            return []
        names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        return sorted((name for name in names if self._holds(name)), key=lambda name: (self._created(name), name))

    def folder(self, version: str) -> Path:
        """The folder of a version. Raises UnknownVersionError where there is none of that name."""
        if not PLAIN_NAME.fullmatch(version):
            raise UnknownVersionError(f"{version!r} cannot be a version's name: letters, digits, '.', '_' and '-' only")
        if not self._holds(version):
            known = ", ".join(self.versions()) or "none"
            raise UnknownVersionError(f"no version {version!r} in {self._root}; there are: {known}")
        return self._root / version

    def champion(self) -> str:
        """The name of the version that answers. Raises NoChampionError where none was promoted yet."""
        version = self._champion()
        if version is None:
            raise NoChampionError(f"no champion in {self._root}: train a version and promote it")
        if not PLAIN_NAME.fullmatch(version):
            raise NoChampionError(f"{self._root / CHAMPION} holds {version!r}, which is no version's name")
        return version

    def promote(self, version: str, *, who: str, why: str) -> None:
        """Make `version` the champion; nothing happens where it is already.

        Raises UnknownVersionError, InvalidVersionError where its files are not what MANIFEST says, or RegistryError.
        """
        with self._locked():
            self._check(version)
            self._change(Action.PROMOTE, version, who, why)

    def rollback(self, *, who: str, why: str) -> str:
        """Make the champion's predecessor the champion again, and return its name.

        A second rollback goes one further back. Raises RegistryError where no earlier version is left.
        """
        with self._locked():
            version = self._predecessor()
            if version is None:
                raise RegistryError(f"no version before {self.champion()!r} is left in {self._root} to go back to")
            self._check(version)
            self._change(Action.ROLLBACK, version, who, why)
        return version

    def history(self) -> list[Change]:
        """Every change of the champion, oldest first."""
        return read_history(self._root / HISTORY)

    def prune(self, keep: int) -> list[str]:
        """Remove all but the `keep` newest versions and return the names of the removed ones.

        The champion and its predecessor always stay. What crashes left behind is swept up, too.
        """
        if keep < 0:
            raise ValueError(f"cannot keep {keep} versions")
        with self._locked():
            versions = self.versions()
            spared = {self._champion(), self._predecessor()}
            removed = [version for version in versions[: max(len(versions) - keep, 0)] if version not in spared]
            for version in removed:
                # Renamed first: a version is there whole or not at all, wherever the removal is cut off.
                (self._root / version).rename(self._root / f"{_REMOVED}{version}-{secrets.token_hex(8)}")
            self._sweep()
        return removed

    def _holds(self, version: str) -> bool:
        folder = self._root / version
        return bool(PLAIN_NAME.fullmatch(version)) and not folder.is_symlink() and (folder / MANIFEST).is_file()

    def _check(self, version: str) -> None:
        folder = self.folder(version)
        claimed = read_version(folder, key=self._key).metadata.get("version")
        if claimed != version:
            # Answers would name another version than the history does.
            raise InvalidVersionError(folder / METADATA, f"is of version {claimed!r}; name the folder so")

    def _created(self, version: str) -> str:
        # Only for the order of a list: a version with a broken model.json is still listed, and refused when it is used.
        try:
            metadata = orjson.loads((self._root / version / METADATA).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return ""
        return str(metadata.get("created", "")) if isinstance(metadata, dict) else ""

    def _champion(self) -> str | None:
        try:
            return (self._root / CHAMPION).read_text("utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None

    def _predecessor(self) -> str | None:
        champion = self._champion()
        if champion is None:
            return None
        return next((version for version in predecessors(self.history(), champion) if self._holds(version)), None)

    def _change(self, action: Action, version: str, who: str, why: str) -> None:
        champion = self._champion()
        if version == champion:
            return
        append_change(self._root / HISTORY, change_now(action, version, champion, who, why))
        aside = self._root / f".{CHAMPION}-{secrets.token_hex(8)}"
        try:
            write_synced(aside, f"{version}\n".encode())
            aside.replace(self._root / CHAMPION)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(self._root)

    def _correct(self) -> None:
        """Say in the history that its last line did not come true, if it did not."""
        champion, history = self._champion(), self.history()
        if not history or champion is None or history[-1].version == champion:
            return
        claimed = history[-1].version
        why = f"the champion is {champion!r}: the change to {claimed!r} was cut off, or the file was edited by hand"
        change = change_now(Action.CORRECTED, champion, claimed, "lanmu", why)
        append_change(self._root / HISTORY, change)

    def _sweep(self) -> None:
        """Remove what unfinished writes and removals left: hidden folders and files, none that may still be in use."""
        for entry in os.scandir(self._root):
            path = Path(entry.path)
            if entry.name.startswith(_REMOVED):
                shutil.rmtree(path, ignore_errors=True)
            elif entry.name.startswith(f".{CHAMPION}-"):
                path.unlink(missing_ok=True)
            elif entry.name.startswith(ASIDE) and time.time() - entry.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other processes and threads from changing the registry meanwhile; a killed holder lets go."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with (self._root / LOCK).open("ab") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._correct()
                yield
        except OSError as error:
            raise RegistryError(f"{self._root} cannot be changed: {error.strerror or error}") from error
