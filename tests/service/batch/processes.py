"""The `lanmu batch` command as a process, and the processes that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

LANMU = Path(sys.executable).with_name("lanmu")


def started(models: Path, *arguments: object, log: Path, **variables: str) -> subprocess.Popen[bytes]:
    """Start `lanmu batch` on these models, with what it prints in a file."""
    with log.open("ab") as stream:
        return subprocess.Popen(
            [str(LANMU), "batch", *map(str, arguments)],
            stdout=stream,
            stderr=stream,
            env=os.environ | {"LANMU_MODELS_DIR": str(models)} | variables,
        )


def children(pid: int) -> list[int]:
    """The processes that a process started, by whichever of its threads."""
    found = []
    for each in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in each.read_text().split()]
        except FileNotFoundError:  # the thread has ended meanwhile
            continue
    return found


def most_resident(pid: int) -> int:
    """The most bytes of memory that a process held so far, its own and shared ones; 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:"))


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes], seconds: float = 120) -> None:
    """Return as soon as it is true; fail after some time, or when the process ends before."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        assert process.poll() is None, f"the process ended with {process.returncode}"
        time.sleep(0.02)
