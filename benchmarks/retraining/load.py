"""A steady load: so many requests a second, whatever the answers take, and how long each took."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from threading import Event, Thread

from benchmarks.speed.servers import Server, ServerError

CLIENTS = 4
TIMEOUT_S = 60

Answered = tuple[float, float]
"""When a request was due, and when its answer was there, in monotonic seconds."""


@dataclass
class Load:
    """What the clients have seen so far. failures : the first thing that went wrong for each client."""

    answered: list[Answered] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def latencies(self, start: float, end: float) -> list[float]:
        """Seconds from due to answered, of the requests that were due in that time, the smallest first.

        Raises ServerError where a request failed or nothing was asked.
        """
        if self.failures:
            raise ServerError(f"a request failed under load: {self.failures[0]}")
        found = sorted(ended - due for due, ended in list(self.answered) if start <= due < end)
        if not found:
            raise ServerError("the clients asked nothing in that time")
        return found


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least a share of the sorted values do not exceed.

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5), quantile([1.0, 2.0, 3.0, 4.0], 0.99)
    (2.0, 4.0)
    """
    return values[max(0, -int(-share * len(values) // 1) - 1)]


@contextmanager
def steady_load(server: Server, texts: Sequence[str], a_second: float) -> Iterator[Load]:
    """Ask all the while, a text a request, on connections that stay open."""
    load, stop = Load(), Event()
    bodies = [json.dumps({"text": text}, ensure_ascii=False).encode() for text in texts]
    clients = [
        _Client(server, bodies[number:] + bodies[:number], load, stop, number / a_second, CLIENTS / a_second)
        for number in range(CLIENTS)
    ]
    threads = [Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join()


@dataclass(frozen=True)
class _Client:
    """One connection. first : seconds until its first request; pause : from one to the next."""

    server: Server
    bodies: Sequence[bytes]
    load: Load
    stop: Event
    first: float
    pause: float

    def run(self) -> None:
        """Ask until told to stop, or until a request fails."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=TIMEOUT_S)) as connection:
                self._ask(connection)
        except (OSError, http.client.HTTPException, ServerError) as error:
            self.load.failures.append(repr(error))

    def _ask(self, connection: http.client.HTTPConnection) -> None:
        due = time.monotonic() + self.first
        for body in cycle(self.bodies):
            if self.stop.wait(max(0.0, due - time.monotonic())):
                return
            # A request that had to wait for the answer before it counts from when it was due. One that was sent a
            # little late, because this thread was woken late, does not: no client waits for that.
            woken = time.monotonic()
            begun = due if woken - due > self.pause else woken
            self._send(connection, body)
            self.load.answered.append((begun, time.monotonic()))
            due += self.pause

    def _send(self, connection: http.client.HTTPConnection, body: bytes) -> None:
        connection.request("POST", self.server.path or "/", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise ServerError(f"{answer.status}: {content[:200]!r}")
