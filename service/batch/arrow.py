"""Rows as Arrow and as Parquet."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.result import NONE
from service.batch.encoding import columns_of
from service.batch.job import Answers, Rows, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from service.batch.rows import Row

_TYPES = {"section": pa.int32(), "start": pa.int64(), "end": pa.int64()}


def schema_of(shape: Shape, labels: tuple[str, ...]) -> pa.Schema:
    """The schema of a Parquet output."""
    if shape.rows is Rows.RECORD and not shape.filtered:
        return _nested(shape, labels)
    return pa.schema([(name, _type(name)) for name in columns_of(shape, labels)])


def _type(name: str) -> pa.DataType:
    return pa.float64() if name.startswith("probability") else _TYPES.get(name, pa.string())


def _nested(shape: Shape, labels: tuple[str, ...]) -> pa.Schema:
    """A row a record: a text has the answer itself, a page has sections."""
    answer = [("label", pa.string())]
    if shape.answers in {Answers.FULL, Answers.PROBABILITIES}:
        shares = pa.struct([(label, pa.float64()) for label in (*labels, NONE)])
        answer += [("probability", pa.float64()), ("probabilities", shares)]
    if shape.answers is Answers.FULL:
        answer += [("abstain_reason", pa.string()), ("suggestion", pa.string())]
    place = [("start", pa.int64()), ("end", pa.int64())]
    if shape.answers is Answers.FULL:
        place += [("heading", pa.string()), ("kind", pa.string())]
    text = [("text", pa.string())] if shape.answers is Answers.TEXT else []
    own_text = [("text", pa.string())] if shape.answers in {Answers.TEXT, Answers.FULL} else []
    sections = pa.list_(pa.struct([*place, *answer, *text]))
    return pa.schema([("id", pa.string()), ("model", pa.string()), *answer, *own_text, ("sections", sections)])


def arrow_stream(rows: Iterable[Row], shape: Shape, labels: tuple[str, ...]) -> bytes:
    """The rows as an Arrow stream, which holds a block's part of a Parquet output."""
    schema = schema_of(shape, labels)
    table = pa.Table.from_pylist([row | {"id": str(row["id"])} for row in rows], schema)
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, schema) as writer:
        writer.write_table(table)
    content: Any = stream.getvalue()
    return bytes(content)


def write_table(stream: IO[bytes], parts: Iterable[bytes]) -> None:
    """Blocks as row groups of one Parquet file."""
    writer = None
    for part in parts:
        with pa.ipc.open_stream(part) as reader:
            table = reader.read_all()
        writer = writer or pq.ParquetWriter(stream, table.schema, compression="zstd")
        if table.num_rows:
            writer.write_table(table)
    if writer is not None:
        writer.close()
