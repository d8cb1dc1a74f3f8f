"""`python -m service.jobs PARENT`: the worker that `lanmu serve` starts, which ends with it."""

from __future__ import annotations

import os
import signal
import sys

from service.jobs.work import work
from service.leash import end_with


def leave_a_core() -> None:
    """Keep this process, and what it starts, off one core, for the answers: to give way alone is not enough."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, cores[1:])


if __name__ == "__main__":
    end_with(int(sys.argv[1]), signal.SIGTERM)
    leave_a_core()
    work()
