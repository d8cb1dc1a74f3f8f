"""A batch that is killed again and again writes what an undisturbed one writes."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import contextmanager, suppress
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

from tests.service.batch.ledgers import done_files, ledger_lines, unfinished_ledger
from tests.service.batch.processes import children, started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

RECORDS = 200_000
KILLS = 50
WORKERS = 2
IN_FLIGHT = 3 * WORKERS + 2
"""Two blocks that each worker has, one that waits to be written for each, one that is read, one that is written."""

LONGEST = 2.2
"""Seconds between two kills at most: long enough that some fall into every part of a run."""

MORE = "x" * 600
"""Lines as long as those of a page, so that a block has hardly more bytes than are read ahead for it."""

TEXTS = ["电池", "我认为它太贵了。", "相关推荐：充电桩为什么坏？", "离子在晶格的空位之间移动。", ""]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Short records, some of them bad and some of them twice."""
    file = tmp_path_factory.mktemp("kill") / "in.jsonl"
    with file.open("wb") as stream:
        for number in range(RECORDS):
            if number % 1000 == 7:
                stream.write(b'{"id": "no text"}\n')
            else:
                record = {"id": number - number % 5000 // 4999, "text": TEXTS[number % len(TEXTS)], "more": MORE}
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
def undisturbed(models: Path, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what one worker writes."""
    folder = tmp_path_factory.mktemp("undisturbed") / "one"
    run(models, source, folder, "--workers", 1)
    return folder


@pytest.fixture(scope="module")
def expected(undisturbed: Path) -> list[bytes]:
    """What one worker writes."""
    return contents(undisturbed)


@pytest.fixture(scope="module")
def ends(undisturbed: Path) -> list[int]:
    """How far the input has to be read for each block."""
    return list(accumulate(line["size"] for line in ledger_lines(undisturbed / "out.jsonl.ledger.jsonl")))


@pytest.mark.slow
def test_four_workers_write_what_one_writes(models: Path, source: Path, expected: list[bytes], tmp_path: Path) -> None:
    """Answers and errors are the same bytes; those of two are compared below."""
    assert expected == run(models, source, tmp_path / "four", "--workers", 4)


@pytest.mark.slow
def test_kills_at_any_moment_change_nothing(
    models: Path, source: Path, expected: list[bytes], ends: list[int], tmp_path: Path
) -> None:
    """The batch or one of its workers is killed fifty times: in the end each byte is as it should be.

    What is done again are blocks that were in flight, of which there are few; one that is in the ledger is not touched.
    A batch that finishes between two kills is compared, and the next kills meet a new one.
    """
    chance = random.Random(20261123)  # noqa: S311 - the same moments in every run, as far as a machine has it
    batches = unfinished(models, source, tmp_path)
    process, folder = next(batches)
    kept: dict[Path, tuple[int, int]] = {}
    repeated = []

    for _ in range(KILLS):
        time.sleep(chance.uniform(0, LONGEST))
        if process.poll() is None:
            with stopped(process):
                repeated.append(in_flight(process, source, folder, ends))
                kept = {file: told for file, told in kept.items() if file.exists()}
                now = done_files(folder / "out.jsonl")
                over = (folder / "out.jsonl.ledger.jsonl").exists()  # what is left is being removed then
                assert over or kept.items() <= now.items()
                kept = now
                kill(process, chance)
        if process.poll() is not None:
            process, folder = next(batches)
            if (before := folder.with_name(f"{int(folder.name) - 1}")).exists():
                assert expected == contents(before)

    assert process.wait(timeout=300) == 3, (folder / "log").read_text()
    assert expected == contents(folder)
    assert [] == [file.name for file in folder.iterdir() if file.name.endswith((".unfinished", ".part"))]
    assert len(repeated) > KILLS // 2
    assert 0 < max(repeated) <= IN_FLIGHT


def unfinished(models: Path, source: Path, folder: Path) -> Iterator[tuple[Popen[bytes], Path]]:
    """The batch, started again as long as it is not finished, and a new one in a folder of its own afterwards."""
    for number in range(KILLS):
        place = folder / str(number)
        place.mkdir()
        code = None
        while code != 3:
            process = started(models, source, place / "out.jsonl", "--workers", WORKERS, log=place / "log")
            yield process, place
            code = process.wait()
            assert code in {3, -signal.SIGKILL}, (place / "log").read_text()


@contextmanager
def stopped(process: Popen[bytes]) -> Iterator[None]:
    """Hold a process where it is, so that what is read about it belongs together."""
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


def in_flight(process: Popen[bytes], source: Path, folder: Path, ends: list[int]) -> int:
    """Blocks that were read and are in no ledger, as long as there is something to read.

    A batch that was killed when all was in its place reads the input once more, to compare it with the finished ledger.
    """
    ledgers = unfinished_ledger(folder / "out.jsonl"), folder / "out.jsonl.ledger.jsonl"
    done = {line["block"] for ledger in ledgers for line in ledger_lines(ledger)}
    place = position(process, source)
    return sum(end <= place and block not in done for block, end in enumerate(ends))


def position(process: Popen[bytes], source: Path) -> int:
    """How far a process has read a file; 0 where it has not opened it, or has closed it."""
    about = Path(f"/proc/{process.pid}")
    for file in (about / "fd").iterdir():
        with suppress(FileNotFoundError):
            if file.readlink() == source:
                return int((about / "fdinfo" / file.name).read_text().split()[1])
    return 0


def kill(process: Popen[bytes], chance: random.Random) -> None:
    """Kill the batch, or more often one of its workers."""
    workers = children(process.pid)
    if workers and chance.random() < 0.6:
        with suppress(ProcessLookupError):
            os.kill(chance.choice(workers), signal.SIGKILL)
    else:
        process.kill()
        process.wait()
