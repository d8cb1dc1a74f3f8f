"""`python -m service.jobs PARENT`: the worker that `lanmu serve` starts, which ends with it."""

from __future__ import annotations

import gc
import os
import signal
import sys

from service.leash import end_with
from service.optional import leave_out


def leave_a_core() -> None:
    """Keep this process, and what it starts, off one core, for the answers: to give way alone is not enough."""
    if hasattr(os, "sched_setaffinity") and len(cores := sorted(os.sched_getaffinity(0))) > 1:
        os.sched_setaffinity(0, cores[1:])


if __name__ == "__main__":
    end_with(int(sys.argv[1]), signal.SIGTERM)
    leave_a_core()
    leave_out()
    gc.disable()
    from service.jobs.work import work

    # As in `service.server`: what is here now stays, and tries, which are forked from here, share it.
    gc.freeze()
    gc.enable()
    work()
