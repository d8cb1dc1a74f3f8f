"""Kinds of jobs that exist for tests only, and a worker that does them: `python -m tests.service.jobs.deeds`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from models.versions import Registry, write_version
from service.jobs.errors import JobFailedError
from service.jobs.kinds import Kind
from service.jobs.task import Task
from service.jobs.work import work
from service.leash import end_with, leashed

RETRY_S = 0.05
STEP_S = 0.02


def echo(task: Task) -> dict[str, Any]:
    """Give back the payload; leave a trace of each time where the payload says so."""
    if "trace" in task.job.payload:
        with Path(task.job.payload["trace"]).open("a") as trace:
            trace.write(f"{task.job.payload['number']}\n")
    return task.job.payload


def count(task: Task) -> dict[str, Any]:
    """Count to `to`, a step every 20 ms, and stop when asked to. With `publish`, show a result at the end."""
    total = task.job.payload["to"]
    print(f"counting to {total}")  # noqa: T201 - what is printed is a job's log
    (task.folder / "draft").write_text("unfinished")
    for done in range(total):
        if task.cancelled:
            return {"counted": done}
        task.progress("counting", done, total)
        time.sleep(STEP_S)
    task.progress("counting", total, total)
    if "publish" in task.job.payload:
        with task.held(), Path(task.job.payload["publish"]).open("a") as published:
            published.write(f"{task.job.token}\n")
    return {"counted": total}


def save(task: Task) -> dict[str, Any]:
    """Save a version, as a training does, and promote it where that is asked."""
    for step in range(5):
        task.progress("saving", step, 5)
        time.sleep(STEP_S)
    name = f"v-{task.job.id}-{task.job.token}"
    folder = Path(task.job.payload["registry"])
    write_version(folder, name, weights={"scores": np.ones((1 << 16, 4))}, metadata={}, golden=[])
    if task.job.payload["promote"]:
        with task.held():
            Registry(folder).promote(name, who=task.job.id, why="it was saved")
    return {"version": name}


def die(task: Task) -> dict[str, Any]:
    """End without a word, by a signal or an exit status; with `worker`, take the worker along."""
    if "worker" in task.job.payload:
        os.kill(os.getppid(), signal.SIGKILL)
    if "status" in task.job.payload:
        os._exit(task.job.payload["status"])
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def leak(task: Task) -> dict[str, Any]:
    """Take memory without end."""
    taken = []
    while True:
        taken.append(bytearray(1 << 24))
        task.progress("leaking", len(taken))


def refuse(_task: Task) -> dict[str, Any]:
    """Fail for good."""
    raise JobFailedError("there is nothing to do it with")


def stumble(_task: Task) -> dict[str, Any]:
    """Fail in a way that nobody foresaw."""
    return {"ratio": 1 / 0}


def ignore(task: Task) -> dict[str, Any]:
    """Sleep, whatever is asked, and have a process of its own sleep, too."""
    child = subprocess.Popen(leashed("tests.service.jobs.sleep"))
    task.progress(f"child {child.pid}")
    while True:
        time.sleep(1)


def shout(_task: Task) -> dict[str, Any]:
    """Print far more than is kept, with characters of several bytes."""
    for _ in range(2000):
        print("显然" * 400)  # noqa: T201 - what is printed is a job's log
    return {}


def give_way(_task: Task) -> dict[str, Any]:
    """Tell whom the system lets go first."""
    return {"nice": os.getpriority(os.PRIO_PROCESS, 0), "policy": os.sched_getscheduler(0)}


KINDS = {
    deed.__name__: Kind(f"{__name__ if __name__ != '__main__' else 'tests.service.jobs.deeds'}:{deed.__name__}")
    for deed in (echo, count, save, die, leak, refuse, stumble, ignore, shout, give_way)
} | {"hurry": Kind("tests.service.jobs.deeds:ignore", seconds=lambda _: 0.5), "absent": Kind("x:y", needs=("nothere",))}


if __name__ == "__main__":
    if len(sys.argv) > 1:  # the server that started it
        end_with(int(sys.argv[1]), signal.SIGTERM)
    work(KINDS, retry_s=RETRY_S)
