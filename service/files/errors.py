"""What can go wrong with files and batches."""

from __future__ import annotations


class UnknownFileError(LookupError):
    """There is no file of this id."""


class UnknownBatchError(LookupError):
    """There is no batch of this id."""


class FileRefusedError(ValueError):
    """An upload cannot be read as one. param : the field of the form that is wrong."""

    def __init__(self, reason: str, param: str | None = None) -> None:
        super().__init__(reason)
        self.param = param


class FileTooLargeError(ValueError):
    """A file is larger, or unpacks to more, than is taken."""


class NoRoomError(OSError):
    """The disk is full."""


class BatchOrderError(ValueError):
    """A batch that cannot be run. param : the field of the order that is wrong."""

    def __init__(self, reason: str, param: str) -> None:
        super().__init__(reason)
        self.param = param
