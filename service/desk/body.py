"""What requests and answers carry, read from an OpenAPI document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from service.desk.schema import Field, Schema, fields, resolve, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Body:
    """What a request or an answer carries. media_type : None where it carries nothing."""

    media_type: str | None
    type: str
    fields: tuple[Field, ...]
    description: str = ""
    example: str | None = None


def bodies(reference: Schema, document: Schema) -> Iterator[Body]:
    """The bodies of a request or an answer, one for each media type; none where it carries nothing.

    Raises `KeyError` where a reference points to nothing.
    """
    carrier = resolve(reference, document)
    for media_type, content in carrier.get("content", {}).items():
        schema = content.get("schema", {})
        yield Body(
            media_type=media_type,
            type=type_of(schema, document),
            fields=tuple(fields(schema, document)),
            description=carrier.get("description", ""),
            example=_example(content, resolve(schema, document)),
        )


def _example(content: Schema, schema: Schema) -> str | None:
    """The first example of a body: its own, or its schema's."""
    own = [content["example"]] if "example" in content else []
    named = [example["value"] for example in content.get("examples", {}).values()]
    given: list[Any] = [*own, *named, *schema.get("examples", [])]
    if not given:
        return None
    return given[0] if isinstance(given[0], str) else json.dumps(given[0], ensure_ascii=False, indent=2)
