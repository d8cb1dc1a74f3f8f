"""The server process, `python -m service.server`: gunicorn with gevent workers. `service.serve` starts it.

The master loads the application once and forks the workers from it, so they share its memory. gevent must replace the
standard library's blocking calls before anything else is imported: that is why this is a process of its own.
"""

from __future__ import annotations

if __name__ == "__main__":
    from gevent import monkey

    monkey.patch_all()

import os
import shutil
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from prometheus_client import multiprocess

from service.app import create_app
from service.logs import library_logging
from service.metrics import FOLDER
from service.settings import Settings
from service.watchdog import Watchdog

if TYPE_CHECKING:
    from flask import Flask
    from gunicorn.arbiter import Arbiter
    from gunicorn.workers.base import Worker

HEADER_SECONDS = 10
"""How long a connection may take to send a request's headers, or idle between two requests."""

CONNECTIONS = 1000
"""Connections that one worker holds at a time; more wait in the listening socket's queue."""


class Server(BaseApplication):  # type: ignore[misc] # gunicorn comes without types
    """gunicorn, configured by our settings."""

    def __init__(self, settings: Settings, factory: Callable[[Settings], Flask] = create_app) -> None:
        self._settings = settings
        self._factory = factory
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its configuration."""
        for name, value in _configuration(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Watchdog:
        """The application, made once in the master."""
        return Watchdog(self._factory(self._settings), self._settings.request_timeout_s)


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
        "logconfig_dict": library_logging(settings.log_format),
        "when_ready": lambda _server: _announce(settings),
        "child_exit": _forget_worker,
        "on_exit": lambda _server: shutil.rmtree(os.environ[FOLDER], ignore_errors=True),
    }


def _forget_worker(_server: Arbiter, worker: Worker) -> None:
    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def _address(settings: Settings) -> str:
    return f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"


def _announce(settings: Settings) -> None:
    """Tell the person who started it where it is and what to try."""
    url = f"http://{_address(settings)}"
    body = '{"text": "显然，这次涨价毫无道理。", "evidence": true}'
    sys.stdout.write(
        f"Lanmu serves {url}\nTry: curl {url}/v1/classify -H 'Content-Type: application/json' -d '{body}'\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    Server(Settings.load()).run()
