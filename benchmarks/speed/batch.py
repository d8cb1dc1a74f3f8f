"""`lanmu batch` from file to file, through its command line: beside the naive way, by workers, and on Ray."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.speed.batch_memory import measure_batch_memory
from benchmarks.speed.bench import Bench
from benchmarks.speed.cores import compare_cores
from benchmarks.speed.in_process import NAIVE
from benchmarks.speed.material import many
from benchmarks.speed.ray_cluster import RAY, Cluster, ray_cluster
from benchmarks.speed.rounds import Burst, Rounds, seconds, take_turns
from benchmarks.speed.rows import Growth, Row, Target

ONE, TWO = "lanmu batch, one worker", "lanmu batch, two workers"
ON_RAY, OWN = "lanmu batch on Ray, two CPUs", "lanmu batch on Ray, its own cluster"
LOCAL = {ONE: ["--workers", "1"], TWO: ["--workers", "2"]}
ROUNDS, LONG_ROUNDS = 3, 5
"""Of those beside the naive way, and of those on the longer file, which are nearer to each other."""
ROOT = Path(__file__).resolve().parents[2]


def write_records(texts: Sequence[str], file: Path) -> None:
    """The texts as records of JSON Lines."""
    with file.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            stream.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")


def compare_batches(bench: Bench) -> None:
    """One worker beside the naive way; memory; by workers and on Ray, on a file where starting weighs less.

    Times include the start of each process and the model's load. A Ray cluster is there before: what it costs to join
    it, and to start one, is told by a batch of one record.
    """
    _beside_naive(bench)
    compare_cores(bench)
    measure_batch_memory(bench)
    source = bench.folder / "large.jsonl"
    write_records(many(bench.material.texts, bench.scale.large_records), source)
    _by_workers(bench, source)
    if not RAY.exists():
        bench.report.notes.append("Batches on Ray were left out: it is not installed.")
        return
    with ray_cluster(bench.folder, 2) as cluster:
        _on_ray(bench, source, cluster)
        _starts(bench, cluster)


def _beside_naive(bench: Bench) -> None:
    material, folder, records = bench.material, bench.folder, bench.scale.records
    source = folder / "records.jsonl"
    write_records(many(material.texts, records), source)
    peer = [sys.executable, "-m", "benchmarks.speed.apps.naive_batch", str(bench.naive), str(source)]
    theirs = _command([*peer, str(folder / "naive.jsonl")], records)
    rounds = take_turns({ONE: _lanmu(source, material.registry, records, *LOCAL[ONE]), NAIVE: theirs}, ROUNDS, 1)
    _check_labels(folder / "naive.jsonl", records)
    bench.report.rows.append(_row(records, rounds, ONE, NAIVE, Target(12)))


def _by_workers(bench: Bench, source: Path) -> None:
    """Before there is a cluster: even one that waits takes its share of the cores, which one worker leaves to it."""
    registry, records = bench.material.registry, bench.scale.large_records
    ways = {name: _lanmu(source, registry, records, *options) for name, options in LOCAL.items()}
    rounds = take_turns(ways, LONG_ROUNDS, 1)
    bench.report.rows.append(_row(records, rounds, TWO, ONE, Target(1.8)))
    rates = [median(rounds.figures[name]) for name in LOCAL]
    bench.report.growths.append(Growth("batch by workers", "workers", "records/s", [1, 2], {"lanmu batch": rates}))


def _on_ray(bench: Bench, source: Path, cluster: Cluster) -> None:
    registry, records = bench.material.registry, bench.scale.large_records
    ways = {
        TWO: _lanmu(source, registry, records, *LOCAL[TWO]),
        ON_RAY: _lanmu(source, registry, records, *_joining(cluster), **cluster.variables),
    }
    bench.report.rows.append(_row(records, take_turns(ways, LONG_ROUNDS, 1), ON_RAY, TWO, Target(0.8)))


def _starts(bench: Bench, cluster: Cluster) -> None:
    """Seconds from the command to the answer of one record."""
    source, registry = bench.folder / "one.jsonl", bench.material.registry
    write_records(many(bench.material.texts, 1), source)
    options = {
        TWO: (LOCAL[TWO], {}),
        ON_RAY: (_joining(cluster), cluster.variables),
        OWN: (["--engine", "ray", "--workers", "2"], {}),
    }
    ways = {name: _lanmu(source, registry, 1, *given, **named) for name, (given, named) in options.items()}
    rounds = take_turns({name: partial(_seconds, way) for name, way in ways.items()}, ROUNDS, 1)
    for name in ways:
        bench.report.rows.append(Row("one record, start to end", name, rounds.figure(name), "s"))


def _seconds(one_record: Burst) -> float:
    """The time behind a rate."""
    return 1 / one_record()


def _row(records: int, rounds: Rounds, ours: str, peer: str, target: Target) -> Row:
    what = f"JSON Lines to JSON Lines, {records:,} records"
    figures = rounds.figure(ours), rounds.figure(peer)
    return Row(what, ours, figures[0], "records/s", peer, figures[1], rounds.ratio(ours, peer), target)


def _joining(cluster: Cluster) -> list[str]:
    return ["--engine", "ray", "--address", cluster.address]


def _lanmu(source: Path, registry: Path, records: int, *options: str, **variables: str) -> Burst:
    target = source.with_name(f"{source.stem}.out.jsonl")
    command = [str(Path(sys.executable).with_name("lanmu")), "batch", str(source), str(target), "--force", *options]
    return _command(command, records, LANMU_MODELS_DIR=str(registry), **variables)


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
