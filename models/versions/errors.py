"""What can go wrong with saved versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class InvalidVersionError(Exception):
    """A saved version is not to be trusted: it is damaged, altered, or not signed with the key asked for.

    file : the file that gave it away; the version's folder where no single file did.
    reason : what is wrong with it.
    """

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(file, reason)
        self.file = file
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class VersionWriteError(Exception):
    """A version could not be saved; nothing of it was left behind."""


class VersionExistsError(VersionWriteError):
    """A version of that name is there already; versions are never overwritten."""


class RegistryError(Exception):
    """The registry cannot do what was asked; the message says what to do instead."""


class UnknownVersionError(RegistryError):
    """The registry has no version of that name."""


class NoChampionError(RegistryError):
    """The registry has no champion, so nothing can answer."""


class RegistryUnwritableError(RegistryError):
    """The file system does not let the registry be changed: it is full, read-only or gone. Nothing was half changed."""
