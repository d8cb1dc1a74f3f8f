"""The API's calls, read from its OpenAPI document for the docs page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.desk.body import Body, bodies
from service.desk.curl import curl
from service.desk.schema import Field, Schema, field, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

METHODS = ("get", "put", "post", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Call:
    """One call. scopes : what its key must have; empty where none is needed. responses : with their statuses."""

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
    requests = tuple(bodies(operation.get("requestBody", {}), document))
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
        curl=curl(method, base.rstrip("/") + path, requests[0] if requests else None, keyed=bool(scopes)),
    )


def _scopes(security: list[dict[str, list[str]]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(scope for way in security for scopes in way.values() for scope in scopes))


def _parameters(operations: Schema, operation: Schema, document: Schema) -> Iterator[Field]:
    for reference in (*operations.get("parameters", ()), *operation.get("parameters", ())):
        parameter = resolve(reference, document)
        schema = {"description": parameter.get("description", ""), **parameter.get("schema", {})}
        name = f"{parameter['name']} ({parameter['in']})"
        yield field(name, schema, document, required=parameter.get("required", False))


def _responses(responses: Schema, document: Schema) -> Iterator[tuple[str, Body]]:
    """The answers, each with the statuses that carry it."""
    statuses: dict[Body, list[str]] = {}
    for status, reference in responses.items():
        described = resolve(reference, document).get("description", "")
        for body in tuple(bodies(reference, document)) or (Body(None, "", (), described),):
            statuses.setdefault(body, []).append(str(status))
    for body, found in statuses.items():
        yield ", ".join(found), body
