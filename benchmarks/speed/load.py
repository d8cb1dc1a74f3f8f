"""Load on a server: wrk where it is installed, else a small generator of our own with threads."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.speed.servers import Server, ServerError

CONNECTIONS = 16


def generator() -> str:
    """What makes the load here."""
    return "wrk, one thread, 16 connections" if shutil.which("wrk") else "our own, 16 threads (wrk is not installed)"


def requests_a_second(server: Server, body: dict[str, Any] | None, seconds: float) -> float:
    """Answers a second, over some seconds of full load; a POST of `body`, or a GET of / without one.

    Raises ServerError where an answer is not 200.
    """
    raw = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    path = (server.path or "/") if body is not None else "/"
    return _wrk(server, path, raw, seconds) if shutil.which("wrk") else _threads(server, path, raw, seconds)


def _wrk(server: Server, path: str, body: bytes | None, seconds: float) -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "post.lua"
        if body is not None:
            content = Path(folder) / "body"
            content.write_bytes(body)
            script.write_text(
                f'local file = io.open("{content}", "rb")\nwrk.method = "POST"\nwrk.body = file:read("*a")\n'
                'wrk.headers["Content-Type"] = "application/json"\n'
            )
        options = ["-s", str(script)] if body is not None else []
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *options, f"{server.url}{path}"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    failed = re.search(r"Non-2xx.*|Socket errors.*", output)
    rate = re.search(r"Requests/sec:\s*([0-9.]+)", output)
    if failed or rate is None:
        raise ServerError(f"{server.url}{path} under load: {failed[0] if failed else output}")
    return float(rate[1])


def _threads(server: Server, path: str, body: bytes | None, seconds: float) -> float:
    deadline = time.monotonic() + seconds
    counts, failures = [0] * CONNECTIONS, []

    def ask(number: int) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
            while time.monotonic() < deadline:
                method = "GET" if body is None else "POST"
                connection.request(method, path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                answer.read()
                if answer.status != http.HTTPStatus.OK:
                    failures.append(answer.status)
                    return
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise ServerError(f"{server.url}{path} under load answers {failures[0]}")
    return sum(counts) / seconds
