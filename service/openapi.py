"""The OpenAPI 3.1 document, built from the routes and the shapes of `service.schemas`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from models.result import NONE
from service.openai_errors import in_openai_form
from service.schemas import OpenAIProblemAnswer, ProblemAnswer

View = TypeVar("View", bound=Callable[..., Any])

SCHEMAS = "#/components/schemas/"
PROBLEM = {"$ref": "#/components/responses/Problem"}
OPENAI_PROBLEM = {"$ref": "#/components/responses/OpenAIProblem"}
OF_LABELS = {"categories", "category_scores", "category_applied_input_types"}
"""Fields that have a value for each label."""

FORM = "multipart/form-data"
BODY_STATUSES = ("400", "408", "413", "415", "422")


@dataclass(frozen=True, slots=True)
class Raw:
    """Bodies that may be sent instead of JSON, and what the query may then say."""

    media_types: tuple[str, ...]
    query: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Operation:
    """What the document says of one route.

    gives : the shape of the answer, or the media type of one that is not JSON.
    optional : whether the body may be left out.
    query : what the query may say, whatever the body is.
    form : the shape of a body that is a form with files.
    """

    summary: str
    gives: type[BaseModel] | str
    takes: type[BaseModel] | None = None
    raw: Raw | None = None
    optional: bool = False
    query: type[BaseModel] | None = None
    status: int = 200
    form: type[BaseModel] | None = None

    def shapes(self) -> Iterator[type[BaseModel]]:
        """The shapes that the document must define."""
        yield from (shape for shape in (self.takes, self.form) if shape is not None)
        if not isinstance(self.gives, str):
            yield self.gives


def describe(  # noqa: PLR0913 - all but the summary have names
    summary: str,
    *,
    gives: type[BaseModel] | str,
    takes: type[BaseModel] | None = None,
    raw: Raw | None = None,
    optional: bool = False,
    query: type[BaseModel] | None = None,
    status: int = 200,
    form: type[BaseModel] | None = None,
) -> Callable[[View], View]:
    """Put a view into the document."""

    def decorate(view: View) -> View:
        view.operation = Operation(summary, gives, takes, raw, optional, query, status, form)  # type: ignore[attr-defined] # read by `document`
        return view

    return decorate


def document(app: Flask, *, labels: Sequence[str], keys_needed: bool, version: str) -> dict[str, Any]:
    """The OpenAPI document of an application whose model answers with `labels`."""
    routes = list(_routes(app))
    schemas = _schemas({shape for _, operation, _ in routes for shape in operation.shapes()})
    _name_labels(schemas, labels)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lanmu",
            "version": version,
            "summary": "Labels the sections of Chinese web pages.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(routes, schemas, keys_needed=keys_needed),
        "components": {
            "schemas": schemas,
            "responses": {
                "Problem": _answer("A problem (RFC 9457)", "application/problem+json", _ref(ProblemAnswer)),
                "OpenAIProblem": _answer("A problem in OpenAI's form", "application/json", _ref(OpenAIProblemAnswer)),
            },
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "Authorization: Bearer KEY"},
                "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
            },
        },
    }


def _routes(app: Flask) -> Iterator[tuple[Rule, Operation, str | None]]:
    """The described routes, with their operation and the scope they need."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        view = app.view_functions[rule.endpoint]
        if (operation := getattr(view, "operation", None)) is not None:
            yield rule, operation, getattr(view, "scope", None)


def _schemas(shapes: set[type[BaseModel]]) -> dict[str, Any]:
    ordered: list[type[BaseModel]] = sorted(
        [*shapes, ProblemAnswer, OpenAIProblemAnswer], key=lambda shape: shape.__name__
    )
    _, found = models_json_schema([(shape, "validation") for shape in ordered], ref_template=SCHEMAS + "{model}")
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _name_labels(schemas: dict[str, Any], labels: Sequence[str]) -> None:
    """Labels are the loaded model's: users train their own."""
    for name in ("ResultAnswer", "SectionAnswer", "ModerationResult"):
        fields = schemas[name]["properties"]
        fields["label"] |= {"enum": [*labels, None]}
        names = [*labels, NONE]
        share = fields["probabilities"].pop("additionalProperties")
        fields["probabilities"] |= {"properties": dict.fromkeys(names, share), "required": names}
        for by_label in OF_LABELS & fields.keys():
            each = fields[by_label].pop("additionalProperties")
            fields[by_label] |= {"properties": dict.fromkeys(labels, each), "required": [*labels]}
    schemas["EvidenceAnswer"]["properties"]["label"]["enum"] = [*labels, NONE]


def _paths(
    routes: list[tuple[Rule, Operation, str | None]], schemas: dict[str, Any], *, keys_needed: bool
) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule, operation, scope in routes:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        described = _operation(rule, operation, schemas) | _security(scope, keys_needed=keys_needed)
        paths.setdefault(path, {}).update({method.lower(): described for method in methods})
    return paths


def _operation(rule: Rule, operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    media_type, schema = (
        (operation.gives, {"type": "string"})
        if isinstance(operation.gives, str)
        else ("application/json", _ref(operation.gives))
    )
    problem = OPENAI_PROBLEM if in_openai_form(rule.rule) else PROBLEM
    described: dict[str, Any] = {
        "operationId": rule.endpoint.rpartition(".")[2],
        "tags": [rule.endpoint.partition(".")[0]],
        "summary": operation.summary,
        "parameters": _parameters(rule, operation),
        "responses": {str(int(operation.status)): _answer("The answer", media_type, schema), "default": problem},
    }
    if operation.takes is not None:
        described["requestBody"] = _request_body(operation.takes, operation, schemas)
    if operation.form is not None:
        described["requestBody"] = {"required": True, "content": {FORM: {"schema": _ref(operation.form)}}}
    if "requestBody" in described:
        described["responses"] |= dict.fromkeys(BODY_STATUSES, problem)
    return described


def _parameters(rule: Rule, operation: Operation) -> list[dict[str, Any]]:
    names = sorted(rule.arguments, key=lambda name: rule.rule.index(f"{name}>"))
    path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    query, note = (operation.raw.query, "Only with a raw body. ") if operation.raw else (operation.query, "")
    fields = {} if query is None else query.model_json_schema()["properties"]
    return path + [
        {"name": name, "in": "query", "description": note + schema.pop("description", ""), "schema": schema}
        for name, schema in fields.items()
    ]


def _request_body(takes: type[BaseModel], operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    """The bodies that are taken. Examples move from the schema to the media type, where pages look for them."""
    examples = schemas[takes.__name__].pop("examples")
    named = {f"example{number}": {"value": example} for number, example in enumerate(examples, 1)}
    content: dict[str, Any] = {"application/json": {"schema": _ref(takes), "examples": named}}
    for media_type in operation.raw.media_types if operation.raw else ():
        content[media_type] = {"schema": {"type": "string"}}
    return {"required": not operation.optional, "content": content}


def _security(scope: str | None, *, keys_needed: bool) -> dict[str, Any]:
    if scope is None:
        return {}
    without: list[dict[str, Any]] = [] if keys_needed else [{}]
    return {"security": [*without, {"bearer": [scope]}, {"header": [scope]}]}


def _answer(description: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _ref(shape: type[BaseModel]) -> dict[str, str]:
    return {"$ref": SCHEMAS + shape.__name__}
