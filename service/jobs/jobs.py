"""The table of jobs, as those see it who ask for work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.jobs.errors import JobOverError, UnknownJobError
from service.jobs.job import MAX_ATTEMPTS, Job, State, job_of
from service.store.clock import now
from service.store.engine import writing
from service.store.tables import JOB_LOGS, JOBS

MOST_WHO = 200
"""Characters that the column of those who ask takes."""
ACTIVE_STATES = [State.QUEUED, State.RUNNING]


class Jobs:
    """The jobs in a database. Any number of processes may use it at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        once: str | None = None,
        who: str = "",
        max_attempts: int = MAX_ATTEMPTS,
    ) -> Job:
        """Queue a job, or join the one with the same `once` key that is queued or running already.

        kind : names the handler. payload : what it is given, as JSON.
        once : None lets any number of equal jobs wait.
        who : who asks, for the record.
        max_attempts : so many tries may end without an answer.
        """
        while True:
            try:
                with writing(self._engine) as connection:
                    if once is not None and (found := _active(connection, once)) is not None:
                        return found
                    return _insert(connection, kind, payload, once, who, max_attempts)
            except IntegrityError:
                # Another process added it between the look and the insert: join that one. It may be over by then.
                if once is None:
                    raise

    @staticmethod
    def add_within(  # noqa: PLR0913 - what a new job is made of
        connection: Connection,
        kind: str,
        payload: Mapping[str, Any],
        *,
        who: str = "",
        max_attempts: int = MAX_ATTEMPTS,
        pins: Sequence[str] = (),
    ) -> Job:
        """Queue a job in a transaction with other things, for which it does not wait in vain then.

        pins : versions of the model that it needs.
        """
        return _insert(connection, kind, payload, None, who, max_attempts, pins)

    def get(self, job_id: str) -> Job:
        """The job of this id. Raises UnknownJobError."""
        with self._engine.connect() as connection:
            return _get(connection, job_id)

    def cancel(self, job_id: str) -> Job:
        """Have the job ended: one that waits is over at once, one at work as soon as its worker hears of it.

        Raises UnknownJobError, or JobOverError where it is over already.
        """
        mine = JOBS.c.id == job_id
        waits = update(JOBS).where(mine, JOBS.c.state == State.QUEUED)
        works = update(JOBS).where(mine, JOBS.c.state == State.RUNNING)
        with writing(self._engine) as connection:
            ended = connection.execute(waits.values(state=State.CANCELLED, finished_at=now())).rowcount
            asked = ended or connection.execute(works.values(cancel_requested=True)).rowcount
            job = _get(connection, job_id)
        if not asked:
            raise JobOverError(f"Job {job_id!r} is {job.state} already and cannot be cancelled")
        return job

    def log(self, job_id: str) -> str:
        """What the job printed so far, in all its tries. Raises UnknownJobError."""
        pieces = select(JOB_LOGS.c.text).where(JOB_LOGS.c.job_id == job_id).order_by(JOB_LOGS.c.number)
        with self._engine.connect() as connection:
            _get(connection, job_id)
            return "".join(connection.scalars(pieces))

    def pinned(self) -> set[str]:
        """The versions of the model that jobs need which are not over."""
        pins = select(JOBS.c.pins).where(JOBS.c.state.in_(ACTIVE_STATES), JOBS.c.pins.is_not(None))
        with self._engine.connect() as connection:
            return {version for versions in connection.scalars(pins) for version in versions or ()}

    def list(self, kind: str | None = None, *, limit: int = 100) -> Sequence[Job]:
        """The newest jobs, newest first; of one kind, or of all."""
        chosen = select(JOBS) if kind is None else select(JOBS).where(JOBS.c.kind == kind)
        newest = chosen.order_by(JOBS.c.created_at.desc(), JOBS.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [job_of(dict(row)) for row in connection.execute(newest).mappings()]


def _get(connection: Connection, job_id: str) -> Job:
    row = connection.execute(select(JOBS).where(JOBS.c.id == job_id)).mappings().first()
    if row is None:
        raise UnknownJobError(f"There is no job {job_id!r}")
    return job_of(dict(row))


def _active(connection: Connection, once: str) -> Job | None:
    found = select(JOBS).where(JOBS.c.once == once, JOBS.c.state.in_(ACTIVE_STATES))
    row = connection.execute(found).mappings().first()
    return None if row is None else job_of(dict(row), joined=True)


def _insert(  # noqa: PLR0913, PLR0917 - what a new job is made of
    connection: Connection,
    kind: str,
    payload: Mapping[str, Any],
    once: str | None,
    who: str,
    max_attempts: int,
    pins: Sequence[str] = (),
) -> Job:
    job_id = secrets.token_hex(12)
    row = insert(JOBS).values(
        id=job_id,
        kind=kind,
        payload=dict(payload),
        once=once,
        who=_fitting(who),
        state=State.QUEUED,
        attempts=0,
        max_attempts=max_attempts,
        pins=list(pins) or None,
        token=0,
        ready_at=now(),
        cancel_requested=False,
        created_at=now(),
    )
    connection.execute(row)
    return _get(connection, job_id)


def _fitting(who: str) -> str:
    """As much of a name as there is room for, with its end: that is the prefix of a key."""
    return who if len(who) <= MOST_WHO else f"{who[: MOST_WHO - 31]}…{who[-30:]}"
