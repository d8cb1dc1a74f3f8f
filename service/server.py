"""The server: gunicorn with gevent workers. `service.start` is the process that runs it.

The master loads the application once and forks the workers from it, so they share its memory.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from prometheus_client import multiprocess

from service.app import create_app
from service.crew import FOLDER, forget
from service.follow import Follower
from service.jobs.beside import MODULE as WORKER_MODULE
from service.jobs.beside import Beside
from service.logs import library_logging
from service.observing import LOOK_S
from service.parts import EXTENSION, Parts
from service.policy_file import LOOK_S as LOOK_AT_POLICY_S
from service.release import release_files
from service.settings import Settings, Switch
from service.watchdog import Watchdog

if TYPE_CHECKING:
    from flask import Flask
    from gunicorn.workers.base import Worker

HEADER_SECONDS = 10
"""How long a connection may take to send a request's headers, or idle between two requests."""

CONNECTIONS = 1000
"""Connections that one worker holds at a time; more wait in the listening socket's queue."""


ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
"""What a worker is told to end by."""


class ServerLog(Logger):  # type: ignore[misc] # gunicorn comes without types
    """gunicorn's own messages. It makes up an access line for every request before it asks whether anybody reads it."""

    def access(self, *_request: object) -> None:
        """Nothing: `service.access` tells of requests."""


class Master(Arbiter):  # type: ignore[misc] # gunicorn comes without types
    """gunicorn's master process.

    beside : keeps a worker for jobs beside gunicorn's own workers; None where there is to be none.
    """

    def __init__(self, app: Server, beside: Beside | None) -> None:
        self._beside = beside
        super().__init__(app)

    def manage_workers(self) -> None:
        """Start what is missing; gunicorn calls this every second, and when a child ended."""
        super().manage_workers()
        if self._beside is not None:
            self._beside.keep()

    def spawn_worker(self) -> int:
        """Fork a worker. What tells it to end waits until it listens, see `Server.enter`.

        As it is forked, it has its parent's handlers, which would note the signal for a master that it is not: gunicorn
        waited for such a worker as long as a request may take.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            pid: int = super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        return pid

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        """End all of them."""
        if self._beside is not None:
            self._beside.tell_to_end()
        super().stop(graceful)
        if self._beside is not None:
            self._beside.end()


class Server(BaseApplication):  # type: ignore[misc] # gunicorn comes without types
    """gunicorn, configured by our settings."""

    def __init__(
        self, settings: Settings, factory: Callable[[Settings], Flask] = create_app, worker: str = WORKER_MODULE
    ) -> None:
        self._settings = settings
        self._factory = factory
        self._worker = worker
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its configuration."""
        for name, value in _configuration(self._settings).items():
            self.cfg.set(name, value)
        self.cfg.set("when_ready", lambda _server: _announce(self._settings, self._parts.champion.failure))
        self.cfg.set("post_worker_init", lambda _worker: self.enter())

    def run(self) -> None:
        """Serve until told to stop; with a worker for jobs, unless that is turned off."""
        beside = None
        if self._settings.worker is not Switch.OFF:
            # The worker's counts are not those of a server process.
            environment = {name: value for name, value in os.environ.items() if name != FOLDER}
            beside = Beside(environment | self._settings.environment(), self._worker)
        Master(self, beside).run()

    def load(self) -> Watchdog:
        """The application, made once in the master."""
        app = self._factory(self._settings)
        self._parts = cast("Parts", app.extensions[EXTENSION])
        self._parts.champion.step_aside()
        self._parts.keyring.warm()
        # What is here now stays: the collector need not walk it in each worker, which would stop the answers meanwhile
        # and copy the memory that the workers share. It is not walked now either: that takes a tenth of the start and
        # frees three megabytes in pieces, into which each worker would write things of its own.
        gc.freeze()
        gc.enable()  # `service.start` has it off until here
        release_files()
        return Watchdog(app, self._settings.request_timeout_s)

    def enter(self) -> None:
        """What a worker does once it is forked and listens to signals, before it answers."""
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        self._parts.champion.join()
        self._parts.follower.start()
        Follower(self._parts.observer.step, LOOK_S).start()
        Follower(self._parts.policies.look, LOOK_AT_POLICY_S).start()


def _configuration(settings: Settings) -> dict[str, Any]:
    return {
        "bind": [_address(settings)],
        "workers": settings.workers,
        "worker_class": "gevent",
        "worker_connections": CONNECTIONS,
        "preload_app": True,
        # A second more than the watchdog's timer, which ends requests more gently.
        "timeout": settings.request_timeout_s + 1,
        "graceful_timeout": settings.request_timeout_s,
        "keepalive": HEADER_SECONDS,
        "worker_tmp_dir": str(settings.data_dir),
        "control_socket_disable": True,
        "forwarded_allow_ips": "",  # ProxyFix is asked, see LANMU_PROXIES
        "logger_class": ServerLog,
        "logconfig_dict": library_logging(settings.log_format),
        "child_exit": _forget_worker,
        "on_exit": lambda _server: shutil.rmtree(os.environ[FOLDER], ignore_errors=True),
    }


def _forget_worker(_server: Arbiter, worker: Worker) -> None:
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
    forget(Path(os.environ[FOLDER]), worker.pid)


def _address(settings: Settings) -> str:
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


def _announce(settings: Settings, failure: str | None) -> None:
    """Tell the person who started it where it is, and what to try, or why there is nothing yet to try."""
    url = f"http://{_address(settings)}"
    body = '{"text": "显然，这次涨价毫无道理。", "evidence": true}'
    advice = f"Try: curl {url}/v1/classify -H 'Content-Type: application/json' -d '{body}'"
    if failure is not None:
        advice = (
            f"It labels nothing: {failure}\nPromote another version (lanmu models promote); {url}/readyz tells more"
        )
    sys.stdout.write(f"Lanmu serves {url}\n{advice}\n")
    sys.stdout.flush()
