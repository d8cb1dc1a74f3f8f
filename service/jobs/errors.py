"""What can go wrong with jobs."""

from __future__ import annotations


class UnknownJobError(LookupError):
    """There is no job of this id."""


class JobOverError(RuntimeError):
    """The job is over, so it cannot be cancelled any more."""


class LeaseLostError(RuntimeError):
    """The job belongs to another worker by now, or to none: what this one made of it is refused."""


class JobFailedError(RuntimeError):
    """A handler's answer that the job cannot be done, with the reason; another try would end the same."""
