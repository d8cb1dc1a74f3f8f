"""The production server whose workers take a second to be told to end: run as `python -m tests.service.slow_fork`."""

# ruff: noqa: E402 - gevent replaces the blocking calls before anything else is imported
from gevent import monkey

monkey.patch_all()

import os
import time
from pathlib import Path

from gunicorn.workers.ggevent import GeventWorker

from service.server import Server
from service.settings import Settings

listen_to_signals = GeventWorker.init_signals


def listen_late(worker: GeventWorker) -> None:
    """As a worker on a machine that has no time for it."""
    print("forked", flush=True)  # noqa: T201 - what the test waits for
    time.sleep(1)
    listen_to_signals(worker)


if __name__ == "__main__":
    settings = Settings.load()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.data_dir)
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    GeventWorker.init_signals = listen_late
    Server(settings).run()
