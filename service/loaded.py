"""What a server process has loaded, or could not load."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from models.model import Model

RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""How long after each failure the same version is tried again; the last from then on."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model, and the number it goes by on the switch. since : when it was ready, in monotonic seconds."""

    model: Model
    token: int
    since: float = field(default_factory=time.monotonic)

    @property
    def version(self) -> str:
        """The version's name."""
        return self.model.version


@dataclass(frozen=True, slots=True)
class Refusal:
    """A version that could not be loaded. again : when it is tried again, in monotonic seconds."""

    version: str
    reason: str
    times: int
    again: float


def refused(version: str, reason: str, before: Refusal | None) -> Refusal:
    """A refusal of now, after one `before`."""
    times = before.times + 1 if before is not None and before.version == version else 1
    return Refusal(version, reason, times, time.monotonic() + RETRY_S[min(times, len(RETRY_S)) - 1])
