"""What a batch over a file larger than memory should ever hold takes, all its processes together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path

from benchmarks.speed.bench import Bench
from benchmarks.speed.rounds import Spread
from benchmarks.speed.rows import Row, Target
from benchmarks.speed.servers import ROOT, resident

WORKERS = (2, 4)
EVERY_S = 0.1
MOST = Target(1000, at_most=True)


def measure_batch_memory(bench: Bench) -> None:
    """The most that `lanmu batch` and its workers hold at once, for a large file of JSON Lines."""
    source, size = bench.folder / "memory.jsonl", bench.scale.large_bytes
    _write(bench.material.texts, size, source)
    what = f"JSON Lines of {size / 1e9:.2g} GB, most memory at once (RSS, all processes)"
    for workers in WORKERS:
        peak = Spread.of([_peak(source, bench.material.registry, workers)])
        bench.report.rows.append(Row(what, f"lanmu batch, {workers} workers", peak, "MB", target=MOST))
    source.unlink()


def _write(texts: Sequence[str], size: int, file: Path) -> None:
    with file.open("wb") as stream:
        written = 0
        for number, text in enumerate(cycle(texts)):
            written += stream.write(json.dumps({"id": number, "text": text}, ensure_ascii=False).encode() + b"\n")
            if written >= size:
                return


def _peak(source: Path, registry: Path, workers: int) -> float:
    """Megabytes (10^6 bytes). Raises CalledProcessError where the batch fails."""
    target = source.with_suffix(".out.jsonl")
    command = [
        str(Path(sys.executable).with_name("lanmu")), "batch", str(source), str(target), "--workers", str(workers),
    ]  # fmt: skip
    environment = os.environ | {"LANMU_MODELS_DIR": str(registry)}
    most = 0.0
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, resident(process.pid))
            time.sleep(EVERY_S)
    target.unlink(missing_ok=True)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return most
