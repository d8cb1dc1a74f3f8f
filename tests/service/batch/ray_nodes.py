"""Nodes of a Ray cluster, each as `ray start` makes it: a scheduler, an object store and workers of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.service.batch.processes import wait_until

RAY = Path(sys.executable).with_name("ray")
STORE_BYTES = 100 << 20
STARTED = "Ray runtime started"


class Cluster:
    """Nodes of one CPU each, of which the first is the head; `variables` tell a driver what the cluster asks for."""

    def __init__(self, folder: Path) -> None:
        self.address = f"127.0.0.1:{free_port()}"
        # Without a token that is named, Ray may leave one in the home of whoever runs the tests.
        self.variables = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex()}
        self._folder = folder
        self._nodes: list[subprocess.Popen[bytes]] = []
        port = self.address.rpartition(":")[2]
        self._start("--head", "--port", port, "--temp-dir", str(folder / "t"), "--include-dashboard", "false")

    def add(self) -> subprocess.Popen[bytes]:
        """One more node, ready."""
        return self._start("--address", self.address)

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """Kill all processes of a node at once, as a power cut would."""
        self._nodes.remove(node)
        os.killpg(node.pid, signal.SIGKILL)
        node.wait()

    def end(self) -> None:
        """Kill what is there, the head last."""
        for node in reversed(self._nodes.copy()):
            self.kill(node)

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        log = self._folder / f"{len(list(self._folder.iterdir()))}.log"
        usual = ["--num-cpus", "1", "--object-store-memory", str(STORE_BYTES), "--disable-usage-stats", "--block"]
        with log.open("wb") as stream:
            node = subprocess.Popen(
                [str(RAY), "start", *options, *usual],
                stdout=stream,
                stderr=stream,
                env=os.environ | self.variables,
                start_new_session=True,
            )
        self._nodes.append(node)
        wait_until(lambda: STARTED in log.read_text(), node)
        return node


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
