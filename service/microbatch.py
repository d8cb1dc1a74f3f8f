"""Requests that are ready at the same time, judged in one call.

What Python does between two calls of the model takes the kernel's tables out of the processor's caches, and the tables
take Python's. So the requests that gevent's loop finds ready are read one after the other, judged together, and
answered one after the other. None waits for others to come: the loop judges once it has no other request to read. And
to turn the loop costs a request by itself a tenth of a millisecond, so where requests come singly, most are judged at
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import gevent
from gevent import monkey
from gevent.event import AsyncResult

from service.offload import LARGE

if TYPE_CHECKING:
    from models.model import Model
    from service.policy import Policy

T = TypeVar("T")

MOST = 2 * LARGE
"""Characters from which a batch is full: about 4 ms of work, in which the worker answers nobody."""

SINGLY = 16
"""After so many batches of one request in a row, only one request in as many looks whether others are ready."""


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting(Generic[T]):
    model: Model
    policy: Policy
    texts: Sequence[str]
    answer: AsyncResult


class MicroBatcher(Generic[T]):
    """Judges the texts of requests, as many requests at a time as are ready.

    judge : what each request is given, by one model and one policy, in the order of the requests.
    """

    def __init__(self, judge: Callable[[Model, Policy, Sequence[Sequence[str]]], Sequence[T]]) -> None:
        self._judge = judge
        self._waiting: list[_Waiting[T]] = []
        self._singly = 0

    def judged(self, model: Model, policy: Policy, texts: Sequence[str]) -> T:
        """What the texts of a request are given. Raises what `judge` raises of them."""
        if self._is_single():
            return self._judge(model, policy, [texts])[0]
        waiting: _Waiting[T] = _Waiting(model, policy, texts, AsyncResult())
        self._waiting.append(waiting)
        if len(self._waiting) == 1:
            gevent.spawn_raw(self._step)
        judged: T = waiting.answer.get()
        return judged

    def _is_single(self) -> bool:
        """Whether to judge a request at once."""
        if not monkey.is_module_patched("socket"):  # no loop, so nobody else is read meanwhile
            return True
        if self._singly < SINGLY:
            return False
        looks = self._singly == 2 * SINGLY - 1
        self._singly = SINGLY - 1 if looks else self._singly + 1
        return not looks

    def _step(self) -> None:
        """Judge a batch. Where requests are left, the next one comes after the answers to these."""
        batch = self._waiting[: _fitting(self._waiting)]
        del self._waiting[: len(batch)]
        self._singly = self._singly + 1 if len(batch) == 1 else 0
        try:
            self._answer(batch)
        finally:  # whatever happens to these, those that are left are not left for good
            if self._waiting:
                gevent.spawn_raw(self._step)

    def _answer(self, batch: Sequence[_Waiting[T]]) -> None:
        first, *others = batch
        try:
            judged = self._judge(first.model, first.policy, [each.texts for each in batch])
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            if others:  # it may be the fault of one: each answers for itself
                for each in batch:
                    self._answer([each])
            else:
                first.answer.set_exception(error)
        except SystemExit as error:  # gunicorn's master, see `service.watchdog`
            for each in batch:
                each.answer.set_exception(error)
        else:
            for each, its in zip(batch, judged, strict=True):
                each.answer.set(its)


def _fitting(waiting: Sequence[_Waiting[T]]) -> int:
    """How many of the first make a batch: those with the first one's model and policy, until it is full."""
    first = waiting[0]
    characters = 0
    for number, each in enumerate(waiting):
        if each.model is not first.model or each.policy is not first.policy or characters >= MOST:
            return number
        characters += sum(map(len, each.texts))
    return len(waiting)
