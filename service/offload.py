"""Keeping a worker answering while it computes.

Under gevent one thread serves all of a worker's connections, and a long computation would keep it from them. Large
requests therefore compute in a thread of gevent's pool: the compiled kernels release Python's lock, the rest shares it.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
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
        outcome = gevent.get_hub().threadpool.apply(_outcome, (work,))
    except gevent.Timeout:
        _retire_worker()
        raise
    if isinstance(outcome, _Failed):
        raise outcome.error
    return cast("T", outcome)


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


def _outcome(work: Callable[[], T]) -> T | _Failed:
    """What `work` returns or raises. gevent prints what a thread raises, and a refused page is nothing to print."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - raised again where the thread was started
        return _Failed(error)


def _retire_worker() -> None:
    """Have gunicorn replace this worker when its other requests are answered: a thread cannot be ended."""
    os.kill(os.getpid(), signal.SIGTERM)
