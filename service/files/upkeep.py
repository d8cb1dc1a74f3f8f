"""The job that removes what was kept long enough, and what kills left behind."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.files.batches import Batches, remove_jobs
from service.files.keeping import DAY_S, Files
from service.jobs.task import Task

YOUNG_S = 3600.0
"""What has no row and is younger may be about to get one: a row is written seconds after its file."""


def run(task: Task) -> dict[str, Any]:
    """Remove expired files, old jobs with their logs and batches, and leftovers; returns how many of each."""
    files = Files(task.engine, task.settings.data_dir)
    batches = Batches(task.engine, task.settings.data_dir)
    removed = {
        "files": files.remove_expired(),
        "jobs": remove_jobs(task.engine, task.settings.keep_jobs_days * DAY_S),
        "leftovers": 0,
    }
    for left in [*_unknown_files(files), *_unneeded_folders(batches)]:
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
        removed["leftovers"] += 1
    return removed


def _unknown_files(files: Files) -> Iterator[Path]:
    """Uploads that broke off, and files whose row was never written or was removed."""
    for file in _old(files.folder):
        if not files.known(file.name):
            yield file


def _unneeded_folders(batches: Batches) -> Iterator[Path]:
    """Folders of batches that are over, or that were never ordered."""
    for folder in _old(batches.folders):
        if not batches.needs(folder.name):
            yield folder


def _old(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for found in list(folder.iterdir()):
        try:
            old = found.stat().st_mtime < time.time() - YOUNG_S
        except FileNotFoundError:  # somebody was faster
            continue
        if old:
            yield found
