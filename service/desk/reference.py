"""The API's calls, read from its OpenAPI document for the docs page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.desk.schema import Field, Schema, field, fields, resolve, type_of

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Body:
    """What a request or an answer carries. media_type : None where it carries nothing."""

    media_type: str | None
    type: str
    fields: tuple[Field, ...]
    description: str = ""
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """One call. scopes : what its key must have; empty where none is needed. responses : by status."""

    method: str
    path: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    requests: tuple[Body, ...]
    responses: tuple[tuple[str, Body], ...]
    curl: str

    @property
    def anchor(self) -> str:
        """The call's place on the docs page."""
        return f"{self.method}{self.path}".replace("/", "-").replace("{", "").replace("}", "")


def calls(document: Schema, base: str) -> list[Call]:
    """Every call of an OpenAPI 3.1 document, in its order; `base` is the service's address, for the curl lines.

    Raises `KeyError` where a reference points to nothing.
    """
    return [
        _call(method, path, operations, document, base)
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]


def _call(method: str, path: str, operations: Schema, document: Schema, base: str) -> Call:
    operation = operations[method]
    requests = tuple(_bodies(operation.get("requestBody", {}), document))
    scopes = _scopes(operation.get("security", document.get("security", [])))
    return Call(
        method=method,
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        scopes=scopes,
        parameters=tuple(_parameters(operations, operation, document)),
        requests=requests,
        responses=tuple(_responses(operation["responses"], document)),
        curl=_curl(method, base.rstrip("/") + path, scopes, requests[0] if requests else None),
    )


def _scopes(security: list[dict[str, list[str]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope for way in security for scopes in way.values() for scope in scopes))


def _parameters(operations: Schema, operation: Schema, document: Schema) -> Iterator[Field]:
    for reference in (*operations.get("parameters", ()), *operation.get("parameters", ())):
        parameter = resolve(reference, document)
        schema = {"description": parameter.get("description", ""), **parameter.get("schema", {})}
        name = f"{parameter['name']} ({parameter['in']})"
        yield field(name, schema, document, required=parameter.get("required", False))


def _bodies(reference: Schema, document: Schema) -> Iterator[Body]:
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


def _responses(responses: Schema, document: Schema) -> Iterator[tuple[str, Body]]:
    for status, reference in responses.items():
        bodies = list(_bodies(reference, document))
        described = resolve(reference, document).get("description", "")
        for body in bodies or [Body(None, "", (), described)]:
            yield str(status), body


def _example(content: Schema, schema: Schema) -> str | None:
    """The first example of a body: its own, or its schema's."""
    named = [resolve_value["value"] for resolve_value in content.get("examples", {}).values()]
    given: list[Any] = [*([content["example"]] if "example" in content else []), *named, *schema.get("examples", [])]
    if not given:
        return None
    return given[0] if isinstance(given[0], str) else json.dumps(given[0], ensure_ascii=False, indent=2)


def _curl(method: str, url: str, scopes: tuple[str, ...], body: Body | None) -> str:
    parts = [f"curl {'-X ' + method.upper() + ' ' if method not in ('get', 'post') else ''}{shlex.quote(url)}"]
    if scopes:
        parts.append('-H "Authorization: Bearer $LANMU_KEY"')
    if body and body.media_type == "multipart/form-data":
        parts.extend(f"-F {shlex.quote(f'{one.name}=…')}" for one in body.fields)
    elif body and body.media_type:
        parts.append(f"-H {shlex.quote(f'Content-Type: {body.media_type}')}")
        parts.append(f"--data-binary {shlex.quote(_one_line(body.example))}" if body.example else "--data-binary @FILE")
    elif method == "post":
        parts[0] = parts[0].replace("curl ", "curl -X POST ", 1)
    return " \\\n  ".join(parts)


def _one_line(example: str) -> str:
    try:
        return json.dumps(json.loads(example), ensure_ascii=False)
    except ValueError:
        return example  # a plain-text body
