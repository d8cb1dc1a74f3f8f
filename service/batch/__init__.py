"""Many records in one go: files in, files out, on all cores or on a cluster, and on again after a kill."""

from service.batch.errors import BatchError, BusyError, CancelledError, ChangedError, TooManyErrorsError
from service.batch.job import Answers, Batch, Fields, Format, Packing, Rows, Shape
from service.batch.lanes import LocalEngine
from service.batch.run import run_batch
from service.batch.summary import Summary

__all__ = [
    "Answers", "Batch", "BatchError", "BusyError", "CancelledError", "ChangedError", "Fields", "Format", "LocalEngine",
    "Packing", "Rows", "Shape", "Summary", "TooManyErrorsError", "run_batch",
]  # fmt: skip
