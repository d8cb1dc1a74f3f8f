"""The process of one try: forked from the worker, with a group, limits and pipes of its own.

A fork begins in milliseconds with all of the worker's modules, and the worker, which has one thread, may fork safely.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import tempfile
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine

from service.jobs.errors import JobFailedError
from service.jobs.job import Job
from service.jobs.kinds import Kind
from service.jobs.task import Task
from service.leash import end_with
from service.settings import MEBIBYTE, Settings

MEMORY_LIMIT = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
"""What a process has written to: mapped files that it shares with others do not count on Linux."""

NICENESS = 19


@dataclass(frozen=True, slots=True)
class Process:
    """A process that was begun. messages, printed : where it can be heard, without waiting."""

    pid: int
    messages: int
    printed: int


def begin(job: Job, kind: Kind, settings: Settings, engine: Engine, folder: Path) -> Process:
    """Run the handler of a job in a process of its own."""
    messages, tell = os.pipe()
    printed, out = os.pipe()
    worker = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be(Task(job, settings, engine, folder, tell), kind, worker, out)
    for end in (tell, out):
        os.close(end)
    for end in (messages, printed):
        os.set_blocking(end, False)
    return Process(pid, messages, printed)


def _be(task: Task, kind: Kind, worker: int, out: int) -> NoReturn:
    """Be the job's process: never return into the worker's code, whatever happens."""
    status = 1
    try:
        _settle_in(task, worker, out)
        _run(task, kind)
        status = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _settle_in(task: Task, worker: int, out: int) -> None:
    os.setsid()
    end_with(worker, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, lambda *_: task.stop())
    for standard in (1, 2):
        os.dup2(out, standard)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr] # a text stream, as nobody replaced it
    task.folder.mkdir(parents=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(task.folder)
    limit = task.settings.job_memory_mb * MEBIBYTE
    resource.setrlimit(MEMORY_LIMIT, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _give_way()


def _give_way() -> None:
    """Take the processor time that the answers to requests leave.

    Under Linux's idle policy (sched(7)) whoever wakes goes on at once; a process of low priority is let end its turn
    of some milliseconds first, which doubled the slowest answers.
    """
    os.nice(NICENESS)
    if hasattr(os, "SCHED_IDLE"):
        with suppress(OSError):  # a container may forbid it
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))


def _run(task: Task, kind: Kind) -> None:
    try:
        result = kind.load()(task)
        task.tell({"stopped" if task.has_noticed else "result": result})
    except JobFailedError as error:
        task.tell({"stopped": None} if task.was_stopped else {"failed": str(error)})
    except MemoryError:
        traceback.print_exc()
        task.tell({"lost": f"it needs more than {task.settings.job_memory_mb} MiB of memory (LANMU_JOB_MEMORY_MB)"})
    except Exception as error:  # noqa: BLE001 - a handler may fail in any way; its worker goes on
        if task.was_stopped:
            task.tell({"stopped": None})
            return
        traceback.print_exc()
        task.tell({"lost": f"{type(error).__name__}: {error}"})
