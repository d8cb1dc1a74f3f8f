"""Rows as the bytes of a block's part of the output."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import orjson

from models.result import NONE
from service.batch.job import Answers, Format, Shape
from service.batch.packing import pack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.batch.rows import Row


def columns_of(shape: Shape, labels: tuple[str, ...]) -> list[str]:
    """The columns of a flat output, in order."""
    if shape.filtered:
        return ["id", "model", "text"]
    named = {
        Answers.FULL: ["heading", "kind", "label", "probability", *_shares(labels), "abstain_reason", "suggestion"],
        Answers.PROBABILITIES: ["label", "probability", *_shares(labels)],
        Answers.LABELS: ["label"],
        Answers.TEXT: ["label", "text"],
    }
    return ["id", "model", "section", "start", "end", *named[shape.answers]]


def _shares(labels: tuple[str, ...]) -> list[str]:
    return [f"probability_{label}" for label in (*labels, NONE)]


def encode(rows: Iterable[Row], shape: Shape, labels: tuple[str, ...], *, opens: bool) -> bytes:
    """The rows in the output's format; joined in order, such bytes are the output (those of Parquet are put together).

    opens : whether they come first, and a header goes with them.
    """
    match shape.format:
        case Format.PARQUET:
            from service.batch.arrow import arrow_stream  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

            return arrow_stream(rows, shape, labels)
        case Format.CSV:
            content = _csv(rows, columns_of(shape, labels), opens=opens)
        case _:
            content = b"".join([orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows])
    return pack(content, shape.packing)


def _csv(rows: Iterable[Row], columns: list[str], *, opens: bool) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    if opens:
        writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
