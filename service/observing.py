"""Requests that were answered, taken off their path: to the shadow, and to the count of unknown words.

The answer's path only puts a request into a short queue. A thread empties it, a few milliseconds at a time, so that
watching takes about a sixth of a core at most. What finds the queue full is dropped. The thread has the priority of
all others: one of low priority could be put aside while it holds Python's lock, which answers need.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.page import Page
from service.metrics import count_dropped, count_sections, count_words

if TYPE_CHECKING:
    from models.judging.decision import Meaning, Words
    from models.model import Model
    from service.shadow import ShadowScorer

QUEUE = 64
"""So many requests wait at most."""

LARGEST = 20_000
"""Characters of a request above which it is not watched."""

EVERY = 16
"""Of each so many requests, the words of one are counted as known or unknown."""

BUSY_S = 0.01
"""How long the thread works before it pauses for `service.follow.SOON_S`."""

LOOK_S = 0.5
"""How often it looks which version is the shadow."""


Given = Sequence[str] | Page
"""What was judged: texts each by itself, or a page."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A request with its answer.

    said : the label of each section, None for abstentions. words : tells how many words training knew, without looking
        for them again; None where nobody can.
    """

    model: Model
    given: Given
    said: Sequence[str | None]
    words: Callable[[], Words] | None

    def texts(self) -> Sequence[str]:
        """The texts or the sections' texts, in order."""
        return self.given.texts() if isinstance(self.given, Page) else self.given


def length_of(given: Given) -> int:
    """Characters of what was judged."""
    return len(given.text) if isinstance(given, Page) else sum(map(len, given))


class Observer:
    """Watches what one process answers."""

    def __init__(self, shadow: ShadowScorer) -> None:
        self.shadow = shadow
        self._queue: deque[Answered] = deque()
        self._seen = 0
        self._watched = 0
        self._look_at = 0.0

    def saw(
        self, model: Model, given: Given, answers: Sequence[Meaning], words: Callable[[], Words] | None = None
    ) -> None:
        """Count what was answered, and `watch` it."""
        count_sections(model.version, answers)
        self.watch(model, given, answers, words)

    def watch(
        self, model: Model, given: Given, answers: Sequence[Meaning], words: Callable[[], Words] | None = None
    ) -> None:
        """Take what was answered to be watched, or drop it; this costs next to nothing.

        answers : one for each text or section. words : as in `Answered`.
        """
        self._seen += 1
        shadowed = self.shadow.active
        if not shadowed and self._seen % EVERY:
            return
        if len(self._queue) < QUEUE and length_of(given) <= LARGEST:
            self._queue.append(Answered(model, given, [label for label, _ in answers], words))
        elif shadowed:
            count_dropped()

    def step(self) -> bool:
        """Work for a few milliseconds; whether requests are left."""
        until = time.monotonic() + BUSY_S
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_S
            self.shadow.look()
        while self._queue and time.monotonic() < until:
            self._watch(self._queue.popleft())
        return bool(self._queue)

    def _watch(self, answered: Answered) -> None:
        self._watched += 1
        if self._watched % EVERY == 0 or not self.shadow.active:
            words = answered.words() if answered.words else answered.model.known_words(answered.texts())
            count_words(answered.model.version, *words)
        self.shadow.score(answered)
