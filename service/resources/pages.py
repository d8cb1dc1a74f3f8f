"""POST /v1/pages: a page in, its labelled sections out."""

from __future__ import annotations

from http import HTTPStatus

import orjson
from flask import Blueprint, Response, request

from models.decoding import decode
from models.page import Page
from models.splitting import split_given, split_html, split_text
from service.answers import meanings_of, section_answers
from service.auth import requires
from service.body import JSON, read_bytes, read_json, read_query, refuse_media_type
from service.errors import Problem
from service.keys import Scope
from service.offload import compute
from service.openapi import Raw, describe
from service.parts import parts
from service.reply import envelope, send_bytes
from service.schemas import PageAnswer, PageQuery, PageRequest

blueprint = Blueprint("pages", __name__)

TEXT = "text/plain"
HTML = "text/html"
RAW = Raw((TEXT, HTML), PageQuery)


@blueprint.post("/v1/pages")
@describe("Cut a page into sections and judge each in its place", takes=PageRequest, gives=PageAnswer, raw=RAW)
@requires(Scope.PREDICT)
def label_page() -> Response:
    """Judge the sections of one page."""
    asked = _read()
    model, policy, limit = parts().champion.model(), parts().policy, parts().settings.max_sections
    answer = envelope(model.version, asked.data_id)

    known = asked.page if request.mimetype == JSON else None
    judged: list[Page] = []

    def work() -> bytes:
        page = _within_limit(_split(asked), asked, limit)
        (results,) = model.classify_pages([page], evidence=asked.evidence)
        if page.text != known:  # what offsets refer to, where the caller does not have it
            answer["text"] = page.text
        answer["sections"] = section_answers(page, results, policy, evidence=asked.evidence)
        judged.append(page)
        return orjson.dumps(answer)

    body = compute(asked.characters, work)
    parts().observer.saw(model, judged[0], meanings_of(answer["sections"]))
    return send_bytes(body)


def _read() -> PageRequest:
    """The request as JSON, or a raw text or HTML body decoded as its Content-Type declares."""
    if request.mimetype == JSON:
        return read_json(PageRequest)
    if request.mimetype not in (TEXT, HTML):
        refuse_media_type(JSON, TEXT, HTML)
    query = read_query(PageQuery)
    text = decode(read_bytes(), request.mimetype_params.get("charset"))
    page, html = (None, text) if request.mimetype == HTML else (text, None)
    return PageRequest(page=page, html=html, evidence=query.evidence, data_id=query.data_id)


def _split(asked: PageRequest) -> Page:
    if asked.html is not None:
        return split_html(asked.html)
    if asked.sections is not None:
        return split_given(asked.sections)
    return split_text(asked.page or "")


def _within_limit(page: Page, asked: PageRequest, limit: int) -> Page:
    if len(page.sections) > limit:
        detail = f"The page has {len(page.sections)} sections; at most {limit} (LANMU_MAX_SECTIONS): send it in parts"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, pointer=f"/{asked.given}")
    return page
