"""JSON Schema told in rows."""

from __future__ import annotations

from typing import Any

import pytest

from service.desk.schema import Field, fields, resolve, type_of

DOCUMENT = {"components": {"schemas": {"Word": {"type": "string", "description": "A word.", "maxLength": 9}}}}
WORD = {"$ref": "#/components/schemas/Word"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "string"),
        ({"type": ["string", "null"]}, "string | null"),
        ({"anyOf": [WORD, {"type": "null"}]}, "string | null"),
        ({"type": "array", "items": WORD}, "array of string"),
        ({"enum": ["pass", None]}, '"pass" | null'),
        ({"const": "ok", "type": "string"}, '"ok"'),
        ({"properties": {}}, "object"),
        ({}, "any"),
    ],
    ids=["plain", "nullable", "anyOf", "array", "enum", "const", "untyped object", "empty"],
)
def test_types_are_told_in_one_line(schema: dict[str, Any], expected: str) -> None:
    """Each form of schema has a short name."""
    assert type_of(schema, DOCUMENT) == expected


def test_fields_follow_their_object() -> None:
    """The fields of an array's objects come after the array, one deeper."""
    items = {"type": "array", "items": {"properties": {"word": WORD}}}
    schema = {"properties": {"words": items, "count": {"type": "integer", "minimum": 0}}, "required": ["count"]}

    rows = list(fields(schema, DOCUMENT))

    assert rows == [
        Field("words", "array of object", required=False, description="", limits=()),
        Field("word", "string", required=False, description="A word.", limits=("maxLength 9",), depth=1),
        Field("count", "integer", required=True, description="", limits=("minimum 0",)),
    ]


def test_schema_that_holds_itself_ends() -> None:
    """A tree's rows stop at a depth instead of going on for ever."""
    tree = {"properties": {"below": {"$ref": "#/tree"}}}

    assert [row.depth for row in fields(tree, {"tree": tree})] == [0, 1, 2, 3]


def test_reference_to_nothing_is_refused() -> None:
    """A reference that names no schema raises KeyError with the missing step."""
    with pytest.raises(KeyError, match="schemas"):
        resolve({"$ref": "#/components/schemas/Word"}, {"components": {}})
