"""Something that a server process does again and again beside answering: following the champion, scoring in the shadow.

It runs in a thread of its own, since neither a slow disk nor a computation may hold up the loop that answers.
"""

from __future__ import annotations

from collections.abc import Callable

import gevent
import structlog
from gevent.event import Event
from gevent.threadpool import ThreadPool

SOON_S = 0.05
"""The pause after a step that has not come to its end."""

log = structlog.get_logger()


class Follower:
    """Calls `step` every `seconds`; sooner where it returns true or is nudged."""

    def __init__(self, step: Callable[[], bool], seconds: float) -> None:
        self._step = step
        self._seconds = seconds
        self._nudged = Event()
        self._pool: ThreadPool | None = None

    @property
    def running(self) -> bool:
        """Whether it was started in this process."""
        return self._pool is not None

    def start(self) -> None:
        """Begin, in a process that has gevent's loop."""
        self._pool = ThreadPool(1)
        gevent.spawn(self._run, self._pool)

    def nudge(self) -> None:
        """Have the next step come at once."""
        self._nudged.set()

    def _run(self, pool: ThreadPool) -> None:
        while True:
            self._nudged.wait(SOON_S if pool.apply(self._guarded) else self._seconds)
            self._nudged.clear()

    def _guarded(self) -> bool:
        try:
            return self._step()
        except Exception:  # whatever fails once must not end the following
            log.exception("step_failed", step=self._step.__qualname__)
            return False
