"""`python -m service.jobs PARENT`: the worker that `lanmu serve` starts, which ends with it."""

from __future__ import annotations

import signal
import sys

from service.jobs.work import work
from service.leash import end_with

if __name__ == "__main__":
    end_with(int(sys.argv[1]), signal.SIGTERM)
    work()
