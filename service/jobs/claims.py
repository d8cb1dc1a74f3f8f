"""The table of jobs, as a worker sees it.

A claim is a lease: it ends by the database's clock unless its worker renews it. Every claim of a job has a larger token
than the one before, and nothing is accepted with an old one, so a worker that was stopped for longer than its lease
cannot disturb the one that took over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Update, and_, case, func, insert, or_, select, update

from service.jobs.errors import LeaseLostError
from service.jobs.job import Job, State, job_of
from service.store.clock import now
from service.store.engine import writing
from service.store.tables import JOB_LOGS, JOBS

RETRY_S = 5.0
"""Pause before a job's second try, doubled before each further one: what ended it may pass, as a full disk does."""

LONGEST_PAUSE_S = 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. total : None where nobody knows."""

    stage: str
    done: int | None = None
    total: int | None = None


class Claims:
    """What a worker does with the jobs.

    worker : its name, for the record.
    lease_s : how long a claim lasts unless it is renewed.
    retry_s : pause before a job's second try.
    """

    def __init__(self, engine: Engine, worker: str, lease_s: float, retry_s: float = RETRY_S) -> None:
        self._engine = engine
        self._worker = worker
        self._lease_s = lease_s
        self._retry_s = retry_s

    def claim(self, kinds: Collection[str]) -> Job | None:
        """Take the oldest job that is ready, or None. A lost one, whose lease ended, is ready too.

        A lost job that has had its tries is parked here, or cancelled where that was asked for.
        """
        wanted = and_(JOBS.c.kind.in_(kinds), or_(_ready(), _lost()))
        with self._engine.connect() as connection:  # a look disturbs nobody; most often there is nothing
            if connection.execute(select(JOBS.c.id).where(wanted).limit(1)).first() is None:
                return None
        oldest = select(JOBS).where(wanted).order_by(JOBS.c.created_at, JOBS.c.id).limit(1)
        with writing(self._engine) as connection:
            while (row := connection.execute(oldest.with_for_update(skip_locked=True)).mappings().first()) is not None:
                job = job_of(dict(row))
                if job.state is State.QUEUED or not _bury(connection, job):
                    return self._take(connection, job)
        return None

    def renew(self, job: Job, progress: Progress | None = None, printed: str = "") -> bool:
        """Prolong the lease, tell how far the job is and what it printed.

        Returns whether the job is to be cancelled. Raises LeaseLostError.
        """
        told = {} if progress is None else _columns(progress)
        with writing(self._engine) as connection:
            _change(connection, job, lease_until=now() + self._lease_s, lease_s=self._lease_s, **told)
            _print(connection, job, printed)
            asked = select(JOBS.c.cancel_requested).where(JOBS.c.id == job.id)
            return bool(connection.scalar(asked))

    def finish(self, job: Job, result: dict[str, Any], printed: str = "") -> None:
        """Say that the job is done. Raises LeaseLostError."""
        self._end(job, printed, state=State.DONE, result=result, error=None)

    def fail(self, job: Job, reason: str, printed: str = "") -> None:
        """Say that the job cannot be done. Raises LeaseLostError."""
        self._end(job, printed, state=State.FAILED, error=_text(reason))

    def cancelled(self, job: Job, result: dict[str, Any] | None = None, printed: str = "") -> None:
        """Say that the job was ended as asked for, with what it made until then. Raises LeaseLostError."""
        self._end(job, printed, state=State.CANCELLED, result=result)

    def give_back(self, job: Job, printed: str = "") -> None:
        """Let another worker have the job at once; the try does not count. Raises LeaseLostError."""
        begun = JOBS.c.attempts - 1
        fruitful = case((JOBS.c.fruitful > begun, begun), else_=JOBS.c.fruitful)
        with writing(self._engine) as connection:
            _change(connection, job, state=State.QUEUED, attempts=begun, fruitful=fruitful, lease_until=None)
            _print(connection, job, printed)

    def retry(self, job: Job, reason: str, printed: str = "") -> State:
        """Say that this try ended without an answer. The job waits for its next try, or is parked after the last.

        Returns what became of it. Raises LeaseLostError.
        """
        with writing(self._engine) as connection:
            job = _as_it_is(connection, job)
            last = job.fruitless >= job.max_attempts
            _change(connection, job, **(_parked(job, reason) if last else self._postponed(job, reason)))
            _print(connection, job, printed)
        return State.PARKED if last else State.QUEUED

    def _end(self, job: Job, printed: str, **values: Any) -> None:
        with writing(self._engine) as connection:
            _change(connection, job, lease_until=None, finished_at=now(), **values)
            _print(connection, job, printed)

    def _postponed(self, job: Job, reason: str) -> dict[str, Any]:
        pause = min(self._retry_s * 2 ** max(job.fruitless - 1, 0), LONGEST_PAUSE_S)
        return {"state": State.QUEUED, "lease_until": None, "ready_at": now() + pause, "error": _tried(job, reason)}

    def _take(self, connection: Connection, job: Job) -> Job:
        values = {
            "state": State.RUNNING,
            "attempts": job.attempts + 1,
            "token": job.token + 1,
            "worker": self._worker,
            "lease_s": self._lease_s,
            "lease_until": now() + self._lease_s,
            "started_at": func.coalesce(JOBS.c.started_at, now()),
            "stage": None,
            "done": None,
            "total": None,
        }
        if job.state is State.RUNNING:
            values["error"] = _tried(job, _lost_because(job))
        connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(values))
        return job_of(dict(connection.execute(select(JOBS).where(JOBS.c.id == job.id)).mappings().one()))


def advanced(connection: Connection, job: Job) -> None:
    """Say, in a transaction in which the job is held, that this try brought it forward for good: it does not count."""
    connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(fruitful=JOBS.c.attempts))


def pin(connection: Connection, job: Job, versions: Collection[str]) -> None:
    """Have versions of the model kept until the job is over, in a transaction in which it is held."""
    connection.execute(update(JOBS).where(JOBS.c.id == job.id).values(pins=list(versions)))


@contextmanager
def held(engine: Engine, job: Job) -> Iterator[Connection]:
    """Let nobody else claim the job meanwhile; for the moment in which a result becomes visible elsewhere.

    What is changed by the connection that it gives becomes visible at its end, or never.

    Raises LeaseLostError where somebody has claimed it before.
    """
    with writing(engine) as connection:
        mine = select(JOBS.c.id).where(_mine(job)).with_for_update()
        if connection.execute(mine).first() is None:
            raise _lost_lease(job)
        yield connection


def _ready() -> ColumnElement[bool]:
    # A pause that ends later than any pause can was set before the clock was set back.
    set_back = JOBS.c.ready_at > now() + 2 * LONGEST_PAUSE_S
    return and_(JOBS.c.state == State.QUEUED, or_(JOBS.c.ready_at <= now(), set_back))


def _lost() -> ColumnElement[bool]:
    """Running, and its lease is over; or it ends later than any lease can, since the clock was set back."""
    set_back = JOBS.c.lease_until > now() + 2 * JOBS.c.lease_s
    return and_(JOBS.c.state == State.RUNNING, or_(JOBS.c.lease_until < now(), set_back))


def _bury(connection: Connection, job: Job) -> bool:
    """End a lost job that is not to be tried again; whether that was so."""
    if job.cancel_requested:
        _change(connection, job, state=State.CANCELLED, lease_until=None, finished_at=now())
    elif job.fruitless >= job.max_attempts:
        _change(connection, job, **_parked(job, _lost_because(job)))
    else:
        return False
    return True


def _mine(job: Job) -> ColumnElement[bool]:
    return and_(JOBS.c.id == job.id, JOBS.c.token == job.token, JOBS.c.state == State.RUNNING)


def _change(connection: Connection, job: Job, **values: Any) -> None:
    changed: Update = update(JOBS).where(_mine(job)).values(values)
    if connection.execute(changed).rowcount == 0:
        raise _lost_lease(job)


def _as_it_is(connection: Connection, job: Job) -> Job:
    """The job with what its own process said of it meanwhile. Raises LeaseLostError."""
    row = connection.execute(select(JOBS).where(_mine(job)).with_for_update()).mappings().first()
    if row is None:
        raise _lost_lease(job)
    return job_of(dict(row))


def _lost_lease(job: Job) -> LeaseLostError:
    return LeaseLostError(
        f"Job {job.id!r} is no longer held with token {job.token}: another worker has it, or it is over"
    )


def _print(connection: Connection, job: Job, printed: str) -> None:
    """Add a piece to the log of a job that the same transaction has changed, and thus holds."""
    if printed:
        last = select(func.coalesce(func.max(JOB_LOGS.c.number), 0) + 1).where(JOB_LOGS.c.job_id == job.id)
        connection.execute(insert(JOB_LOGS).values(job_id=job.id, number=last.scalar_subquery(), text=_text(printed)))


def _columns(progress: Progress) -> dict[str, Any]:
    return {"stage": _text(progress.stage)[:200], "done": progress.done, "total": progress.total}


def _lost_because(job: Job) -> str:
    place = "" if job.stage is None else f" at {job.stage!r}"
    return f"worker {job.worker} died or lost the database{place}: its lease ended"


def _tried(job: Job, reason: str) -> str:
    which = f"try {job.fruitless} of {job.max_attempts}" if job.fruitless else "a try that brought it forward"
    return _text(f"{which} ended without an answer: {reason}")


def _parked(job: Job, reason: str) -> dict[str, Any]:
    error = _text(f"{job.fruitless} tries ended without an answer, the last: {reason}")
    return {"state": State.PARKED, "lease_until": None, "finished_at": now(), "error": error}


def _text(text: str) -> str:
    """Text that both databases store: without NUL, which PostgreSQL refuses, and without lone surrogates."""
    return text.replace("\x00", "�").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
