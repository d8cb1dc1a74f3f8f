"""Several clients that ask for answers as fast as they come, and write down which version gave each."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Event

CLIENTS = 4


@dataclass(frozen=True)
class Asked:
    """One request: when it was begun and answered, in monotonic seconds, and what the answer was."""

    begun: float
    ended: float
    status: int
    version: str
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

    def between(self, start: float, end: float) -> list[Asked]:
        """What was begun in that time."""
        return [each for each in self.asked if start <= each.begun < end]


@contextmanager
def under_load(port: int, text: str, *, reconnect: bool = False) -> Iterator[Load]:
    """Ask all the while. reconnect : take a lost connection for a lost worker, note it and connect again."""
    load, stop = Load(), Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients: list[Future[None]] = [pool.submit(_ask, port, text, load, stop, reconnect) for _ in range(CLIENTS)]
        try:
            yield load
        finally:
            stop.set()
    for client in clients:
        client.result()


def _ask(port: int, text: str, load: Load, stop: Event, reconnect: bool) -> None:  # noqa: FBT001 - from `under_load` only
    body = json.dumps({"text": text}).encode()
    while not stop.is_set():
        try:
            _on_one_connection(port, body, load, stop)
        except (OSError, http.client.HTTPException) as error:
            load.failures.append(repr(error))
            if not reconnect:
                raise


def _on_one_connection(port: int, body: bytes, load: Load, stop: Event) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        while not stop.is_set():
            begun = time.monotonic()
            connection.request("POST", "/v1/classify", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            found = json.loads(answer.read())
            ended = time.monotonic()
            labels = frozenset(found["results"][0]["probabilities"]) if answer.status == 200 else frozenset()
            load.asked.append(Asked(begun, ended, answer.status, found.get("model", ""), labels))
