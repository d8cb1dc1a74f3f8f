"""One line of a batch: a record with an `id` and one of `text`, `sections`, `page`, `html`; or why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson

LARGEST_LINE = 64 << 20
"""Bytes that a line may have; what a longer one would take of memory is nobody's to give."""


class Kind(StrEnum):
    """What a record holds."""

    TEXT = "text"
    SECTIONS = "sections"
    PAGE = "page"
    HTML = "html"


Id = str | int


@dataclass(frozen=True, slots=True)
class Record:
    """Something to be judged.

    content : a string, or a list of strings where `kind` is sections.
    """

    id: Id
    kind: Kind
    content: Any


class BadRecordError(ValueError):
    """A line is no record.

    field : the field that is wrong, or None where the line as a whole is.
    id : the record's id, where that much could be read.
    """

    def __init__(self, reason: str, field: str | None = None, record_id: Id | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.id = record_id


def parse_record(line: bytes) -> Record:
    """The record in a line of JSON; fields that are none of a record's are passed over. Raises BadRecordError."""
    if len(line) > LARGEST_LINE:
        raise BadRecordError(f"longer than {LARGEST_LINE >> 20} MiB; cut the page into parts")
    try:
        fields = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRecordError(f"not JSON in UTF-8: {error}") from error
    if not isinstance(fields, dict):
        raise BadRecordError(f"a JSON {_name(fields)} where an object was expected")
    record_id = _id(fields)
    kind = _kind(fields, record_id)
    _check_content(fields[kind], kind, record_id)
    return Record(record_id, kind, fields[kind])


def _id(fields: dict[str, Any]) -> Id:
    if "id" not in fields:
        raise BadRecordError("has no id", "id")
    record_id = fields["id"]
    if isinstance(record_id, bool) or not isinstance(record_id, str | int):
        raise BadRecordError(f"a string or a whole number was expected, not a JSON {_name(record_id)}", "id")
    return record_id


def _kind(fields: dict[str, Any], record_id: Id) -> Kind:
    kinds = [kind for kind in Kind if kind in fields]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none of them"
        raise BadRecordError(f"exactly one of {', '.join(Kind)} was expected, not {found}", record_id=record_id)
    return kinds[0]


def _check_content(content: object, kind: Kind, record_id: Id) -> None:
    if kind is not Kind.SECTIONS:
        if not isinstance(content, str):
            raise BadRecordError(f"a string was expected, not a JSON {_name(content)}", kind, record_id)
        return
    if not isinstance(content, list):
        raise BadRecordError(f"a list of strings was expected, not a JSON {_name(content)}", kind, record_id)
    for number, section in enumerate(content):
        if not isinstance(section, str):
            field = f"sections[{number}]"
            raise BadRecordError(f"a string was expected, not a JSON {_name(section)}", field, record_id)


_NAMES = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    type(None): "null",
}


def _name(value: object) -> str:
    return _NAMES[type(value)]
