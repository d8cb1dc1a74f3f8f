"""Records to answers, many at a time: the model is called once for all texts and once for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.splitting import split_given, split_html, split_text
from service.answers import result_answers, section_answers
from service.batch.records import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.model import Model
    from models.page import Page
    from service.batch.records import Record
    from service.policy import Policy

_SPLIT = {Kind.SECTIONS: split_given, Kind.PAGE: split_text, Kind.HTML: split_html}


def judge_records(records: Sequence[Record], model: Model, policy: Policy) -> list[dict[str, Any]]:
    """One answer for each record, in order."""
    texts = [record for record in records if record.kind is Kind.TEXT]
    pages = [record for record in records if record.kind is not Kind.TEXT]
    of_texts, of_pages = iter(_judge_texts(texts, model, policy)), iter(_judge_pages(pages, model, policy))
    return [
        {"id": record.id, "model": model.version, **next(of_texts if record.kind is Kind.TEXT else of_pages)}
        for record in records
    ]


def _judge_texts(records: Sequence[Record], model: Model, policy: Policy) -> list[dict[str, Any]]:
    return result_answers(model.classify([record.content for record in records]), policy, evidence=False)


def _judge_pages(records: Sequence[Record], model: Model, policy: Policy) -> list[dict[str, Any]]:
    pages: list[Page] = [_SPLIT[record.kind](record.content) for record in records]
    results = model.classify_pages(pages)
    return [
        {**_text(record, page), "sections": section_answers(page, of_page, policy, evidence=False)}
        for record, page, of_page in zip(records, pages, results, strict=True)
    ]


def _text(record: Record, page: Page) -> dict[str, str]:
    """What offsets refer to, where the record does not hold it already."""
    return {} if page.text == record.content else {"text": page.text}
