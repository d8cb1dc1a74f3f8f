"""JSON Schema, as OpenAPI 3.1 carries it, told as rows that a person can read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]

DEEPEST = 3
"""Rows nested further are left to the schema itself; nothing of ours is deeper."""
LIMITS = ("default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a body, or a parameter. depth : 0 for the outermost. limits : `maxLength 128` and the like."""

    name: str
    type: str
    required: bool
    description: str
    limits: tuple[str, ...]
    depth: int = 0


def resolve(schema: Schema, document: Schema) -> Schema:
    """The schema that a `$ref` names, its neighbours (such as a description) kept; others as they are.

    Raises `KeyError` where the reference points to nothing.
    """
    if "$ref" not in schema:
        return schema
    target: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        target = target[step.replace("~1", "/").replace("~0", "~")]
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**resolve(target, document), **beside}


def type_of(schema: Schema, document: Schema) -> str:
    """A schema's type in one line: `string | null`, `array of number`, `"pass" | "review"`."""
    schema = resolve(schema, document)
    for alternatives in ("anyOf", "oneOf"):
        if alternatives in schema:
            return " | ".join(dict.fromkeys(type_of(one, document) for one in schema[alternatives]))
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(value, ensure_ascii=False) for value in schema["enum"])
    return " | ".join(_named(name, schema, document) for name in _types(schema))


def fields(schema: Schema, document: Schema, depth: int = 0) -> Iterator[Field]:
    """The fields of an object, or of the objects in an array, outermost first, each followed by its own."""
    if depth > DEEPEST:
        return
    for part in _objects(schema, document):
        required = part.get("required", ())
        for name, below in part.get("properties", {}).items():
            yield field(name, below, document, required=name in required, depth=depth)
            yield from fields(below, document, depth + 1)
        if isinstance(part.get("additionalProperties"), Mapping):
            yield field("…", part["additionalProperties"], document, required=False, depth=depth)
            yield from fields(part["additionalProperties"], document, depth + 1)


def field(name: str, schema: Schema, document: Schema, *, required: bool, depth: int = 0) -> Field:
    """One field of a schema."""
    said = list(_said(schema, document))
    description = next((one["description"] for one in said if "description" in one), "")
    limits = tuple(dict.fromkeys(limit for one in said for limit in _limits(one)))
    return Field(name, type_of(schema, document), required, description, limits, depth)


def _said(schema: Schema, document: Schema) -> Iterator[Schema]:
    """The schema, and after it its alternatives: what an optional field may hold is said there."""
    found = resolve(schema, document)
    yield found
    for below in found.get("anyOf", ()):
        yield from _said(below, document)


def _limits(schema: Schema) -> Iterator[str]:
    for name in LIMITS:
        if schema.get(name) is not None:
            yield f"{name} {json.dumps(schema[name], ensure_ascii=False)}"


def _types(schema: Schema) -> list[str]:
    declared = schema.get("type", "object" if "properties" in schema else "any")
    return [declared] if isinstance(declared, str) else list(declared)


def _named(name: str, schema: Schema, document: Schema) -> str:
    if name == "array" and "items" in schema:
        return f"array of {type_of(schema['items'], document)}"
    return name


def _objects(schema: Schema, document: Schema) -> Iterator[Schema]:
    """The object schemas a schema stands for: itself, its items, each of its alternatives."""
    schema = resolve(schema, document)
    if "properties" in schema or "additionalProperties" in schema:
        yield schema
    for below in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _objects(below, document)
    if "items" in schema:
        yield from _objects(schema["items"], document)
