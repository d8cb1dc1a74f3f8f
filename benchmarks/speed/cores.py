"""What a second core of this machine gives those who share nothing: more than that no two workers can be faster.

Two cores of a virtual machine may be halves of one, and share its caches and its way to memory in any case.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from benchmarks.speed.bench import Bench
from benchmarks.speed.rounds import rate_of, take_turns
from benchmarks.speed.rows import Row
from models.model import Model

ONE, TWO = "one process", "two processes that share nothing"
CALLS = 40
"""Calls of each process in a burst: seconds, so that handing them over weighs nothing."""


class _Scorer:
    """What the processes are forked with."""

    model: Model
    texts: list[str]

    @classmethod
    def score(cls, _: int) -> None:
        for _ in range(CALLS):
            cls.model.verdicts(cls.texts)


def compare_cores(bench: Bench) -> None:
    """Scoring texts in memory, without reading or writing, in two processes beside one."""
    _Scorer.model, _Scorer.texts = bench.material.model, bench.material.texts[:2000]
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        list(pool.map(_Scorer.score, range(2)))  # both are there, and warm
        ways = {
            name: rate_of(partial(_all, pool, processes), processes * CALLS * len(_Scorer.texts))
            for name, processes in ((ONE, 1), (TWO, 2))
        }
        rounds = take_turns(ways, bench.scale.rounds, 1)
    figures, ratio = (rounds.figure(TWO), rounds.figure(ONE)), rounds.ratio(TWO, ONE)
    bench.report.rows.append(Row("scoring alone, no files", TWO, figures[0], "texts/s", ONE, figures[1], ratio))


def _all(pool: ProcessPoolExecutor, processes: int) -> None:
    list(pool.map(_Scorer.score, range(processes)))
