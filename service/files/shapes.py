"""What a batch of the service reads and writes, from what was ordered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from service.batch.job import Answers, Fields, Format, Rows, Shape
from service.batch.places import form_of
from service.batch.requests import CLASSIFY, ENDPOINTS
from service.files.errors import BatchOrderError

Records = dict[str, Any]
"""How plain records are read and answered: `fields`, `format`, `answers`, `rows`, `keep`, `drop`, all optional."""

TABLES = (Format.CSV, Format.PARQUET)


def is_of_records(filename: str, records: Records | None) -> bool:
    """Whether a file holds plain records: where that is said, and in tables, which cannot hold requests."""
    return records is not None or form_of(filename)[0] in TABLES


def form_and_shape(filename: str, endpoint: str, records: Records | None) -> tuple[Format, Shape]:
    """What the file holds, and what the output looks like. Raises BatchOrderError."""
    if endpoint not in ENDPOINTS:
        raise BatchOrderError(f"Batches are for {' and '.join(ENDPOINTS)}, not {endpoint!r:.100}", "endpoint")
    form = form_of(filename)[0] or Format.JSONL
    if form is Format.WARC:
        reason = f"{filename!r} is an archive, which `lanmu batch` reads, but no batch here"
        raise BatchOrderError(reason, "input_file_id")
    if not is_of_records(filename, records):
        return Format.OPENAI, Shape(Format.JSONL, endpoint=endpoint)
    if endpoint != CLASSIFY:
        raise BatchOrderError(f"Plain records go with {CLASSIFY}; {endpoint} takes requests, one a line", "endpoint")
    return form, _shape_of_records(form, records or {})


def check_labels(records: Records | None, known: Collection[str]) -> None:
    """Refuse labels that the version never gives: a typing error would drop everything. Raises BatchOrderError."""
    for name in ("keep", "drop"):
        for label in (records or {}).get(name) or ():
            if label not in known:
                reason = f"There is no label {label!r:.100}; there are: {', '.join(known)}"
                raise BatchOrderError(reason, f"records.{name}")


def fields_of(records: Records | None) -> Fields:
    """The names that fields or columns have."""
    return Fields(**((records or {}).get("fields") or {}))


def _shape_of_records(form: Format, records: Records) -> Shape:
    names = [getattr(fields_of(records), each.name) for each in fields(Fields)]
    if len(set(names)) < len(names):
        raise BatchOrderError("Two of the fields have the same name", "records.fields")
    keep, drop = (_labels(records, name) for name in ("keep", "drop"))
    if keep is not None and drop is not None:
        raise BatchOrderError("keep and drop exclude each other: name what stays, or what goes", "records.drop")
    output = Format(records.get("format") or form)
    filtered = keep is not None or drop is not None
    usual = Rows.SECTION if output is Format.CSV and not filtered else Rows.RECORD
    rows = Rows(records.get("rows") or usual)
    if output is Format.CSV and rows is Rows.RECORD and not filtered:
        raise BatchOrderError("A row of CSV cannot hold a page's sections: have a row a section", "records.rows")
    answers = Answers(records.get("answers") or Answers.FULL)
    return Shape(output, answers=answers, rows=rows, keep=keep, drop=drop)


def _labels(records: Records, name: str) -> tuple[str, ...] | None:
    labels = records.get(name)
    return None if labels is None else tuple(labels)
