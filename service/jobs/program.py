"""A program that a job runs, followed by what it prints."""

from __future__ import annotations

import json
import os
import subprocess
from collections import deque
from collections.abc import Iterator
from typing import Any, NoReturn

from service.jobs.errors import JobFailedError
from service.jobs.task import Task
from service.leash import leashed

WRONG_USE = 2
"""The status of a program that cannot work with what it is given; it says why in its last words."""

LAST_LINES = 3
MOST_SAID = 4000
"""Characters of what a program said that become a job's error; all of it is in the log."""


class Program:
    """`python -m training COMMAND OPTIONS... --progress json`, which ends with the job at the latest.

    It prints JSON lines for programs and other lines for people. The latter go to the job's log.
    """

    def __init__(self, task: Task, command: str, *options: str) -> None:
        self._task = task
        self._command = command
        self._last_words: deque[str] = deque(maxlen=LAST_LINES)
        self._process = subprocess.Popen(  # noqa: S603 - our own program, no shell
            leashed("training", command, *options, "--progress", "json"),
            env=os.environ | task.settings.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        self._reason: str | None = None
        task.on_stop = self._process.kill

    def follow(self) -> dict[str, Any]:
        """Wait until it ends, telling the progress; returns the last message that was more than progress."""
        told: dict[str, Any] = {}
        for message in self._messages():
            if "stage" in message:
                self._task.progress(f"{self._command}: {message['stage']}", message["done"], message["total"])
            else:
                told = message
        self._reason = told.get("error")
        return told

    @property
    def status(self) -> int:
        """How it ended; negative is the signal that ended it."""
        return self._process.wait()

    def refuse(self) -> NoReturn:
        """Say that it did not do its work: for good where it says why itself, without an answer otherwise."""
        words = "\n".join(self._last_words)
        if self._reason is not None or self.status == WRONG_USE:
            raise JobFailedError((self._reason or words)[:MOST_SAID])
        raise RuntimeError(f"`lanmu-train {self._command}` ended with status {self.status}: {words[:MOST_SAID]}")

    def _messages(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for above
        for line in self._process.stdout:
            message = _message(line)
            if message is not None:
                yield message
                continue
            print(line, end="")  # noqa: T201 - this is the job's log
            self._last_words.extend([line.strip()] if line.strip() else [])


def _message(line: str) -> dict[str, Any] | None:
    """What a line tells programs, or None where it is for people."""
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
