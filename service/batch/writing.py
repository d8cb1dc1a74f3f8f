"""Texts by themselves, answered in JSON Lines: the bytes that `Rower` and `encode` give, by `VerdictWriter`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import orjson

from service.batch.job import Answers, Format, Rows, Shape
from service.batch.packing import pack
from service.writing import VerdictWriter, fields, woven

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.judging.decision import Verdicts
    from models.model import Model
    from service.policy import Policy

OPENING = b'{"id":'


class Writer:
    """Writes lines in one shape."""

    def __init__(self, shape: Shape, policy: Policy, model: Model) -> None:
        around = b"," + fields({"model": model.version}) + b",", b"}\n" + OPENING  # of the next line: always the same
        numbers, advice = shape.answers is not Answers.LABELS, shape.answers is Answers.FULL
        self._packing = shape.packing
        self._verdicts = VerdictWriter(model, policy, around, numbers=numbers, advice=advice)

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
        pieces = woven([_dumped(ids), *self._verdicts.columns(verdicts)])
        pieces[0] = OPENING + pieces[0]
        pieces[-1] = pieces[-1].removesuffix(OPENING)
        return pack(b"".join(pieces), self._packing)


def _dumped(ids: Sequence[str | int]) -> list[bytes]:
    """Each id as JSON."""
    if str in set(map(type, ids)):
        return list(map(orjson.dumps, ids))
    return orjson.dumps(ids)[1:-1].split(b",")
