"""The worker that runs beside a server: started with it, started again when it dies, ended with it."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress

import structlog
from gevent.monkey import get_original

from service.jobs.attempt import GRACE_S

MODULE = "service.jobs"
SHORTEST_S = 0.5
LONGEST_S = 30.0
"""The pause before a worker that died is started again: it doubles each time, until one lives as long as this."""

log = structlog.get_logger()


class Beside:
    """One worker process. Whoever has it calls `keep` now and then.

    module : what the process runs; it is told the id of this process, and ends with it.
    """

    def __init__(self, environment: Mapping[str, str], module: str = MODULE) -> None:
        self._environment = environment
        self._module = module
        self._pid: int | None = None
        self._started = 0.0
        self._start_at = 0.0
        self._pause = SHORTEST_S / 2

    def keep(self) -> None:
        """Start the worker, unless it runs. It never waits."""
        if self._pid is not None and self._ended(self._pid):
            lived = time.monotonic() - self._started
            self._pause = SHORTEST_S if lived > LONGEST_S else min(2 * self._pause, LONGEST_S)
            log.error("worker_died", worker_pid=self._pid, lived_s=round(lived, 1), next_start_in_s=self._pause)
            self._pid, self._start_at = None, time.monotonic() + self._pause
        if self._pid is None and time.monotonic() >= self._start_at:
            self._start()

    def tell_to_end(self) -> None:
        """Have it give back what it is at."""
        self._send(signal.SIGTERM)

    def end(self) -> None:
        """Wait until it has ended, and kill it when that takes too long."""
        limit = time.monotonic() + GRACE_S + 1
        while self._pid is not None and not self._ended(self._pid):
            if time.monotonic() > limit:
                self._send(signal.SIGKILL)
            time.sleep(0.05)
        self._pid = None

    def _start(self) -> None:
        arguments = [sys.executable, "-m", self._module, str(os.getpid())]
        ours = [signal.SIGTERM, signal.SIGINT, signal.SIGCHLD]
        # Not by `subprocess` or gevent's form of this call: they watch their children, and gunicorn reaps them all.
        # Whoever is second takes one that ended for alive, for ever.
        spawn = get_original("os", "posix_spawn")
        self._pid = spawn(sys.executable, arguments, self._environment, setsigdef=ours, setsigmask=[])
        self._started = time.monotonic()
        log.info("worker_started", worker_pid=self._pid)

    def _send(self, number: signal.Signals) -> None:
        if self._pid is not None:
            with suppress(ProcessLookupError):
                os.kill(self._pid, number)

    @staticmethod
    def _ended(pid: int) -> bool:
        """Whether it is gone; somebody else may have reaped it."""
        try:
            return os.waitpid(pid, os.WNOHANG) != (0, 0)
        except ChildProcessError:
            return True
