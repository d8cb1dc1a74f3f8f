"""What kinds of jobs there are, and what runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from service.jobs.task import Task
from service.settings import Settings

UPKEEP = "upkeep"
"""The kind that workers queue by themselves now and then."""

Handler = Callable[[Task], dict[str, Any]]


def _endless(_settings: Settings) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    handler : "module:function". It is imported in the job's own process: a worker stays small, and starts at once.
        It returns the job's result, or raises JobFailedError for an answer that another try would not change;
        whatever else it raises ends the try without an answer.
    needs : packages without which a worker leaves such jobs to others.
    seconds : from the settings to the time that one try may take; None for any.
    """

    handler: str
    needs: tuple[str, ...] = ()
    seconds: Callable[[Settings], float | None] = _endless

    def load(self) -> Handler:
        """The handler."""
        module, _, function = self.handler.partition(":")
        handler: Handler = getattr(import_module(module), function)
        return handler

    def missing(self) -> list[str]:
        """What it needs and is not installed here."""
        return [package for package in self.needs if find_spec(package) is None]


KINDS: Mapping[str, Kind] = {
    "training": Kind(
        "service.jobs.training:run", needs=("sklearn", "joblib"), seconds=lambda settings: settings.training_time_s
    ),
    "batch": Kind("service.files.job:run"),
    UPKEEP: Kind("service.files.upkeep:run"),
}
"""Every kind by its name."""
