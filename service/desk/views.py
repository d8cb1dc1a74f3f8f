"""The desk's pages, served with a policy that lets nothing in but the desk's own files."""

from __future__ import annotations

import json

from flask import Blueprint, Response, make_response, render_template, request

from service.desk.reference import calls
from service.desk.words import TAGS, language_of, words
from service.resources.document import openapi

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy: no inline script or style, no other host, no frame around the desk."""

REPORT_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""A report brings its own style. It stands in a sandboxed frame, which inherits this policy and runs no script."""

blueprint = Blueprint("desk", __name__, static_folder="static", static_url_path="/desk", template_folder="templates")


@blueprint.get("/")
def desk() -> Response:
    """The page where a person labels a page."""
    return _page("desk.html")


@blueprint.get("/docs")
def docs() -> Response:
    """The API's calls, rendered from the OpenAPI document that the service answers with."""
    document = json.loads(openapi().get_data())
    return _page("docs.html", document=document, calls=calls(document, request.root_url))


@blueprint.get("/models")
def models() -> Response:
    """The page of the saved versions: how good they are, which answers, which did when."""
    return _page("models.html")


@blueprint.get("/jobs")
def jobs() -> Response:
    """The page of batches: a file in, answers out."""
    return _page("jobs.html")


@blueprint.get("/models/report")
def report() -> Response:
    """A frame for a version's report or a comparison, which the page's script fetches with the reader's key."""
    response = _page("report.html")
    response.headers["Content-Security-Policy"] = REPORT_POLICY
    return response


@blueprint.after_request
def guard(response: Response) -> Response:
    """Puts the policy on the desk's pages and files."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _page(template: str, **values: object) -> Response:
    language = language_of(request)
    html = render_template(template, language=language, tag=TAGS[language], words=words(language), **values)
    response = make_response(html)
    response.vary.add("Accept-Language")
    response.headers["Cache-Control"] = "no-cache"
    return response
