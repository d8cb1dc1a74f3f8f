"""A Ray cluster of several nodes writes what this machine alone writes, also where nodes or the driver are killed.

The nodes are processes of their own on this machine, each with its own scheduler and object store, as on a network.
"""

from __future__ import annotations

import random
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from tests.service.batch.ledgers import done_files, ledger_lines, unfinished_ledger
from tests.service.batch.processes import started, wait_until
from tests.service.batch.ray_nodes import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

RECORDS = 100_000
"""Thirteen blocks."""

KILLS = 20
LONGEST = 2.0
"""Seconds between two kills at most, beside the time that a driver or a node takes to start."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short records, some of them bad."""
    file = tmp_path_factory.mktemp("ray") / "in.jsonl"
    texts = ["电池", "我认为它太贵了。", "相关推荐：充电桩为什么坏？", "离子在晶格的空位之间移动。"]
    with file.open("wb") as stream:
        for number in range(RECORDS):
            stream.write(orjson.dumps({"id": number, "text" if number % 500 else "txt": texts[number % 4]}) + b"\n")
    return file


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of one node; tests add others."""
    pytest.importorskip("ray", reason="Ray is not installed: lanmu[ray]")
    # Not in pytest's own folder: the paths of Ray's sockets may have 107 characters.
    with tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder:
        made = Cluster(Path(folder))
        yield made
        made.end()


@pytest.fixture(scope="module")
def expected(models: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What the local engine writes."""
    folder = tmp_path_factory.mktemp("local")
    process = started(models, source, folder / "out", log=folder / "log")
    assert process.wait(timeout=300) == 3, (folder / "log").read_text()
    return contents(folder)


def contents(folder: Path) -> list[bytes]:
    """Answers and errors."""
    return [(folder / name).read_bytes() for name in ("out", "out.errors.jsonl")]


def has_done(folder: Path, blocks: int) -> bool:
    """Whether so many blocks are done."""
    return len(ledger_lines(unfinished_ledger(folder / "out"))) >= blocks


def driver(cluster: Cluster, models: Path, source: Path, folder: Path) -> Popen[bytes]:
    """A batch that has joined the cluster."""
    options = ["--engine", "ray", "--address", cluster.address]
    return started(models, source, folder / "out", *options, log=folder / "log", **cluster.variables)


def test_nodes_may_come_and_be_killed(
    cluster: Cluster, models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """One node, two, and three of which one is killed in the middle of the work write the same bytes."""
    for nodes in (1, 2, 3):
        folder = tmp_path / str(nodes)
        folder.mkdir()
        last = cluster.add() if nodes > 1 else None
        process = driver(cluster, models, source, folder)
        if last and nodes == 3:
            wait_until(partial(has_done, folder, 2), process)
            cluster.kill(last)

        assert process.wait(timeout=300) == 3, (folder / "log").read_text()
        assert expected == contents(folder)


def test_a_driver_that_is_killed_is_gone_on_with(
    cluster: Cluster, models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """What was done before the kill is not done again."""
    process = driver(cluster, models, source, tmp_path)
    wait_until(partial(has_done, tmp_path, 2), process)
    process.kill()
    process.wait()
    before = done_files(tmp_path / "out")

    again = driver(cluster, models, source, tmp_path)
    wait_until(partial(has_done, tmp_path, 4), again)
    assert before.items() <= done_files(tmp_path / "out").items()

    assert again.wait(timeout=300) == 3, (tmp_path / "log").read_text()
    assert expected == contents(tmp_path)
    assert "by an earlier run" in (tmp_path / "log").read_text()


def test_kills_at_any_moment_change_nothing(
    cluster: Cluster, models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """The driver or a node is killed again and again; every third time when another block is done, so that it moves on.

    A batch that is over before the last kill is compared, and the next kills meet a new one.
    """
    chance = random.Random(20261129)  # noqa: S311 - the same moments in every run, as far as a machine has it
    node, folder, process = cluster.add(), tmp_path / "0", None

    for number in range(KILLS):
        if process is None or process.poll() is not None:
            folder = folder_of(folder, number, expected)
            process = driver(cluster, models, source, folder)
        if number % 3 == 0:
            before = len(ledger_lines(unfinished_ledger(folder / "out")))
            wait_until(partial(has_moved_on, folder, before), process)
        time.sleep(chance.uniform(0, LONGEST))
        if chance.random() < 0.5:
            process.kill()
            process.wait()
        else:
            cluster.kill(node)
            node = cluster.add()
    process = process if process and process.poll() is None else driver(cluster, models, source, folder)

    assert process.wait(timeout=300) in {0, 3}, (folder / "log").read_text()
    assert expected == contents(folder)


def folder_of(folder: Path, number: int, expected: list[bytes]) -> Path:
    """Where the next driver goes on: where the last one was killed, or in a new folder where that was done."""
    if (folder / "out").exists() and not (folder / "out.unfinished").exists():
        assert expected == contents(folder)
        folder = folder.with_name(str(number))
    folder.mkdir(exist_ok=True)
    return folder


def has_moved_on(folder: Path, before: int) -> bool:
    """Whether another block is done than so many, or all are."""
    return has_done(folder, before + 1) or (folder / "out").exists()


def test_a_cluster_of_its_own_ends_with_the_batch(
    models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """Without an address Ray starts here, writes the same bytes, and leaves nothing in the user's home."""
    home = tmp_path / "home"
    home.mkdir()
    options = ["--engine", "ray", "--workers", 2]
    process = started(models, source, tmp_path / "out", *options, log=tmp_path / "log", HOME=str(home))

    assert process.wait(timeout=300) == 3, (tmp_path / "log").read_text()
    assert expected == contents(tmp_path)
    assert [] == list(home.iterdir())


def test_a_cluster_that_is_not_there_is_said(models: Path, source: Path, tmp_path: Path) -> None:
    """The error names the address, and there is no traceback."""
    options = ["--engine", "ray", "--address", "127.0.0.1:1"]
    process = started(models, source, tmp_path / "out", *options, log=tmp_path / "log")

    assert process.wait(timeout=120) == 1
    assert "no Ray cluster at '127.0.0.1:1'" in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
