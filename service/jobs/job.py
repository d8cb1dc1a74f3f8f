"""One job, as the table has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

MAX_ATTEMPTS = 3
"""How many tries may end without an answer before a job is parked: it may be what ends its workers.

Those that brought it forward for good do not count."""


class State(StrEnum):
    """Where a job stands.

    queued → running → done, failed (its handler says why), cancelled, or parked (no try of several came to an end).
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    PARKED = "parked"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more happens to the job."""
        return self not in {State.QUEUED, State.RUNNING}


@dataclass(frozen=True, slots=True)
class Job:
    """A job. Moments are the database's.

    payload : what its handler is given.
    once : no two jobs with this key are queued or running at a time.
    who : who asked for it.
    attempts : tries begun, those aside that a worker gave back when it was told to end.
    fruitful : the last of the tries that brought it forward for good: the limit counts those after it.
    pins : versions of the model that it needs, which are not pruned before it is over.
    token : grows with every claim; what comes with an older one is refused.
    stage, done, total : how far the present or the last try is; total is None where nobody knows.
    result : what its handler returned. error : why it failed, was parked, or why its last try ended without an answer.
    joined : whether `Jobs.add` found it there instead of making it.
    """

    id: str
    kind: str
    payload: dict[str, Any]
    once: str | None
    who: str
    state: State
    attempts: int
    max_attempts: int
    fruitful: int
    token: int
    worker: str | None
    cancel_requested: bool
    pins: list[str] | None
    stage: str | None
    done: int | None
    total: int | None
    result: dict[str, Any] | None
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    joined: bool = False

    @property
    def fruitless(self) -> int:
        """How many tries were begun since one brought it forward."""
        return self.attempts - self.fruitful


def job_of(row: Mapping[str, Any], *, joined: bool = False) -> Job:
    """The job in a row of the table."""
    plain = {name: row[name] for name in Job.__dataclass_fields__ if name in row}
    moments = {name: _moment(row[name]) for name in ("created_at", "started_at", "finished_at")}
    return Job(**(plain | moments | {"state": State(row["state"]), "joined": joined}))


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
