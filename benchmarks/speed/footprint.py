"""Memory of a server with four workers, and the time from its start to its first answer."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.speed import servers
from benchmarks.speed.apps.answering import NAIVE as NAIVE_FILE
from benchmarks.speed.bench import Bench
from benchmarks.speed.material import Material
from benchmarks.speed.rounds import Spread
from benchmarks.speed.rows import Row, Target

WORKERS = 4
REQUESTS = 200
"""Enough that every worker has answered, and has touched what it needs."""

CHANGE, PAUSE_S = 0.01, 3.0
"""Memory that changes by less than this share in so many seconds has settled."""


def measure_footprint(bench: Bench) -> None:
    """Memory of four workers after some work, beside the naive way; start, with full and with empty caches."""
    material, folder, report = bench.material, bench.folder, bench.report
    ours = _memory(servers.lanmu(folder / "four", WORKERS, material.registry), material)
    theirs = _memory(servers.naive_flask(folder / "four", WORKERS, **{NAIVE_FILE: str(bench.naive)}), material)
    both = Spread.of([ours]), Spread.of([theirs])
    what = f"memory of {WORKERS} workers (PSS, all processes)"
    report.rows.append(Row(what, "Lanmu", both[0], "MB", target=Target(250, at_most=True)))
    report.rows.append(Row(what, "naive, Flask on gunicorn, preloaded", both[1], "MB"))
    warm = [_start(material, folder / f"warm-{number}") for number in range(bench.scale.starts)]
    report.rows.append(
        Row("start to ready, caches warm", "Lanmu", Spread.of(warm), "s", target=Target(1.5, at_most=True))
    )
    cold = _start(material, folder / "cold", LANMU_CACHE_DIR=str(folder / "empty-cache"))
    first = Spread.of([cold])
    report.rows.append(
        Row("start to ready, first ever (empty caches)", "Lanmu", first, "s", target=Target(15, at_most=True))
    )


def _memory(starting: servers.Starting, material: Material) -> float:
    with starting as server:
        for number in range(REQUESTS):
            server.post({"texts": material.texts[number : number + 5]})
        return _settled(server)


def _settled(server: servers.Server) -> float:
    """Its memory once that stays the same: the worker beside a server is still loading when the first answers come."""
    before, now = 0.0, server.memory()
    while abs(now - before) > CHANGE * now:
        time.sleep(PAUSE_S)
        before, now = now, server.memory()
    return now


def _start(material: Material, folder: Path, **variables: str) -> float:
    began = time.perf_counter()
    with servers.lanmu(folder, 2, material.registry, **variables):
        return time.perf_counter() - began
