"""A Ray cluster of several nodes writes what this machine alone writes, also where nodes or the driver are killed.

The nodes are processes of their own on this machine, each with its own scheduler and object store, as on a network.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from models.versions import Registry
from service.batch.ledger import LEDGER
from tests.service.batch.processes import started, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.train import Trained

RECORDS = 100_000
"""Thirteen blocks."""

STORE_BYTES = 100 << 20

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # what Ray itself warns of when it starts nodes is not ours to mend
]


@pytest.fixture(scope="module")
def models(trained: Trained) -> Path:
    """A registry with a champion."""
    Registry(trained.folder.parent).promote("small", who="ann", why="the only one")
    return trained.folder.parent


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
def cluster() -> Iterator[Any]:
    """A cluster of one node with one CPU; tests add others."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    cluster_utils = pytest.importorskip("ray.cluster_utils", reason="Ray is not installed: lanmu[ray]")
    made = cluster_utils.Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "include_dashboard": False, "object_store_memory": STORE_BYTES},
    )
    yield made
    made.shutdown()


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


def done_blocks(folder: Path) -> int:
    """Blocks that are in the ledger of an unfinished batch."""
    ledger = folder / "out.unfinished" / LEDGER
    return max(ledger.read_bytes().count(b"\n") - 1, 0) if ledger.exists() else 0


def has_done(folder: Path, blocks: int) -> bool:
    """Whether so many blocks are done."""
    return done_blocks(folder) >= blocks


def test_nodes_may_come_and_be_killed(
    cluster: Any, models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """One node, two, and three of which one is killed in the middle of the work write the same bytes."""
    options = ["--engine", "ray", "--address", cluster.address]
    killed = None
    for nodes in (1, 2, 3):
        folder = tmp_path / str(nodes)
        folder.mkdir()
        if nodes > 1:
            killed = cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
        process = started(models, source, folder / "out", *options, log=folder / "log")
        if nodes == 3:
            wait_until(partial(has_done, folder, 2), process)
            cluster.remove_node(killed, allow_graceful=False)

        assert process.wait(timeout=300) == 3, (folder / "log").read_text()
        assert expected == contents(folder)


def test_a_driver_that_is_killed_is_gone_on_with(
    cluster: Any, models: Path, source: Path, expected: list[bytes], tmp_path: Path
) -> None:
    """What was done before the kill is not done again."""
    command = [models, source, tmp_path / "out"]
    process = started(*command, "--engine", "ray", "--address", cluster.address, log=tmp_path / "log")
    wait_until(partial(has_done, tmp_path, 1), process)
    process.kill()
    process.wait()
    before = done_blocks(tmp_path)

    again = started(*command, "--engine", "ray", "--address", cluster.address, log=tmp_path / "log")

    assert again.wait(timeout=300) == 3, (tmp_path / "log").read_text()
    assert expected == contents(tmp_path)
    assert before > 0
    assert "by an earlier run" in (tmp_path / "log").read_text()


def test_a_cluster_that_is_not_there_is_said(models: Path, source: Path, tmp_path: Path) -> None:
    """The error names the address, and there is no traceback."""
    options = ["--engine", "ray", "--address", "127.0.0.1:1"]
    process = started(models, source, tmp_path / "out", *options, log=tmp_path / "log")

    assert process.wait(timeout=120) == 1
    assert "no Ray cluster at '127.0.0.1:1'" in (tmp_path / "log").read_text()
    assert "Traceback" not in (tmp_path / "log").read_text()
