"""Texts by themselves, answered in JSON Lines: each line is put together from its pieces, with no object for it.

They are the bytes that `Rower` and `encode` give, in a quarter of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import orjson

from models.result import NONE
from service.batch.job import Answers, Format, Rows, Shape
from service.batch.packing import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.judging.decision import Verdicts
    from models.model import Model
    from service.policy import Policy

OPENING = b'{"id":'


class Writer:
    """Writes verdicts in one shape."""

    def __init__(self, shape: Shape, policy: Policy, model: Model) -> None:
        self._packing = shape.packing
        self._full = shape.answers is Answers.FULL
        self._suggest = policy.suggest
        self._meanings = model.meanings
        self._heads = [_inside({"model": model.version, "label": label}) for label, _ in model.meanings]
        self._names: list[bytes] = []
        if shape.answers is not Answers.LABELS:
            first, *others = (orjson.dumps(label) + b":" for label in (*model.labels, NONE))
            self._names = [b',"probability":', b',"probabilities":{' + first, *(b"," + name for name in others)]
        self._ends = [self._usual_end(number) for number in range(len(model.meanings))]

    @classmethod
    def of(cls, shape: Shape, policy: Policy, model: Model) -> Self | None:
        """A writer of this shape; None where it is not for this kind of writer."""
        plain = shape.format is Format.JSONL and shape.rows is Rows.RECORD and shape.answers is not Answers.TEXT
        if not plain or shape.filtered or shape.endpoint is not None:
            return None
        return cls(shape, policy, model)

    def lines(self, ids: Sequence[str | int], verdicts: Verdicts) -> bytes:
        """A line for each record."""
        if not ids:
            return b""
        answers = verdicts.answers.tolist()
        columns = [_dumped(ids), [self._heads[answer] for answer in answers]]
        for name, numbers in zip(self._names, _numbers(verdicts), strict=False):
            columns += [[name] * len(answers), numbers]
        columns.append(self._endings(answers, verdicts))
        pieces = [b""] * (len(columns) * len(answers))
        for number, column in enumerate(columns):
            pieces[number :: len(columns)] = column
        pieces[0] = OPENING + pieces[0]
        pieces[-1] = pieces[-1].removesuffix(OPENING)
        return pack(b"".join(pieces), self._packing)

    def _endings(self, answers: list[int], verdicts: Verdicts) -> list[bytes]:
        """How each line ends; the beginning of the next comes along, as that is the same for all."""
        largest = verdicts.table[:, 0].tolist()
        pairs = zip(answers, largest, strict=True)
        return [self._ends[answer] or self._end(answer, probability) for answer, probability in pairs]

    def _usual_end(self, answer: int) -> bytes | None:
        """The end of all lines with this answer; None where it depends on the probability."""
        label, _ = self._meanings[answer]
        # A policy never suggests anything milder for more.
        always = not self._full or self._suggest(label, 0.0) == self._suggest(label, 1.0)
        return self._end(answer, 1.0) if always else None

    def _end(self, answer: int, probability: float) -> bytes:
        label, reason = self._meanings[answer]
        told = b""
        if self._full:
            told = _inside({"abstain_reason": reason, "suggestion": self._suggest(label, probability)})
        return (b"}" if self._names else b"") + told + b"}\n" + OPENING


def _inside(values: dict[str, Any]) -> bytes:
    """An object's fields, as they follow others."""
    return b"," + orjson.dumps(values)[1:-1]


def _dumped(ids: Sequence[str | int]) -> list[bytes]:
    """Each id as JSON."""
    if str in set(map(type, ids)):
        return list(map(orjson.dumps, ids))
    return orjson.dumps(ids)[1:-1].split(b",")


def _numbers(verdicts: Verdicts) -> list[list[bytes]]:
    """The largest probability of each row, and those of each label, as JSON."""
    table = verdicts.numbers
    numbers = orjson.dumps(table.reshape(-1), option=orjson.OPT_SERIALIZE_NUMPY)[1:-1].split(b",")
    width = table.shape[1]
    return [numbers[column::width] for column in range(width)]
