"""The production server with routes that hang: run as `python -m tests.service.stuck`."""

# ruff: noqa: E402 - gevent replaces the blocking calls before anything else is imported
from gevent import monkey

monkey.patch_all()

import time

from flask import Flask

from service.app import create_app
from service.offload import LARGE, compute
from service.server import Server
from service.settings import Settings

FOREVER_S = 3600


def spin() -> str:
    """Compute for an hour and never yield to the loop."""
    end = time.monotonic() + FOREVER_S
    while time.monotonic() < end:
        pass
    return "late"


def wait() -> str:
    """Wait for an hour, as for a database that does not answer."""
    time.sleep(FOREVER_S)
    return "late"


def compute_long() -> str:
    """Compute for an hour in a thread, as a huge page would."""
    return compute(LARGE, spin)


def answer_late() -> str:
    """Answer after a second, and say when it has begun."""
    print("answering", flush=True)  # noqa: T201 - what the test waits for
    time.sleep(1)
    return "late but whole"


def create_stuck_app(settings: Settings) -> Flask:
    """The application, and the routes that hang."""
    app = create_app(settings)
    for view in (spin, wait, compute_long, answer_late):
        app.add_url_rule(f"/{view.__name__}", view_func=view)
    return app


if __name__ == "__main__":
    import os
    from pathlib import Path

    settings = Settings.load()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.data_dir)
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    Server(settings, create_stuck_app).run()
