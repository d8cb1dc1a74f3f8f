"""A line of a batch is a record, or it is said what is wrong with it."""

from __future__ import annotations

import json
import random
from contextlib import suppress

import pytest

from service.batch.blocks import LARGEST
from service.batch.job import Fields
from service.batch.records import BadRecordError, Kind, Record, RecordReader

READER = RecordReader(Fields())


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ('{"id": "1", "text": "电池"}', Record("1", Kind.TEXT, "电池")),
        ('{"id": 7, "page": ""}', Record(7, Kind.PAGE, "")),
        ('{"id": "a", "html": "<p>电池", "url": "ignored"}\r\n', Record("a", Kind.HTML, "<p>电池")),
        ('{"id": "", "sections": []}', Record("", Kind.SECTIONS, [])),
        ('{"id": "s", "sections": ["一", ""]}', Record("s", Kind.SECTIONS, ["一", ""])),
        ('{"id": "q", "text": "\\"id\\" \\u0041", "x": {"id": 1}}', Record("q", Kind.TEXT, '"id" A')),
    ],
    ids=["text", "page", "html", "no sections", "sections", "a name inside"],
)
def test_a_record_has_an_id_and_one_content(line: str, record: Record) -> None:
    """Every kind of record is read, empty content and fields of other programs included."""
    assert READER.from_json(line.encode()) == record


@pytest.mark.parametrize(
    ("line", "record_id", "field", "reason"),
    [
        (b"{", None, None, "not JSON in UTF-8"),
        (b'{"id": "1", "text": "\xd6\xd0"}', None, None, "not JSON in UTF-8"),
        (b'{"id": "1", "text": "\\ud800"}', None, None, "not JSON in UTF-8"),
        (b'{"id": "1", "text": "\x00"}', None, None, "not JSON in UTF-8"),
        (b"[" * 10_000, None, None, "not JSON in UTF-8"),
        (b'{"id": "1", "text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", None, None, "not JSON in UTF-8"),
        (b"[1]", None, None, "a JSON array where an object was expected"),
        (b'{"text": "x"}', None, "id", "has no id"),
        (b'{"id": null, "text": "x"}', None, "id", "not a JSON null"),
        (b'{"id": true, "text": "x"}', None, "id", "not a JSON boolean"),
        (b'{"id": 1.5, "text": "x"}', None, "id", "not a JSON number"),
        (b'{"id": "1"}', "1", None, "exactly one of text, sections, page, html was expected, not none of them"),
        (b'{"id": "1", "text": "", "html": ""}', "1", None, "not text and html"),
        (b'{"id": "1", "page": null}', "1", "page", "a string was expected, not a JSON null"),
        (b'{"id": "1", "sections": "x"}', "1", "sections", "a list of strings was expected, not a JSON string"),
        (b'{"id": "1", "sections": ["x", {}]}', "1", "sections[1]", "a string was expected, not a JSON object"),
        (b'{"id": "1", "text": "a", "text": "b"}', "1", "text", "has the field 'text' more than once"),
        (b'{"id": "1", "text": "a", "i\\u0064": "2"}', "2", "id", "has the field 'id' more than once"),
        (b'{"id": 1, "id": 1, "sections": []}', 1, "id", "has the field 'id' more than once"),
        (b'{"id": "1", "page": "", "text": 0, "page": ""}', "1", None, "not text and page"),
        (b'{"id": "1", "text": "\\u0022", "x": "", "y": ' + b"[" * 1000 + b"]" * 1000 + b"}", "1", None, "too deep"),
        (b'"' + b"x" * LARGEST, None, None, "longer than 16 MiB"),
    ],
    ids=[
        "cut off", "GBK", "lone surrogate", "NUL", "deep", "deep inside", "array", "no id", "null id", "true id",
        "fraction id", "no content", "two contents", "null page", "sections no list", "section no string", "text twice",
        "id twice", "id twice without strings", "page twice", "deep and escaped", "too long",
    ],
)  # fmt: skip
def test_a_bad_line_says_what_is_wrong(line: bytes, record_id: str | None, field: str | None, reason: str) -> None:
    """The reason comes with the field, and with the record's id where that much could be read."""
    with pytest.raises(BadRecordError, match=reason.replace("[", r"\[")) as caught:
        READER.from_json(line)

    assert (record_id, field) == (caught.value.id, caught.value.field)


def test_fields_may_have_other_names() -> None:
    """A record is found under the names that its fields have, and an error says those."""
    reader = RecordReader(Fields(id="url", text="内容"))

    assert reader.from_json('{"url": "a", "内容": "电池", "id": 1, "text": 2}'.encode()) == Record(
        "a", Kind.TEXT, "电池"
    )
    with pytest.raises(BadRecordError, match="exactly one of 内容, sections, page, html"):
        reader.from_json(b'{"url": "a", "text": "x"}')


def test_no_field_of_ours_is_said_twice_in_what_is_read() -> None:
    """Lines are drawn from names and values that come near each other: what is read says each field once."""
    chance = random.Random(6)  # noqa: S311 - the same lines in every run
    names = ['"id"', '"text"', '"page"', '"sections"', '"x"', '"a\\"b"', '"\\u0069d"']
    values = ["1", '"1"', '""', '"\\""', "[]", '["a"]', '["", ""]', '{"id": 1}', "null"]
    read = 0
    for _ in range(20_000):
        pairs = [f"{chance.choice(names)}: {chance.choice(values)}" for _ in range(chance.randint(1, 5))]
        line = "{" + ", ".join(pairs) + "}"
        with suppress(BadRecordError):
            READER.from_json(line.encode())
            read += 1
            said = json.loads(line, object_pairs_hook=lambda found: [name for name, _ in found])
            assert len(said) == len(set(said)) or {"x", 'a"b'} >= {name for name in said if said.count(name) > 1}

    assert read > 100


def read_one_by_one(lines: list[str]) -> list[Record] | None:
    """What is read of each line by itself; None where one of them is bad."""
    with suppress(BadRecordError):
        return [READER.from_json(line.encode(), number) for number, line in enumerate(lines, start=3)]
    return None


def read_together(content: bytes) -> list[Record] | None:
    """What is read of all lines at once; None where they are not alike."""
    found = READER.from_lines(content, 3)
    return None if found is None else list(found)


@pytest.mark.parametrize(
    "lines",
    [
        ['{"id": 1, "text": "电池"}', '{"id": "a", "text": ""}'],
        ['{"id": 1, "page": "a", "url": "b"}', '{"url": ["c"], "page": "\\"a\\"", "id": 2}\r'],
        ['{"id": 1, "text": "\\"id\\" \\u0041", "x": {"id": 1}}'],
    ],
    ids=["texts", "pages with other fields", "a name inside"],
)
def test_many_lines_are_read_at_once(lines: list[str]) -> None:
    """Where all are alike: with their numbers, and with or without a line end behind the last."""
    content = "\n".join(lines).encode()

    assert read_one_by_one(lines) == read_together(content) == read_together(content + b"\n")


@pytest.mark.parametrize(
    "line",
    [
        "", " ", "{", "[1]", "1", '"id"', '["id", "text"]', '{"id": 1}', '{"text": ""}', '{"id": true, "text": ""}',
        '{"id": 1.0, "text": ""}', '{"id": 2, "page": ""}', '{"id": 2, "text": "", "html": ""}',
        '{"id": 2, "sections": []}', '{"id": 2, "text": null}', '{"id": 2, "text": "a", "text": "b"}',
        '{"id": 2, "text": "a", "i\\u0064": 2}', '{"id":2,"text":"b"},{"id":3,"text":"c"}',
        '{"id":2,"text":"b","x":[{}',
    ],
)  # fmt: skip
def test_one_line_that_is_not_alike_leaves_all_to_be_read_one_by_one(line: str) -> None:
    """It may be bad, or of another kind."""
    content = f'{{"id": 1, "text": "a"}}\n{line}\n{{"id": 4, "text": "d"}}\n'.encode()

    assert READER.from_lines(content) is None


def test_lines_read_at_once_are_what_each_is_by_itself() -> None:
    """Drawn as above: where lines are read at once, each is what it is by itself, and none of them is bad."""
    chance = random.Random(7)  # noqa: S311 - the same lines in every run
    names = ['"id"', '"text"', '"x"', '"a\\"b"', '"\\u0069d"']
    values = ["1", '"1"', '""', '"\\""', '"\\\\"', '"\\u0022"', '{"id": 1}', "null"]
    read = 0
    for _ in range(20_000):
        lines = []
        for _ in range(chance.randint(1, 3)):
            pairs = [f"{chance.choice(names)}: {chance.choice(values)}" for _ in range(chance.randint(2, 4))]
            lines.append("{" + ", ".join(pairs) + "}")
        found = read_together("\n".join(lines).encode())
        if found is not None:
            assert read_one_by_one(lines) == found
            read += 1

    assert read > 100
