"""Servers as processes: ours and the peers', started on free ports, asked once, ended."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
START_SECONDS = 60
APPS = "benchmarks.speed.apps"


class ServerError(RuntimeError):
    """A server did not start or did not answer as it should; the message holds what it said."""


@dataclass(frozen=True)
class Server:
    """A running server.

    path : where texts are posted; None where nothing is. ready : what is asked until it answers.
    """

    process: subprocess.Popen[bytes]
    port: int
    path: str | None
    ready: str
    log: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, bytes]:
        """GET: status and body."""
        return self._send("GET", path, None)

    def post(self, body: dict[str, Any]) -> Any:
        """POST texts: the answer. Raises ServerError where it is none."""
        status, answer = self._send("POST", self.path or "/", json.dumps(body).encode())
        if status != http.HTTPStatus.OK:
            raise ServerError(f"{self.url}{self.path} answers {status}: {answer[:200]!r}")
        return json.loads(answer)

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()

    def wait(self) -> None:
        """Wait until it is ready. Raises ServerError."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.get(self.ready)[0] < http.HTTPStatus.INTERNAL_SERVER_ERROR:
                    return
            except OSError:
                pass
            time.sleep(0.01)
        raise ServerError(f"{self.process.args!r} does not answer: {self.log.read_text('utf-8', 'replace')[-2000:]}")

    def memory(self) -> float:
        """Megabytes (10^6 bytes) of all its processes, shared pages divided among those that share them (PSS)."""
        return (
            sum(_kilobytes(Path(f"/proc/{process}/smaps_rollup"), "Pss:") for process in processes(self.process.pid))
            * 1024
            / 1e6
        )


Starting = AbstractContextManager[Server]
"""A server that starts where a `with` begins and ends where it ends."""


def processes(first: int) -> list[int]:
    """The ids of a process and of all that it started, itself first."""
    found, new = [first], [first]
    while new:
        new = [child for parent in new for child in _children(parent)]
        found += new
    return found


def resident(first: int) -> float:
    """Megabytes (10^6 bytes) that a process and all that it started hold, shared pages counted in each (RSS)."""
    held = 0
    for process in processes(first):
        with suppress(OSError, StopIteration):  # it may have ended meanwhile
            held += _kilobytes(Path(f"/proc/{process}/status"), "VmRSS:")
    return held * 1024 / 1e6


def _children(parent: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):  # the thread may have ended meanwhile
            found += map(int, file.read_text().split())
    return found


def _kilobytes(file: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(name))


@contextmanager
def running(
    command: Sequence[str], port: int, log: Path, *, path: str | None, ready: str, **variables: str
) -> Iterator[Server]:
    """A server, ready, and ended afterwards with all its processes. Raises ServerError."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"} | variables
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=stream, stderr=stream, start_new_session=True
        )
    server = Server(process, port, path, ready, log)
    try:
        server.wait()
        yield server
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def lanmu(folder: Path, workers: int, registry: Path, **variables: str) -> Starting:
    """Our own server, as `lanmu serve` starts it."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    chosen = {
        "LANMU_PORT": str(port), "LANMU_WORKERS": str(workers), "LANMU_DATA_DIR": str(folder / "var"),
        "LANMU_MODELS_DIR": str(registry),
    }  # fmt: skip
    command = [str(BIN / "lanmu"), "serve"]
    return running(command, port, folder / "log", path="/v1/classify", ready="/readyz", **(chosen | variables))


def hello(folder: Path, workers: int) -> Starting:
    """A greeting from Flask, on the server that ours runs on."""
    return _gunicorn(folder / "hello", f"{APPS}.flask_hello:app", workers, ["-k", "gevent"], path=None)


def naive_flask(folder: Path, workers: int, **variables: str) -> Starting:
    """The naive pipeline behind Flask, on gunicorn with threads, which keeps connections open as ours does."""
    arguments = ["-k", "gthread", "--threads", "8"]
    return _gunicorn(folder / "naive", f"{APPS}.flask_naive:app", workers, arguments, path="/", **variables)


def fastapi(folder: Path, workers: int, factory: str, **variables: str) -> Starting:
    """A judge behind FastAPI, on uvicorn."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        str(BIN / "uvicorn"), "--factory", f"{APPS}.fastapi_app:{factory}", "--port", str(port),
        "--workers", str(workers), "--no-access-log",
    ]  # fmt: skip
    return running(command, port, folder / f"{factory}.log", path="/", ready="/openapi.json", **variables)


def _gunicorn(
    folder: Path, app: str, workers: int, arguments: Sequence[str], *, path: str | None, **variables: str
) -> Starting:
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [
        str(BIN / "gunicorn"), "-b", f"127.0.0.1:{port}", "-w", str(workers), "--preload", "--keep-alive", "10",
        "--no-control-socket", *arguments, app,
    ]  # fmt: skip
    return running(command, port, folder / "log", path=path, ready="/", **variables)
