"""A worker: claims jobs, runs each in a process of its own, and tells the table what became of it.

It has one thread. What the database does not take now is tried again, for as long as it takes: a worker outlives a
database that is locked, full or away, and no answer is lost meanwhile.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.jobs.attempt import GRACE_S, Attempt, End, Outcome
from service.jobs.claims import RETRY_S, Claims
from service.jobs.errors import LeaseLostError, UnknownJobError
from service.jobs.job import Job, State
from service.jobs.jobs import Jobs
from service.jobs.kinds import UPKEEP, Kind
from service.jobs.patience import Patience
from service.jobs.process import begin
from service.settings import Settings

DATABASE_FAILED = (OperationalError, InterfaceError, PoolTimeoutError)
"""Locked, full, unreachable: what may pass."""

TICK_S = 0.25
POLL_S = 0.5
"""How often an idle worker looks for jobs."""

UPKEEP_S = 3600.0
"""How often a worker has what is old removed; one job does for all workers."""

AT_ONCE = 0.0

RENEW_S = 1.0
"""How often a job's progress is stored at most, and its worker hears that it is to be cancelled."""

LAST_TRIES_S = 5.0
"""How long a worker that is told to end tries to give back its jobs to a database that does not answer."""

log = structlog.get_logger()


class Worker:
    """Works until it is told to end.

    kinds : the kinds of jobs it takes, one job of each kind at a time.
    retry_s : pause before a job's second try.
    """

    def __init__(self, engine: Engine, settings: Settings, kinds: Mapping[str, Kind], retry_s: float = RETRY_S) -> None:
        self._engine = engine
        self._settings = settings
        self._kinds = kinds
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._claims = Claims(engine, self._name, settings.job_lease_s, retry_s)
        self._folder = settings.data_dir / "jobs"
        self._attempts: list[Attempt] = []
        self._patience = Patience()
        self._claim_at = AT_ONCE
        self._upkeep_at = AT_ONCE
        self._end_by: float | None = None

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; then give back what is at work, so that another worker takes it at once."""
        wakeup = self._hear_signals()
        log.info("worker_ready", worker=self._name, kinds=sorted(self._kinds), lease_s=self._settings.job_lease_s)
        self._sweep()
        while not self._is_over():
            self._wait(wakeup)
            for attempt in self._attempts:
                attempt.look()
                if self._end_by is not None:
                    attempt.ask_to_stop()
            if self._patience.over:
                self._use_database()
        for attempt in self._attempts:
            attempt.kill()
        log.info("worker_ended", worker=self._name, left_to_their_leases=len(self._attempts))

    def end(self, *_signal: Any) -> None:
        """Have `run` return soon."""
        if self._end_by is None:
            self._end_by = time.monotonic() + GRACE_S + LAST_TRIES_S

    def _is_over(self) -> bool:
        return self._end_by is not None and (not self._attempts or time.monotonic() > self._end_by)

    def _hear_signals(self) -> int:
        """A pipe that can be read after a signal: one that comes just before the wait must end it too."""
        wakeup, notice = os.pipe()
        for end in (wakeup, notice):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(notice, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.end)
        return wakeup

    def _wait(self, wakeup: int) -> None:
        """Until something is to be done: a process says something or ends, a signal comes, or a tick is over."""
        heard = [ear for attempt in self._attempts for ear in attempt.ears]
        at_once = self._claim_at == AT_ONCE and self._patience.over and self._end_by is None
        ready, _, _ = select.select([wakeup, *heard], [], [], 0 if at_once else TICK_S)
        if wakeup in ready:
            os.read(wakeup, 4096)

    def _use_database(self) -> None:
        try:
            for attempt in list(self._attempts):
                self._follow(attempt)
            if self._end_by is None and time.monotonic() >= self._claim_at:
                self._queue_upkeep()
                self._claim()
        except DATABASE_FAILED as error:
            self._patience.begin(error)
        else:
            self._patience.end()

    def _follow(self, attempt: Attempt) -> None:
        """Tell the table how a job at work is, or how it ended."""
        try:
            if attempt.outcome is not None:
                self._settle(attempt)
            elif time.monotonic() >= attempt.renew_at:
                self._renew(attempt)
        except LeaseLostError as error:
            log.warning("job_refused", job=attempt.job.id, kind=attempt.job.kind, reason=str(error))
            attempt.kill()
            self._drop(attempt)

    def _renew(self, attempt: Attempt) -> None:
        printed = attempt.printed
        if self._claims.renew(attempt.job, attempt.progress, printed):
            attempt.ask_to_stop()
        attempt.forget(printed)
        attempt.renew_at = self._next_renewal()

    def _next_renewal(self) -> float:
        return time.monotonic() + min(self._settings.job_lease_s / 3, RENEW_S)

    def _settle(self, attempt: Attempt) -> None:
        if attempt.progress is not None:
            self._claims.renew(attempt.job, attempt.progress)
        outcome, job = cast("Outcome", attempt.outcome), attempt.job
        state = self._become(job, outcome, attempt.printed)
        log.info("job_ended", job=job.id, kind=job.kind, attempt=job.attempts, state=state, reason=outcome.reason)
        self._drop(attempt)

    def _become(self, job: Job, outcome: Outcome, printed: str) -> State:
        """What becomes of a job whose try ended so."""
        if outcome.end is End.RESULT:
            self._claims.finish(job, outcome.value, printed)
            return State.DONE
        if outcome.end is End.FAILED:
            self._claims.fail(job, outcome.value, printed)
            return State.FAILED
        if outcome.end is End.LOST:
            return self._claims.retry(job, outcome.value, printed)
        if self._claims.renew(job):
            self._claims.cancelled(job, outcome.value, printed)
            return State.CANCELLED
        self._claims.give_back(job, printed)
        return State.QUEUED

    def _drop(self, attempt: Attempt) -> None:
        self._attempts.remove(attempt)
        self._claim_at = AT_ONCE

    def _queue_upkeep(self) -> None:
        if UPKEEP in self._kinds and time.monotonic() >= self._upkeep_at:
            Jobs(self._engine).add(UPKEEP, {}, once=UPKEEP)
            self._upkeep_at = time.monotonic() + UPKEEP_S

    def _claim(self) -> None:
        """Take one job, if there is one for a free place."""
        busy = Counter(attempt.job.kind for attempt in self._attempts)
        free = [kind for kind in self._kinds if not busy[kind]]
        job = self._claims.claim(free) if free else None
        self._claim_at = time.monotonic() + POLL_S if job is None else AT_ONCE
        if job is not None:
            self._begin(job)

    def _begin(self, job: Job) -> None:
        kind = self._kinds[job.kind]
        folder = self._folder / f"{job.id}-{job.token}"
        log.info("job_begun", job=job.id, kind=job.kind, attempt=job.attempts, worker=self._name)
        process = begin(job, kind, self._settings, self._engine, folder)
        attempt = Attempt(job, process, folder, kind.seconds(self._settings))
        attempt.renew_at = self._next_renewal()
        self._attempts.append(attempt)

    def _sweep(self) -> None:
        """Remove the folders that killed workers left."""
        jobs = Jobs(self._engine)
        for folder in self._folder.glob("*-*"):
            job_id, _, token = folder.name.partition("-")
            try:
                job = jobs.get(job_id)
            except (UnknownJobError, *DATABASE_FAILED):
                continue
            if job.state is not State.RUNNING or str(job.token) != token:
                shutil.rmtree(folder, ignore_errors=True)
