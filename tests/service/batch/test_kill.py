"""A batch that is killed again and again writes what an undisturbed one writes."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import orjson
import pytest

from models.versions import Registry
from tests.service.batch.processes import children, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from subprocess import Popen

    from training.train import Trained

RECORDS = 200_000
KILLS = 50
LONGEST = 2.2
"""Seconds between two kills at most: long enough that some fall into every part of a run."""

TEXTS = ["电池", "我认为它太贵了。", "相关推荐：充电桩为什么坏？", "离子在晶格的空位之间移动。", ""]


@pytest.fixture(scope="module")
def models(trained: Trained) -> Path:
    """A registry with a champion."""
    Registry(trained.folder.parent).promote("small", who="ann", why="the only one")
    return trained.folder.parent


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short records, some of them bad and some of them twice."""
    file = tmp_path_factory.mktemp("kill") / "in.jsonl"
    with file.open("wb") as stream:
        for number in range(RECORDS):
            if number % 1000 == 7:
                stream.write(b'{"id": "no text"}\n')
            else:
                record = {"id": number - number % 5000 // 4999, "text": TEXTS[number % len(TEXTS)]}
                stream.write(orjson.dumps(record) + b"\n")
    return file


def contents(folder: Path) -> list[bytes]:
    """Answers and errors."""
    return [(folder / name).read_bytes() for name in ("out.jsonl", "out.jsonl.errors.jsonl")]


def run(models: Path, source: Path, folder: Path, *options: object) -> list[bytes]:
    """What an undisturbed run writes."""
    folder.mkdir()
    process = started(models, source, folder / "out.jsonl", *options, log=folder / "log")
    assert process.wait(timeout=300) == 3, (folder / "log").read_text()
    return contents(folder)


@pytest.fixture(scope="module")
def expected(models: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """What one worker writes."""
    return run(models, source, tmp_path_factory.mktemp("undisturbed") / "one", "--workers", 1)


@pytest.mark.slow
def test_four_workers_write_what_one_writes(models: Path, source: Path, expected: list[bytes], tmp_path: Path) -> None:
    """Answers and errors are the same bytes; those of two are compared below."""
    assert expected == run(models, source, tmp_path / "four", "--workers", 4)


@pytest.mark.slow
def test_kills_at_any_moment_change_nothing(models: Path, source: Path, expected: list[bytes], tmp_path: Path) -> None:
    """The batch or one of its workers is killed fifty times: in the end each byte is as it should be.

    A batch that finishes between two kills is compared, and the next kills meet a new one.
    """
    chance = random.Random(20261123)  # noqa: S311 - the same moments in every run, as far as a machine has it
    batches = unfinished(models, source, tmp_path)
    process, folder = next(batches)

    for _ in range(KILLS):
        time.sleep(chance.uniform(0, LONGEST))
        if process.poll() is None:
            kill(process, chance)
        if process.poll() is not None:
            process, folder = next(batches)
            if (before := folder.with_name(f"{int(folder.name) - 1}")).exists():
                assert expected == contents(before)

    assert process.wait(timeout=300) == 3, (folder / "log").read_text()
    assert expected == contents(folder)
    assert [] == [file.name for file in folder.iterdir() if file.name.endswith((".unfinished", ".part"))]


def unfinished(models: Path, source: Path, folder: Path) -> Iterator[tuple[Popen[bytes], Path]]:
    """The batch, started again as long as it is not finished, and a new one in a folder of its own afterwards."""
    for number in range(KILLS):
        place = folder / str(number)
        place.mkdir()
        code = None
        while code != 3:
            process = started(models, source, place / "out.jsonl", "--workers", 2, log=place / "log")
            yield process, place
            code = process.wait()
            assert code in {3, -signal.SIGKILL}, (place / "log").read_text()


def kill(process: Popen[bytes], chance: random.Random) -> None:
    """Kill the batch, or more often one of its workers."""
    workers = children(process.pid)
    if workers and chance.random() < 0.6:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)
    else:
        process.kill()
        process.wait()
