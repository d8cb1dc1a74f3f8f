"""The OpenAPI document: valid, complete, and true."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.resources.classify import classify
from service.resources.pages import label_page


@pytest.fixture
def described(client: FlaskClient) -> Any:
    """The document of the application."""
    return client.get("/openapi.json").get_json()


def test_the_document_is_openapi_3_1(described: Any) -> None:
    """A validator finds no error in it."""
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_every_route_of_the_api_is_described(described: Any, app: Flask) -> None:
    """No route below /v1 is missing."""
    routes = {rule.rule.replace("<", "{").replace(">", "}") for rule in app.url_map.iter_rules()}

    assert {route for route in routes if route.startswith("/v1/")} <= set(described["paths"])


def test_the_labels_are_the_models(described: Any, app: Flask) -> None:
    """The schema names the labels of the loaded model, and null for abstention."""
    labels = list(app.extensions["lanmu"].champion.model().labels)

    fields = described["components"]["schemas"]["ResultAnswer"]["properties"]

    assert fields["label"]["enum"] == [*labels, None]
    assert fields["probabilities"]["required"] == [*labels, "none"]


@pytest.mark.parametrize("path", ["/v1/classify", "/v1/pages"])
def test_every_example_is_answered(client: FlaskClient, described: Any, path: str) -> None:
    """Each example of a body can be sent as it is."""
    examples = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]

    statuses = {name: client.post(path, json=example["value"]).status_code for name, example in examples.items()}

    assert statuses == dict.fromkeys(examples, 200)
    assert len(examples) >= 2


@pytest.mark.parametrize(("view", "path"), [(classify, "/v1/classify"), (label_page, "/v1/pages")])
def test_answers_have_the_documented_shape(client: FlaskClient, described: Any, view: Any, path: str) -> None:
    """The answer to every example fits the shape it is documented by."""
    examples = described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["examples"]

    for example in examples.values():
        answer = client.post(path, json=example["value"]).data
        view.operation.gives.model_validate_json(answer, strict=False, extra="forbid")


def test_the_document_says_which_scope_is_needed(described: Any) -> None:
    """Operations name the scope; an open service needs no key."""
    security = described["paths"]["/v1/classify"]["post"]["security"]

    assert security == [{}, {"bearer": ["predict"]}, {"header": ["predict"]}]
