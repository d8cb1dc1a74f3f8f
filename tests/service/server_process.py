"""The real server as a process, for tests of what only a process shows."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

START_SECONDS = 180
STOP_SECONDS = 180
"""A job that it waits for has the lowest priority, and on a busy machine takes its time even to end."""
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, read as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class ServerProcess:
    """A running server and the folder it writes to."""

    process: subprocess.Popen[str]
    port: int
    folder: Path

    @classmethod
    @contextmanager
    def started(cls, folder: Path, *, module: str = "service.serve", **variables: str) -> Iterator[Self]:
        """Start `python -m module`, wait until it answers, and end it afterwards."""
        port = free_port()
        process = start(folder, port, module, variables)
        running = cls(process, port, folder)
        try:
            running.wait()
            yield running
        finally:
            running.stop()

    @property
    def output(self) -> str:
        """What was printed so far."""
        return (self.folder / "stdout").read_text("utf-8")

    @property
    def log(self) -> list[dict[str, Any]]:
        """The log lines so far."""
        lines = (self.folder / "stderr").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def get(self, path: str, **headers: str) -> Answer:
        """GET `path`."""
        return self.send("GET", path, None, headers)

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """POST `body` as JSON."""
        return self.send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"} | headers)

    def send(self, method: str, path: str, body: Any, headers: dict[str, str], **options: Any) -> Answer:
        """Send one request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers, **options)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def connect(self) -> socket.socket:
        """A bare connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def wait(self) -> None:
        """Wait until the server answers; fail with what it said if it ends before."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                self.get("/livez")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(f"the server does not answer: {(self.folder / 'stderr').read_text('utf-8')}")

    def stop(self) -> int:
        """End the server as an operator does, and return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait(30)


def read_answer(connection: socket.socket) -> Answer:
    """The answer that comes on a bare connection."""
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    return Answer(answer.status, dict(answer.getheaders()), answer.read())


def start(folder: Path, port: int, module: str, variables: dict[str, str]) -> subprocess.Popen[str]:
    """Start a server that prints into files of `folder`."""
    # Most tests need no worker, and its start would slow them down.
    own = {"LANMU_PORT": str(port), "LANMU_DATA_DIR": str(folder / "var"), "LANMU_WORKERS": "2", "LANMU_WORKER": "off"}
    environment = os.environ | own
    with (folder / "stdout").open("w") as stdout, (folder / "stderr").open("w") as stderr:
        return subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment | variables,
            stdout=stdout,
            stderr=stderr,
            text=True,
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
