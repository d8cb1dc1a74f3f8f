"""Keeping a worker answering while it computes.

Under gevent one thread serves all of a worker's connections, and a long computation would keep it from them. Large
requests therefore compute in a thread of gevent's pool: the compiled kernels release Python's lock, the rest shares it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import TypeVar, cast

import gevent
from gevent import monkey

T = TypeVar("T")

LARGE = 20_000
"""Characters from which a thread pays: about 2 ms of work."""


def compute(characters: int, work: Callable[[], T]) -> T:
    """What `work` returns. It may run in another thread, so it must not touch the request."""
    if characters < LARGE or not monkey.is_module_patched("socket"):
        return work()
    try:
        return cast("T", gevent.get_hub().threadpool.apply(work))
    except gevent.Timeout:
        _retire_worker()
        raise


def _retire_worker() -> None:
    """Have gunicorn replace this worker when its other requests are answered: a thread cannot be ended."""
    os.kill(os.getpid(), signal.SIGTERM)
