"""`lanmu batch` from file to file, through its command line, beside the naive way fed the same file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.speed.bench import Bench
from benchmarks.speed.in_process import NAIVE
from benchmarks.speed.material import many
from benchmarks.speed.rounds import Burst, seconds, take_turns
from benchmarks.speed.rows import Growth, Row, Target

ONE, TWO = "lanmu batch, one worker", "lanmu batch, two workers"
ROOT = Path(__file__).resolve().parents[2]


def write_records(texts: Sequence[str], file: Path) -> None:
    """The texts as records of JSON Lines."""
    with file.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            stream.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")


def compare_batches(bench: Bench) -> None:
    """One worker against the naive way; two against one, on a larger file, where starting weighs less.

    Times include the start of each process and the model's load.
    """
    material, folder, scale, report = bench.material, bench.folder, bench.scale, bench.report
    small, large = folder / "records.jsonl", folder / "large.jsonl"
    write_records(many(material.texts, scale.records), small)
    write_records(many(material.texts, scale.large_records), large)
    ours = {ONE: _lanmu(small, material.registry, 1, scale.records)}
    peer = [sys.executable, "-m", "benchmarks.speed.apps.naive_batch", str(bench.naive), str(small)]
    theirs = {NAIVE: _command([*peer, str(folder / "naive.jsonl")], scale.records)}
    rounds = take_turns(ours | theirs, min(scale.rounds, 3), 1)
    _check_labels(folder / "naive.jsonl", scale.records)
    report.rows.append(
        Row(
            f"JSON Lines to JSON Lines, {scale.records:,} records", ONE, rounds.figure(ONE), "records/s",
            NAIVE, rounds.figure(NAIVE), rounds.ratio(ONE, NAIVE), Target(12),
        )
    )  # fmt: skip
    workers = {ONE: 1, TWO: 2}
    bursts = {name: _lanmu(large, material.registry, count, scale.large_records) for name, count in workers.items()}
    both = take_turns(bursts, scale.rounds, 1)
    report.rows.append(
        Row(
            f"JSON Lines to JSON Lines, {scale.large_records:,} records", TWO, both.figure(TWO), "records/s",
            ONE, both.figure(ONE), both.ratio(TWO, ONE), Target(1.8),
        )
    )  # fmt: skip
    rates = [median(both.figures[name]) for name in workers]
    report.growths.append(Growth("batch by workers", "workers", "records/s", [1, 2], {"lanmu batch": rates}))


def _lanmu(source: Path, registry: Path, workers: int, records: int) -> Burst:
    target = source.with_name(f"{source.stem}-{workers}.out.jsonl")
    command = [str(Path(sys.executable).with_name("lanmu")), "batch", str(source), str(target), "--force"]
    return _command([*command, "--workers", str(workers)], records, LANMU_MODELS_DIR=str(registry))


def _command(command: Sequence[str], records: int, **variables: str) -> Burst:
    """A burst that runs a command and gives the records a second. Raises CalledProcessError where it fails."""

    def run() -> float:
        environment = os.environ | {"OMP_NUM_THREADS": "1"} | variables
        took = seconds(lambda: subprocess.run(command, check=True, cwd=ROOT, env=environment, capture_output=True))
        return records / took

    return run


def _check_labels(file: Path, records: int) -> None:
    """Raises ValueError where the naive way did not label every record."""
    labels = [json.loads(line)["label"] for line in file.read_text(encoding="utf-8").splitlines()]
    if len(labels) != records or len(set(labels)) < 4:  # noqa: PLR2004 - the four labels of the seeds
        raise ValueError(f"the naive batch labelled {len(labels)} of {records} records, with {sorted(set(labels))}")
