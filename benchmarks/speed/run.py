"""One run: everything in order, on one machine."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import joblib
from threadpoolctl import threadpool_limits

from benchmarks.speed.batch import compare_batches
from benchmarks.speed.bench import Bench
from benchmarks.speed.footprint import measure_footprint
from benchmarks.speed.growth import measure_growth
from benchmarks.speed.http_rows import compare_servers
from benchmarks.speed.in_process import compare_in_process
from benchmarks.speed.load import generator
from benchmarks.speed.material import Material
from benchmarks.speed.pages import compare_pages
from benchmarks.speed.peers import jieba_words, private_jieba, words_pipeline
from benchmarks.speed.rows import Report
from benchmarks.speed.scale import Scale
from benchmarks.speed.training_rows import measure_training

Say = Callable[[str], None]


STEPS: dict[str, Callable[[Bench], None]] = {
    "texts": compare_in_process,
    "batch": compare_batches,
    "pages": compare_pages,
    "http": compare_servers,
    "footprint": measure_footprint,
    "growth": measure_growth,
    "training": measure_training,
}
NEED_NAIVE = frozenset({"batch", "http", "footprint"})


def measure(registry: Path, scale: Scale, parts: Sequence[str], saved: Path | None, say: Say) -> Report:
    """Measure what is asked for.

    registry : whose champion is measured. parts : names in STEPS. saved : a folder of saved pages.
    say : told what is being done.
    """
    with tempfile.TemporaryDirectory(prefix="lanmu-bench-") as name, threadpool_limits(1):
        private_jieba(Path(name))
        bench = Bench(Material.load(registry), scale, Path(name), saved)
        if NEED_NAIVE & set(parts):
            say("training the naive way")
            joblib.dump(words_pipeline(jieba_words, bench.material.texts, bench.material.labels), bench.naive)
        for part in parts:
            say(f"measuring: {part}")
            STEPS[part](bench)
    bench.report.notes.append(f"Load over HTTP: {generator()}.")
    return bench.report
