"""A record: an id and one of text, sections, page, html; or why it is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from enum import StrEnum
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import orjson

from service.batch.blocks import LARGEST, too_large
from service.quotation import quotation_marks

if TYPE_CHECKING:
    from service.batch.job import Fields


class Kind(StrEnum):
    """What a record holds."""

    TEXT = "text"
    SECTIONS = "sections"
    PAGE = "page"
    HTML = "html"


Id = str | int


class Record(NamedTuple):
    """Something to be judged.

    content : a string, or a list of strings where `kind` is sections.
    line : its number in its file, from 1.
    """

    id: Id
    kind: Kind
    content: Any
    line: int = 1


class Alike(Sequence[Record]):
    """Records of one kind in lines that follow each other, by columns: an object for each is made for who asks.

    ids, contents : of each record. first : the number of the first one's line.
    """

    def __init__(self, kind: Kind, ids: Sequence[Id], contents: Sequence[Any], first: int) -> None:
        self.kind = kind
        self.ids = ids
        self.contents = contents
        self.first = first

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Record: ...
    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...
    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        if isinstance(at, slice):
            return [self[each] for each in range(len(self))[at]]
        return Record(self.ids[at], self.kind, self.contents[at], self.first + range(len(self))[at])


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


def object_of(line: bytes) -> dict[str, Any]:
    """The JSON object in a line. Raises BadRecordError."""
    if len(line) > LARGEST:
        raise BadRecordError(too_large())
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadRecordError(f"not JSON in UTF-8: {error}") from error
    if not isinstance(values, dict):
        raise BadRecordError(f"a JSON {_name(values)} where an object was expected")
    return values


class RecordReader:
    """Finds records under the names that their fields have."""

    def __init__(self, fields: Fields) -> None:
        self._id = fields.id
        self._kinds = {getattr(fields, kind): kind for kind in Kind}
        self._names = {kind: name for name, kind in self._kinds.items()}
        self._quoted = {name: json.dumps(name, ensure_ascii=False).encode() for name in (self._id, *self._kinds)}
        self._id_quoted = self._quoted[self._id]
        ascii_only = all(map(str.isascii, self._quoted))
        self._escaped = b"\\u00" if ascii_only else b"\\u"

    def from_json(self, line: bytes, number: int = 1) -> Record:
        """The record in a line of JSON; fields that are none of a record's are passed over. Raises BadRecordError."""
        values = object_of(line)
        record = self.from_values(values, number)
        # A field that was passed over leaves more quotation marks than the names, the id and the content need.
        quoted = len(values) + (type(record.id) is str) + (record.kind is not Kind.SECTIONS)
        if line.count(b'"') != 2 * quoted and self._may_repeat(line, record.kind):
            self._check_names(line, record.id)
        return record

    def from_lines(self, content: bytes, first: int = 1) -> Alike | None:
        """The records in lines of JSON, where each holds one and all are of one kind, with a string for content.

        None where it is not so plain: then the lines are to be read one by one, which tells what is wrong, and where.
        """
        if len(content) > LARGEST:
            return None
        lines = content.removesuffix(b"\n").split(b"\n")
        try:
            values = list(map(orjson.loads, lines))
            names = set().union(*values) if set(map(type, values)) == {dict} else set()
            [name] = self._kinds.keys() & names
            ids, contents = zip(*map(itemgetter(self._id, name), values), strict=True)
        except (ValueError, KeyError):  # no JSON, or several kinds or none; a record without an id or its content
            return None
        kind = self._kinds[name]
        if kind is Kind.SECTIONS or not set(map(type, ids)) <= {str, int} or set(map(type, contents)) != {str}:
            return None
        strings = list(map(type, ids)).count(str) + len(contents)
        marked_once = quotation_marks(content) == 2 * (
            sum(map(len, values)) + strings
        )  # no line has fewer than it needs
        if not marked_once and not self._say_each_once(lines, values, kind):
            return None
        return Alike(kind, ids, contents, first)

    def _say_each_once(self, lines: list[bytes], values: list[dict[str, Any]], kind: Kind) -> bool:
        """Whether no line says a field of ours twice; see `from_json`."""
        try:
            for line, each in zip(lines, values, strict=True):
                quoted = len(each) + (type(each[self._id]) is str) + 1
                if line.count(b'"') != 2 * quoted and self._may_repeat(line, kind):
                    self._check_names(line, each[self._id])
        except BadRecordError:
            return False
        return True

    def _may_repeat(self, line: bytes, kind: Kind) -> bool:
        """Whether a line may say a field of ours twice.

        What is found once under its plain name stands there once: the name of what is not found does not stand there.
        """
        name = self._quoted[self._names[kind]]
        return line.count(self._id_quoted) > 1 or line.count(name) > 1 or self._escaped in line

    def from_values(self, values: dict[str, Any], number: int = 1) -> Record:
        """The record that has these fields. Raises BadRecordError."""
        record_id = values.get(self._id)
        if type(record_id) is not str and type(record_id) is not int:
            raise self._bad_id(values)
        found = [name for name in self._kinds if name in values]
        if len(found) != 1:
            names = " and ".join(found) or "none of them"
            reason = f"exactly one of {', '.join(self._kinds)} was expected, not {names}"
            raise BadRecordError(reason, record_id=record_id)
        name = found[0]
        content = values[name]
        kind = self._kinds[name]
        if type(content) is not str or kind is Kind.SECTIONS:
            self._check_content(content, name, record_id)
        return Record(record_id, kind, content, number)

    def _bad_id(self, values: dict[str, Any]) -> BadRecordError:
        if self._id not in values:
            return BadRecordError(f"has no {self._id}", self._id)
        reason = f"a string or a whole number was expected, not a JSON {_name(values[self._id])}"
        return BadRecordError(reason, self._id)

    def _check_content(self, content: object, name: str, record_id: Id) -> None:
        if self._kinds[name] is not Kind.SECTIONS:
            raise BadRecordError(f"a string was expected, not a JSON {_name(content)}", name, record_id)
        if not isinstance(content, list):
            raise BadRecordError(f"a list of strings was expected, not a JSON {_name(content)}", name, record_id)
        for number, section in enumerate(content):
            if not isinstance(section, str):
                reason = f"a string was expected, not a JSON {_name(section)}"
                raise BadRecordError(reason, f"{name}[{number}]", record_id)

    def _check_names(self, line: bytes, record_id: Id) -> None:
        """Refuse a record that says a field of ours twice, slowly: called only where that may be."""

        def check(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            return dict(pairs) | {"": [name for name, _ in pairs]}

        try:
            names: list[str] = json.loads(line, object_pairs_hook=check)[""]
        except (RecursionError, ValueError) as error:
            raise BadRecordError(f"JSON that is too deep or too large: {error}", record_id=record_id) from error
        for name in self._quoted:
            if names.count(name) > 1:
                raise BadRecordError(f"has the field {name!r} more than once", name, record_id)


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
    return _NAMES.get(type(value), type(value).__name__)
