"""Independent fits, spread over the cores. What they give is the same for any number of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Given = TypeVar("Given")

MOST_PROCESSES = 4
"""A training shares its machine with the service."""

WORTH_PROCESSES = 2000
"""With fewer sections, starting processes takes longer than what they save."""


def spread(fit: Callable[..., Given], calls: Iterable[Sequence[Any]], *, sections: int) -> list[Given]:
    """What `fit` gives for each call's arguments, in order.

    sections : how many there are to learn from; of few, all is done in this process.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    processes = min(cores, MOST_PROCESSES) if sections >= WORTH_PROCESSES else 1
    return list(Parallel(n_jobs=processes)(delayed(_alone)(fit, call) for call in calls))


def _alone(fit: Callable[..., Given], call: Sequence[Any]) -> Given:
    """Call with one thread: more add up in another order, and the weights would differ."""
    with threadpool_limits(1):
        return fit(*call)
