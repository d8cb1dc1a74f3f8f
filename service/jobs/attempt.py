"""One try of a job, as its worker follows it."""

from __future__ import annotations

import os
import shutil
import signal
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from service.jobs.claims import Progress
from service.jobs.job import Job
from service.jobs.process import Process

GRACE_S = 10.0
"""How long a try may take to end when it is asked to; then it is killed."""

MOST_PRINTED = 256 * 1024
"""Characters of a try's output that are kept for the log."""

PIECE_BYTES = 64 * 1024
MOST_PIECES = 64
"""Read at a time, so that one that prints without end holds up nobody."""


class End(StrEnum):
    """How a try ended: with a result, with the reason for none, without an answer, or because it was asked to."""

    RESULT = "result"
    FAILED = "failed"
    LOST = "lost"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended. value : the result, or the reason."""

    end: End
    value: Any

    @property
    def reason(self) -> str | None:
        """Why there is no result, where there is none."""
        return self.value if self.end in {End.FAILED, End.LOST} else None


class Attempt:
    """A try whose process was begun.

    seconds : how long it may take; None for any time.
    """

    def __init__(self, job: Job, process: Process, folder: Path, seconds: float | None) -> None:
        self.job = job
        self.process = process
        self.progress: Progress | None = None
        self.printed = ""
        self.outcome: Outcome | None = None
        self.renew_at = 0.0
        self._folder = folder
        self._seconds = seconds
        self._began = time.monotonic()
        self._open = {process.messages, process.printed}
        self._stop_by: float | None = None
        self._said: Outcome | None = None
        self._unread = b""
        self._decoder = getincrementaldecoder("utf-8")("replace")
        self._kept = 0

    @property
    def ears(self) -> list[int]:
        """The pipes on which something may still come."""
        return [] if self.outcome else sorted(self._open)

    @property
    def asked_to_stop(self) -> bool:
        """Whether it was asked to end."""
        return self._stop_by is not None

    def ask_to_stop(self) -> None:
        """Ask it to end soon."""
        if self._stop_by is None and self.outcome is None:
            self._stop_by = time.monotonic() + GRACE_S
            os.kill(self.process.pid, signal.SIGTERM)

    def look(self) -> None:
        """Hear what it says, keep it to its time, and see whether it ended: then `outcome` tells how."""
        if self.outcome is not None:
            return
        ended = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        self._listen()
        if ended is not None:
            self._bury()
            self.outcome = self._said or (
                Outcome(End.STOPPED, None) if self.asked_to_stop else Outcome(End.LOST, _cause(ended))
            )
        elif self._late():
            self._bury()
            limit = Outcome(End.LOST, f"it took longer than {self._seconds} s and was ended")
            self.outcome = self._said or (Outcome(End.STOPPED, None) if self.asked_to_stop else limit)

    def kill(self) -> None:
        """End it now, if it has not ended."""
        if self.outcome is None:
            self._bury()
            self.outcome = Outcome(End.STOPPED, None)

    def forget(self, printed: str) -> None:
        """Drop what was printed and is stored by now."""
        self.printed = self.printed[len(printed) :]

    def _late(self) -> bool:
        now = time.monotonic()
        if self._stop_by is not None:
            return now > self._stop_by
        return self._seconds is not None and now > self._began + self._seconds

    def _bury(self) -> None:
        """End the process with all that it started, and remove what it left."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError, PermissionError):  # it may have ended before it had a group
            os.killpg(self.process.pid, signal.SIGKILL)
        self._listen()
        os.waitpid(self.process.pid, 0)
        for end in (self.process.messages, self.process.printed):
            os.close(end)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _listen(self) -> None:
        *messages, self._unread = (self._unread + self._read(self.process.messages)).split(b"\n")
        for message in messages:
            ((name, value),) = orjson.loads(message).items()
            if name == "progress":
                self.progress = Progress(*value)
            else:
                self._said = Outcome(End(name), value)
        self._keep(self._decoder.decode(self._read(self.process.printed)))

    def _read(self, end: int) -> bytes:
        """What a pipe has now."""
        pieces: list[bytes] = []
        with suppress(BlockingIOError):
            while len(pieces) < MOST_PIECES:
                if not (piece := os.read(end, PIECE_BYTES)):
                    self._open.discard(end)
                    break
                pieces.append(piece)
        return b"".join(pieces)

    def _keep(self, printed: str) -> None:
        kept = printed[: MOST_PRINTED - self._kept]
        self._kept += len(kept)
        self.printed += kept
        if len(kept) < len(printed) and not self.printed.endswith("…\n"):
            self.printed += f"\n(more than {MOST_PRINTED} characters: the rest is not kept) …\n"


def _cause(ended: os.waitid_result) -> str:
    if ended.si_code == os.CLD_EXITED:
        return f"its process exited with status {ended.si_status}"
    name = signal.Signals(ended.si_status).name
    hint = ": by hand, or the machine has no memory left" if name == "SIGKILL" else ""
    return f"its process was ended by {name}{hint}"
