"""The versions in a folder, and which of them is the champion.

<version>/             one saved version each
champion               the name of the version that answers
history.jsonl          every change of the champion
shadow                 the challenger that scores live traffic without answering, if there is one
verdicts/<version>.json   what the gate said of a version
comparisons/<a>..<b>.html   two versions side by side
.lock                  held by whoever changes something; readers never look at it
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from models.versions import beside
from models.versions.beside import Shadow
from models.versions.errors import (
    InvalidVersionError,
    NoChampionError,
    RegistryError,
    RegistryUnwritableError,
    UnknownVersionError,
)
from models.versions.files import aside_of, replace_synced, sync_folder, write_synced
from models.versions.history import Action, Change, append_change, change_now, predecessors, read_history
from models.versions.manifest import MANIFEST, PLAIN_NAME
from models.versions.reading import METADATA, read_version
from models.versions.retention import remove, sweep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

CHAMPION = "champion"
HISTORY = "history.jsonl"
LOCK = ".lock"


class Registry:
    """The versions in `folder`.

    key : the model key; with it only versions signed with it can be promoted.

    Any number of processes may use one folder. A change is first written to the history and then takes effect by
    replacing the champion file, for which room was found before. A process killed in between leaves the old champion
    and a line too many, which the next change corrects by a line of its own.
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

    def shadow(self) -> Shadow | None:
        """The challenger that scores live traffic without answering, or None."""
        return beside.read_shadow(self._root)

    def set_shadow(self, version: str, *, who: str, why: str) -> None:
        """Let `version` score live traffic without answering, in place of an earlier shadow. Raises as `promote`."""
        with self._locked():
            self._check(version)
            beside.write_shadow(self._root, beside.shadow_now(version, who, why))

    def clear_shadow(self) -> None:
        """Have no shadow from now on."""
        with self._locked():
            beside.write_shadow(self._root, None)

    def verdict(self, version: str) -> dict[str, Any] | None:
        """What the gate said of a version, `passed` and the reasons, or None where it was not asked."""
        self.folder(version)
        return beside.read_verdict(self._root, version)

    def record_verdict(self, version: str, verdict: Mapping[str, Any]) -> None:
        """Keep what the gate says of a version. verdict : JSON values; `passed` is a bool."""
        self.folder(version)
        with self._locked():
            beside.write_verdict(self._root, version, verdict)

    def comparisons(self) -> list[tuple[str, str]]:
        """The pairs of versions of which a comparison is kept."""
        return list(beside.comparisons(self._root))

    def comparison(self, first: str, second: str) -> bytes | None:
        """The HTML page that compares two versions, or None where there is none."""
        self.folder(first), self.folder(second)
        try:
            return beside.comparison_file(self._root, first, second).read_bytes()
        except FileNotFoundError:
            return None

    def record_comparison(self, first: str, second: str, page: bytes) -> Path:
        """Keep the page that compares two versions, in place of an earlier one, and return its file."""
        self.folder(first), self.folder(second)
        file = beside.comparison_file(self._root, first, second)
        with self._locked():
            replace_synced(file, page)
        return file

    def prune(self, keep: int, needed: Collection[str] = ()) -> list[str]:
        """Remove all but the `keep` newest versions and return the names of the removed ones.

        The champion, its predecessor, the shadow and those that are `needed` always stay. Comparisons with what was
        removed go, too, and what crashes left behind; verdicts stay, as history does.
        """
        if keep < 0:
            raise ValueError(f"cannot keep {keep} versions")
        with self._locked():
            versions = self.versions()
            spared = {self._champion(), self._predecessor(), self._shadowed(), *needed}
            removed = [version for version in versions[: max(len(versions) - keep, 0)] if version not in spared]
            for version in removed:
                remove(self._root, version)
            sweep(self._root, CHAMPION, self._holds)
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

    def _shadowed(self) -> str | None:
        try:
            shadow = self.shadow()
        except RegistryError:  # a broken file spares nothing and must not keep the disk from being cleared
            return None
        return None if shadow is None else shadow.version

    def _change(self, action: Action, version: str, who: str, why: str) -> None:
        champion = self._champion()
        if version == champion:
            return
        aside = aside_of(self._root / CHAMPION)
        try:
            # Written before the history: a full disk must stop the change while nothing tells of it yet.
            write_synced(aside, f"{version}\n".encode())
            append_change(self._root / HISTORY, change_now(action, version, champion, who, why))
            aside.replace(self._root / CHAMPION)
        finally:
            aside.unlink(missing_ok=True)
        sync_folder(self._root)
        if self._shadowed() == version:  # it answers now, and has nothing to differ from
            with suppress(OSError):
                beside.write_shadow(self._root, None)

    def _correct(self) -> None:
        """Say in the history that its last line did not come true, if it did not."""
        champion, history = self._champion(), self.history()
        if not history or champion is None or history[-1].version == champion:
            return
        claimed = history[-1].version
        why = f"the champion is {champion!r}: the change to {claimed!r} was cut off, or the file was edited by hand"
        change = change_now(Action.CORRECTED, champion, claimed, "lanmu", why)
        append_change(self._root / HISTORY, change)

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
            raise RegistryUnwritableError(f"{self._root} cannot be changed: {error.strerror or error}") from error
