"""Blocks to records, in the process that judges them."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TypeVar

from service.batch.blocks import LARGEST, Block, Fault, fault
from service.batch.job import Fields, Format
from service.batch.records import BadRecordError, Record, RecordReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

csv.field_size_limit(LARGEST)

Read = TypeVar("Read")
Found = tuple["Sequence[Record]", list[Fault]]
"""The records of a block, and what to say of its lines that are none."""


def parse(block: Block, fields: Fields) -> Found:
    """The records of a block; faults that its reader found come along, all in the order of the lines."""
    records, faults = _PARSERS[block.format](block, fields)
    told = [*block.faults, *faults]
    return records, sorted(told, key=lambda each: each["line"] or 0) if block.faults else told


def _lines(block: Block, fields: Fields) -> Found:
    reader = RecordReader(fields)
    records = reader.from_lines(block.payload, block.first)
    return parse_lines(block, reader.from_json) if records is None else (records, [])


def parse_lines(block: Block, read: Callable[[bytes, int], Read]) -> tuple[list[Read], list[Fault]]:
    """What is read of each line that is not blank, from the line and its number; and what to say of bad lines."""
    records, faults = [], []
    for number, line in enumerate(block.payload.split(b"\n"), start=block.first):
        if not line or line.isspace():
            continue
        try:
            records.append(read(line, number))
        except BadRecordError as error:
            faults.append(_told(block, number, error))
    return records, faults


def _from(
    rows: Callable[[Block, Fields], Iterator[tuple[int, dict[str, Any] | str]]],
) -> Callable[[Block, Fields], Found]:
    """A parser of rows that are values already; a string instead of values says what is wrong with the row."""

    def parse_rows(block: Block, fields: Fields) -> Found:
        reader = RecordReader(fields)
        records, faults = [], []
        for number, values in rows(block, fields):
            try:
                records.append(reader.from_values(_whole(values), number))
            except BadRecordError as error:
                faults.append(_told(block, number, error))
        return records, faults

    return parse_rows


def _whole(values: dict[str, Any] | str) -> dict[str, Any]:
    if isinstance(values, str):
        raise BadRecordError(values)
    return values


def _csv_rows(block: Block, fields: Fields) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """The rows of CSV, each with the number of its first line. A cell is there where it is not empty."""
    reader = csv.reader((line.decode("utf-8", "surrogateescape") for line in _split(block.payload)), strict=True)
    while True:
        number = block.first + reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, f"not CSV: {error}"
            continue
        if row:
            yield number, _cells(row, block.columns, fields)


def _split(content: bytes) -> Iterator[bytes]:
    """Lines with their ends; only a line feed ends one, or numbers would go astray."""
    start = 0
    while start < len(content):
        end = content.find(b"\n", start) + 1 or len(content)
        yield content[start:end]
        start = end


def _cells(row: list[str], columns: tuple[str, ...], fields: Fields) -> dict[str, Any] | str:
    if len(row) != len(columns):
        return f"has {len(row)} cells where the first line names {len(columns)} columns"
    values = dict(zip(columns, row, strict=True))
    try:
        "".join(row).encode()
    except UnicodeEncodeError:
        return "not in UTF-8; save the table in UTF-8"
    given = {name: value for name, value in values.items() if value or name == fields.id}
    contents = [name for name in (fields.text, fields.page, fields.html) if name in values]
    if contents and not any(name in given for name in contents):
        given[contents[0]] = ""
    return given


def _table_rows(block: Block, fields: Fields) -> Iterator[tuple[int, dict[str, Any] | str]]:
    from service.batch.tables import rows_of  # noqa: PLC0415 - pyarrow is loaded where there is Parquet alone

    del fields
    return enumerate(map(_decoded, rows_of(block.payload)), start=block.first)


def _decoded(values: dict[str, Any]) -> dict[str, Any] | str:
    """The values with text for bytes."""
    try:
        return {name: _text(value) for name, value in values.items()}
    except UnicodeDecodeError as error:
        return f"not in UTF-8: {error}"


def _text(value: Any) -> Any:
    if type(value) is bytes:
        return value.decode()
    return [_text(each) for each in value] if type(value) is list else value


def _archive_rows(block: Block, fields: Fields) -> Iterator[tuple[int, dict[str, Any] | str]]:
    from service.batch.archives import pages_of  # noqa: PLC0415 - and fastwarc where there are archives

    names = {"id": fields.id, "page": fields.page, "html": fields.html}
    for number, values in pages_of(block.payload):
        yield number, {names[name]: value for name, value in values.items()}


_PARSERS: dict[Format, Callable[[Block, Fields], Found]] = {
    Format.JSONL: _lines,
    Format.CSV: _from(_csv_rows),
    Format.PARQUET: _from(_table_rows),
    Format.WARC: _from(_archive_rows),
}


def _told(block: Block, number: int, error: BadRecordError) -> Fault:
    return fault(block.file, number, error.reason, field=error.field, record_id=error.id)
