"""The production server whose worker does the jobs of `deeds`: run as `python -m tests.service.jobs.server`."""

# ruff: noqa: E402 - gevent replaces the blocking calls before anything else is imported
from gevent import monkey

monkey.patch_all()

import os
from pathlib import Path

from service.server import Server
from service.settings import Settings

if __name__ == "__main__":
    settings = Settings.load()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.data_dir)
    Path(settings.data_dir).mkdir(parents=True, exist_ok=True)
    Server(settings, worker="tests.service.jobs.deeds").run()
