"""A Ray cluster of one node on this machine, as `ray start` makes it."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.servers import ServerError, free_port

RAY = Path(sys.executable).with_name("ray")
STARTED = "Ray runtime started"
START_SECONDS = 120


@dataclass(frozen=True)
class Cluster:
    """Where it is, and what a driver has to have in its environment."""

    address: str
    variables: dict[str, str]


@contextmanager
def ray_cluster(folder: Path, cpus: int) -> Iterator[Cluster]:
    """A cluster that is there as long as the block, with its files in a folder. Raises ServerError."""
    port = free_port()
    variables = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex()}
    options = ["--port", str(port), "--num-cpus", str(cpus), "--include-dashboard", "false", "--disable-usage-stats"]
    command = [str(RAY), "start", "--head", "--block", "--temp-dir", str(folder / "ray"), *options]
    log = folder / "ray.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, env=os.environ | variables, stdout=stream, stderr=stream, start_new_session=True
        )
    try:
        _wait(process, log)
        yield Cluster(f"127.0.0.1:{port}", variables)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # nothing of it is worth keeping
        process.wait()


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while STARTED not in log.read_text("utf-8", "replace"):
        if time.monotonic() > deadline or process.poll() is not None:
            raise ServerError(f"Ray does not start: {log.read_text('utf-8', 'replace')[-2000:]}")
        time.sleep(0.1)
