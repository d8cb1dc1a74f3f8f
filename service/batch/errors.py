"""What ends a batch; a bad record never does."""

from __future__ import annotations


class BatchError(Exception):
    """The batch cannot go on or cannot begin; the message says why and what to do. What is done stays done."""


class BusyError(BatchError):
    """Another process works on the batch."""


class ChangedError(BatchError):
    """Input, model or options are not those that an unfinished batch began with."""


class TooManyErrorsError(BatchError):
    """There are more bad records than were to be borne."""


class CancelledError(BatchError):
    """The caller called it off."""
