"""How fast two versions score, one after the other on the same texts.

Processor time is what counts: a training has the lowest priority, and by the clock a version would look slow whenever
the service was busy in its turn.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.model import Model

ROUNDS = 9
SLOWEST = 2.0
"""A challenger may take so many times as long as the champion: versions of one form differ by their numbers only."""


@dataclass(frozen=True)
class Speed:
    """Sections a second of processor time, in the fastest of several rounds. champion : None where there is none."""

    challenger: float
    champion: float | None

    @property
    def reason(self) -> str | None:
        """Why the challenger is too slow; None where it is not."""
        if self.champion is None or self.challenger * SLOWEST >= self.champion:
            return None
        return (
            f"it scores {self.challenger:.0f} sections a second, the champion {self.champion:.0f}: "
            f"more than {SLOWEST:.0f} times slower"
        )

    def described(self) -> dict[str, Any]:
        """The speed as JSON."""
        rates = {
            name: rate and round(rate) for name, rate in (("challenger", self.challenger), ("champion", self.champion))
        }
        return {"sections_per_second": rates, "slowest": SLOWEST, "holds": self.reason is None}


def speed_of(challenger: Model, champion: Model | None, texts: Sequence[str]) -> Speed | None:
    """Measure; None where there are no texts."""
    models = [challenger] if champion is None else [challenger, champion]
    if not texts:
        return None
    fastest = [float("inf")] * len(models)
    for _ in range(ROUNDS):
        for place, model in enumerate(models):
            fastest[place] = min(fastest[place], _seconds(model, texts))
    rates = [len(texts) / seconds for seconds in fastest]
    return Speed(rates[0], rates[1] if champion else None)


def _seconds(model: Model, texts: Sequence[str]) -> float:
    began = time.process_time()
    model.classify(texts)
    return max(time.process_time() - began, 1e-6)
