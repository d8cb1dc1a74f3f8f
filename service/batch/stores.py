"""Object stores and the like, by URL."""

from __future__ import annotations

from typing import Any

from pyarrow import ArrowInvalid, fs

from service.batch.errors import BatchError


def store_of(name: str) -> tuple[Any, str]:
    """The store that a URL names, None for this machine's files, and the path in it. Raises BatchError."""
    try:
        store, path = fs.FileSystem.from_uri(name)
    except (ArrowInvalid, OSError) as error:
        raise BatchError(f"{name.partition('?')[0]!r} cannot be opened: {error}") from error
    return None if isinstance(store, fs.LocalFileSystem) else store, path


def is_file(store: Any, path: str) -> bool:
    """Whether there is a file of that path."""
    return bool(store.get_file_info(path).type == fs.FileType.File)


def files_below(store: Any, folder: str) -> list[str]:
    """The files of a folder and of the folders in it, in the order of their paths."""
    selector = fs.FileSelector(folder, recursive=True, allow_not_found=True)
    return sorted(each.path for each in store.get_file_info(selector) if each.type == fs.FileType.File)
