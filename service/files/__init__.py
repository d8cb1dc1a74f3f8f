"""Files that are uploaded, the batches over them, and the files that batches make."""

from service.files.batches import MOST_METADATA, Batches, BatchJob, Order, Status
from service.files.errors import (
    BatchOrderError,
    FileRefusedError,
    FileTooLargeError,
    NoRoomError,
    UnknownBatchError,
    UnknownFileError,
)
from service.files.keeping import Files, StoredFile
from service.files.receiving import Limits, Upload, receive

__all__ = [
    "MOST_METADATA", "BatchJob", "BatchOrderError", "Batches", "FileRefusedError", "FileTooLargeError", "Files",
    "Limits", "NoRoomError", "Order", "Status", "StoredFile", "UnknownBatchError", "UnknownFileError", "Upload",
    "receive",
]  # fmt: skip
