"""Training: of the whole corpus, and of more and more written seeds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.growth import LINEAR, growth_exponent
from benchmarks.speed.material import written_anew
from benchmarks.speed.rounds import Spread, seconds
from benchmarks.speed.rows import Growth, Row, Target

ROOT = Path(__file__).resolve().parents[2]
NOTE = "seeds of which each section's sentences are drawn from all written sentences of its label"


def measure_training(bench: Bench) -> None:
    """`lanmu-train train`, start to end, all that it does included."""
    folder, report, sizes = bench.folder, bench.report, bench.scale.seeds
    if bench.scale.corpus:
        took = Spread.of([_train(folder / "corpus")])
        what = "training on the whole corpus, with calibration and context"
        report.rows.append(Row(what, "lanmu-train train", took, "s", target=Target(60, at_most=True)))
    costs = []
    for size in sizes:
        seeds = folder / f"seeds-{size}.txt"
        seeds.write_text(written_anew(bench.material.pages, size), encoding="utf-8")
        costs.append(_train(folder / f"trained-{size}", "--only", "--seeds", str(seeds)))
    report.growths.append(Growth("seconds by seeds, training", "seeds", "s", sizes, {"lanmu-train train": costs}, NOTE))
    exponent = growth_exponent(sizes, costs)
    if exponent is not None:
        what = f"training time against seeds, {sizes[0]:,} to {sizes[-1]:,}: exponent of growth"
        target = Target(LINEAR, at_most=True)
        report.rows.append(Row(what, "lanmu-train train", Spread.of([exponent]), "", target=target))


def _train(out: Path, *arguments: str) -> float:
    command = [str(Path(sys.executable).with_name("lanmu-train")), "train", "--out", str(out), *arguments]
    return seconds(lambda: _run(command))


def _run(command: list[str]) -> None:
    """Raises RuntimeError with what was said where it fails."""
    done = subprocess.run(command, check=False, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {(done.stderr or done.stdout)[-2000:]}")
