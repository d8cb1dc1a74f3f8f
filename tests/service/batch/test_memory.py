"""A batch takes as much memory for a large file as for a small one."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import orjson
import pytest

from tests.service.batch.processes import children, most_resident, started

if TYPE_CHECKING:
    from pathlib import Path

MEGABYTE = 1 << 20
LEAST, MOST = 256 * MEGABYTE, 2048 * MEGABYTE
IN_ALL = 800 * MEGABYTE
"""Of the batch and its two workers, what they share counted in each."""

GROWTH = 80 * MEGABYTE


def peak(models: Path, source: Path, target: Path) -> int:
    """The most bytes that the batch and each of its workers held: they need not have held them at the same time."""
    process = started(models, source, target, "--workers", 2, log=target.with_suffix(".log"))
    most: Counter[int] = Counter()
    while process.poll() is None:
        most |= Counter({pid: most_resident(pid) for pid in (process.pid, *children(process.pid))})
        time.sleep(0.05)
    assert process.returncode == 0, target.with_suffix(".log").read_text()
    return most.total()


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(models: Path, tmp_path: Path) -> None:
    """A file eight times as large, of two gigabytes, takes hardly more, and neither takes one."""
    source = tmp_path / "in.jsonl"
    junk = "电池" * 1500  # fills blocks without taking the time that judging it would
    peaks = []
    for size in (LEAST, MOST):
        target = tmp_path / f"{size}.jsonl"
        with source.open("wb") as stream:
            number = 0
            while stream.tell() < size:
                stream.write(orjson.dumps({"id": number, "text": "我认为它太贵了。", "junk": junk}) + b"\n")
                number += 1
        peaks.append(peak(models, source, target))
        source.unlink()
        target.unlink()

    assert max(peaks) < IN_ALL
    assert peaks[1] - peaks[0] < GROWTH
