"""A job as its handler sees it, in the job's own process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine

from service.jobs.claims import advanced, held, pin
from service.jobs.job import Job
from service.settings import Settings

QUIET_S = 0.1
"""Progress within one stage is told this often at most, so that a handler may count every record."""


def _nothing() -> None:
    return


class Task:
    """A job to be done.

    job : with its `payload`. settings, engine : the service's.
    folder : for temporary files; TMPDIR names it, too, and it is removed after the try, however that ends.
    on_stop : called when the try is to end, for a handler that waits and cannot look at `cancelled`.
    """

    def __init__(self, job: Job, settings: Settings, engine: Engine, folder: Path, messages: int) -> None:
        self.job = job
        self.settings = settings
        self.engine = engine
        self.folder = folder
        self._messages = messages
        self._asked_to_stop = False
        self._stage: str | None = None
        self._quiet_until = 0.0
        self.has_noticed = False
        self.on_stop: Callable[[], None] = _nothing

    @property
    def cancelled(self) -> bool:
        """Whether the try is to end early: its job is cancelled, or its worker told to end.

        A handler that saw this true may return or raise, whatever is easier. Its job is then cancelled, with what it
        returned, or begins anew with another worker.
        """
        self.has_noticed = self._asked_to_stop
        return self._asked_to_stop

    @property
    def was_stopped(self) -> bool:
        """Whether it was to end, noticed or not: what it raises then is no failure."""
        return self._asked_to_stop

    def stop(self) -> None:
        """Have `cancelled` tell that it is to end, and do what `on_stop` is."""
        self._asked_to_stop = True
        self.on_stop()

    def progress(self, stage: str, done: int | None = None, total: int | None = None) -> None:
        """Tell how far the job is, as often as one likes. It never fails and waits for no database."""
        moment = time.monotonic()
        if stage == self._stage and moment < self._quiet_until and done != total:
            return
        self._stage, self._quiet_until = stage, moment + QUIET_S
        self.tell({"progress": [stage, done, total]})

    @contextmanager
    def held(self) -> Iterator[Connection]:
        """Let no other worker claim the job meanwhile; for the moment in which a result becomes visible.

        The connection's changes become visible at the end of it, or never.

        Raises LeaseLostError where another has claimed it already: then this try is over.
        """
        with held(self.engine, self.job) as connection:
            yield connection

    def advanced(self, connection: Connection) -> None:
        """Say, by a connection that `held` gave, that a further try would begin later: then this one does not count."""
        advanced(connection, self.job)

    def pin(self, *versions: str) -> None:
        """Have these versions of the model kept until the job is over. Raises LeaseLostError."""
        with self.held() as connection:
            pin(connection, self.job, versions)

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message to the worker."""
        data = orjson.dumps(message) + b"\n"
        while data:
            data = data[os.write(self._messages, data) :]
