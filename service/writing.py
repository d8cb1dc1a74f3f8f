"""Verdicts as JSON, put together from its pieces, with no object for each.

They are the bytes that orjson makes of `service.answers`, in a quarter of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from models.result import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.judging.decision import Verdicts
    from models.model import Model
    from service.policy import Policy


class VerdictWriter:
    """Writes verdicts.

    around : what is before each and after each.
    numbers : whether with their probabilities. advice : whether with the reason of abstentions, and a suggestion.
    """

    def __init__(
        self, model: Model, policy: Policy, around: tuple[bytes, bytes], *, numbers: bool = True, advice: bool = True
    ) -> None:
        before, self._after = around
        self._advice = advice
        self._suggest = policy.suggest
        self._meanings = model.meanings
        self._heads = [before + fields({"label": label}) for label, _ in model.meanings]
        self._names: list[bytes] = []
        if numbers:
            first, *others = (orjson.dumps(label) + b":" for label in (*model.labels, NONE))
            self._names = [b',"probability":', b',"probabilities":{' + first, *(b"," + name for name in others)]
        self._ends = [self._usual_end(number) for number in range(len(model.meanings))]

    def columns(self, verdicts: Verdicts) -> list[list[bytes]]:
        """The pieces of each verdict, for `woven`."""
        answers = verdicts.answers.tolist()
        columns = [[self._heads[answer] for answer in answers]]
        if self._names:
            for name, numbers in zip(self._names, _numbers(verdicts), strict=True):
                columns += [[name] * len(answers), numbers]
        return [*columns, self._endings(answers, verdicts)]

    def _endings(self, answers: list[int], verdicts: Verdicts) -> list[bytes]:
        """How each ends, with what is after it."""
        largest = verdicts.table[:, 0].tolist()
        pairs = zip(answers, largest, strict=True)
        return [self._ends[answer] or self._end(answer, probability) for answer, probability in pairs]

    def _usual_end(self, answer: int) -> bytes | None:
        """The end of all verdicts with this answer; None where it depends on the probability."""
        label, _ = self._meanings[answer]
        # A policy never suggests anything milder for more.
        always = not self._advice or self._suggest(label, 0.0) == self._suggest(label, 1.0)
        return self._end(answer, 1.0) if always else None

    def _end(self, answer: int, probability: float) -> bytes:
        label, reason = self._meanings[answer]
        told = b""
        if self._advice:
            told = b"," + fields({"abstain_reason": reason, "suggestion": self._suggest(label, probability)})
        return (b"}" if self._names else b"") + told + self._after


def woven(columns: Sequence[Sequence[bytes]]) -> list[bytes]:
    """The first of all columns, then the second of all, and so on."""
    pieces = [b""] * (len(columns) * len(columns[0]))
    for number, column in enumerate(columns):
        pieces[number :: len(columns)] = column
    return pieces


def fields(values: dict[str, Any]) -> bytes:
    """An object's fields, without its braces."""
    return orjson.dumps(values)[1:-1]


def _numbers(verdicts: Verdicts) -> list[list[bytes]]:
    """The largest probability of each row, and those of each label, as JSON."""
    table = verdicts.numbers
    told = orjson.dumps(table.reshape(-1), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1]
    numbers = told.split(b",") if told else []
    width = table.shape[1]
    return [numbers[column::width] for column in range(width)]
