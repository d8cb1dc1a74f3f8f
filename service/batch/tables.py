"""Records in Parquet: blocks of rows, cut where their text, unpacked, would fill a block."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.batch.blocks import BLOCK_BYTES, BLOCK_RECORDS, LARGEST, fault, too_large
from service.batch.lines import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from service.batch.job import Fields

LARGEST_GROUP = 1 << 30
"""Bytes that the wanted columns of a row group may have, unpacked: a page of them is read whole."""


def read_table(stream: IO[bytes], file: str, fields: Fields) -> Iterator[Piece]:
    """The rows of a Parquet file, piece by piece, numbered from 1; a damaged row group is told and left out."""
    try:
        table = pq.ParquetFile(stream, memory_map=False, pre_buffer=False)
    except (pa.ArrowException, OSError) as error:
        yield Piece(1, b"", faults=[fault(file, None, f"no Parquet file, or a damaged one: {error}")])
        return
    wanted = [getattr(fields, name) for name in ("id", "text", "sections", "page", "html")]
    columns = [name for name in wanted if name in table.schema_arrow.names]
    if not columns:
        yield Piece(1, b"", faults=[fault(file, None, f"has none of the columns {', '.join(wanted)}")])
        return
    # Kept as a dictionary, a text that stands in a million rows is held once.
    leaves = [table.metadata.schema.column(number) for number in range(table.metadata.num_columns)]
    strings = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
    table = pq.ParquetFile(stream, memory_map=False, pre_buffer=False, read_dictionary=strings)
    first = 1
    for group in range(table.num_row_groups):
        yield from _group(table, group, columns, file, first)
        first += table.metadata.row_group(group).num_rows


def _group(table: pq.ParquetFile, group: int, columns: list[str], file: str, first: int) -> Iterator[Piece]:
    about = table.metadata.row_group(group)
    last = first + about.num_rows - 1
    size = sum(
        about.column(number).total_uncompressed_size
        for number in range(about.num_columns)
        if about.column(number).path_in_schema.partition(".")[0] in columns
    )
    if size > LARGEST_GROUP:
        reason = f"rows {first} to {last} are one row group of {size} bytes; write row groups below {LARGEST_GROUP}"
        yield Piece(first, b"", faults=[fault(file, first, reason)])
        return
    try:
        for batch in table.iter_batches(BLOCK_RECORDS, row_groups=[group], columns=columns, use_threads=False):
            yield from _cut(batch, file, first)
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        reason = f"rows {first} to {last} cannot be read: {error}"
        yield Piece(first, b"", faults=[fault(file, first, reason)])


def _cut(batch: pa.RecordBatch, file: str, first: int) -> Iterator[Piece]:
    """Pieces of the batch whose texts fit into a block; a row that is too large for a record is told."""
    sizes = _sizes(batch)
    ends = np.cumsum(sizes)
    start = 0
    while start < batch.num_rows:
        before = int(ends[start - 1]) if start else 0
        end = max(int(np.searchsorted(ends, before + BLOCK_BYTES, side="right")), start + 1)
        if sizes[start] > LARGEST:
            yield Piece(first + start, b"", faults=[fault(file, first + start, too_large())])
        else:
            yield Piece(first + start, _packed(batch.slice(start, end - start)))
        start = end


def _sizes(batch: pa.RecordBatch) -> NDArray[np.int64]:
    """Bytes of each row's strings."""
    sizes = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
            rows = pc.list_parent_indices(column).to_numpy(zero_copy_only=False)
            lengths = _lengths(pc.list_flatten(column))
            sizes += np.bincount(rows, weights=lengths, minlength=batch.num_rows).astype(np.int64)
        else:
            sizes += _lengths(column)
    return sizes


def _lengths(column: pa.Array) -> NDArray[np.int64]:
    """Bytes of each string; 0 for what is none."""
    if not pa.types.is_dictionary(column.type):
        return np.zeros(len(column), np.int64)
    lengths = pc.binary_length(column.dictionary).take(column.indices)
    return np.asarray(pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False), np.int64)


def _packed(batch: pa.RecordBatch) -> bytes:
    """The rows as an Arrow stream, their strings written out."""
    columns = [_written_out(column) for column in batch.columns]
    batch = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: Any = sink.getvalue()
    return bytes(content)


def _written_out(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        # As bytes: a string that is not UTF-8 would fail the whole column where it is one bad row.
        return column.dictionary_decode().cast(pa.binary())
    if not pa.types.is_list(column.type):
        return column
    # Cut out first: `values` and `offsets` are those of the whole batch, of which this may be a slice.
    offsets = np.concatenate([[0], np.cumsum(pc.fill_null(pc.list_value_length(column), 0).to_numpy())])
    return pa.ListArray.from_arrays(
        pa.array(offsets, pa.int32()), _written_out(pc.list_flatten(column)), mask=column.is_null()
    )


def rows_of(payload: bytes) -> list[dict[str, Any]]:
    """The rows of a piece without the fields that they leave empty."""
    if not payload:
        return []
    with pa.ipc.open_stream(payload) as reader:
        table = reader.read_all()
    if not table.num_columns:
        return [{} for _ in range(table.num_rows)]
    cells = [column.to_pylist() for column in table.columns]
    names = table.column_names
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*cells, strict=True)
    ]
