"""An empty registry takes over the champion that comes with Lanmu."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from models.shipped import SHIPPED_MODELS
from models.versions.errors import VersionExistsError
from models.versions.manifest import MANIFEST
from models.versions.reading import REQUIRED, read_file, read_version
from models.versions.registry import Registry
from models.versions.writing import write_version

if TYPE_CHECKING:
    from pathlib import Path


def adopt_shipped(folder: Path, *, key: bytes | None = None) -> str | None:
    """Copy the shipped champion into a registry without versions and promote it there; returns its name, or None.

    key : signs the copy.

    Raises VersionWriteError or RegistryError where the folder cannot be written. Processes may do this at once.
    """
    registry = Registry(folder, key=key)
    if registry.versions() or registry.history():
        return None
    shipped = Registry(SHIPPED_MODELS)
    version = shipped.champion()
    source = shipped.folder(version)
    saved = read_version(source)
    names = {file.name for file in source.iterdir()} - {MANIFEST, *REQUIRED}
    extra = {name: read_file(source, name) or b"" for name in names}
    with suppress(VersionExistsError):  # another process was first
        write_version(
            folder, version, weights=saved.weights, metadata=saved.metadata, golden=saved.golden, extra=extra, key=key
        )
    registry.promote(version, who="lanmu", why="the champion that comes with Lanmu, for a registry without versions")
    return version
