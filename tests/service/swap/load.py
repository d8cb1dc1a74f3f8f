"""Several clients that ask for answers as fast as they come, and write down which version gave each."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event
from typing import Any

CLIENTS = 4


@dataclass(frozen=True)
class Asked:
    """One request: when it was begun and answered, in monotonic seconds, and what the answer was."""

    begun: float
    ended: float
    status: int
    version: str
    label: str | None
    labels: frozenset[str]


@dataclass
class Load:
    """What the clients have seen so far. failures : requests that got no answer."""

    asked: list[Asked] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.asked) / (max(each.ended for each in self.asked) - min(each.begun for each in self.asked))

    def rate_between(self, start: float, end: float) -> float:
        """Answers a second in that time."""
        return sum(start <= each.ended < end for each in self.asked) / (end - start)

    def between(self, start: float, end: float) -> list[Asked]:
        """What was begun in that time."""
        return [each for each in self.asked if start <= each.begun < end]


@contextmanager
def under_load(port: int, text: str, *, reconnect: bool = False, a_second: float | None = None) -> Iterator[Load]:
    """Ask all the while.

    reconnect : take a lost connection for a lost worker, note it and connect again.
    a_second : how many requests to send a second; what was late is made up for. None for as many as there come answers.
    """
    load, stop = Load(), Event()
    asking = _Asking(port, json.dumps({"text": text}).encode(), load, stop, CLIENTS / a_second if a_second else 0.0)
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients: list[Future[None]] = [
            pool.submit(asking.again_and_again if reconnect else asking.on_one_connection) for _ in range(CLIENTS)
        ]
        try:
            yield load
        finally:
            stop.set()
    for client in clients:
        client.result()


@dataclass(frozen=True)
class _Asking:
    """What the clients do. pause : seconds from one request of a client to its next."""

    port: int
    body: bytes
    load: Load
    stop: Event
    pause: float

    def again_and_again(self) -> None:
        """Ask on a new connection whenever one is lost."""
        while not self.stop.is_set():
            with suppress(OSError, http.client.HTTPException):
                self.on_one_connection()

    def on_one_connection(self) -> None:
        """Ask until it is enough. What goes wrong is noted, and raised."""
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
                due = time.monotonic()
                while not self.stop.wait(max(0.0, due - time.monotonic())):
                    due += self.pause
                    self.load.asked.append(self._ask(connection))
        except (OSError, http.client.HTTPException) as error:
            self.load.failures.append(repr(error))
            raise

    def _ask(self, connection: http.client.HTTPConnection) -> Asked:
        begun = time.monotonic()
        connection.request("POST", "/v1/classify", self.body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        found = json.loads(answer.read())
        ended = time.monotonic()
        result: dict[str, Any] = found["results"][0] if answer.status == 200 else {"label": None, "probabilities": ()}
        labels = frozenset(result["probabilities"])
        return Asked(begun, ended, answer.status, found.get("model", ""), result["label"], labels)
