"""Records to what the model says of them, many at a time: it is called once for all texts and once for all pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from models.splitting import split_given, split_html, split_text
from service.batch.records import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.model import Model
    from models.page import Page
    from models.result import Result
    from service.batch.records import Record

_SPLIT = {Kind.SECTIONS: split_given, Kind.PAGE: split_text, Kind.HTML: split_html}


class Judged(NamedTuple):
    """A record with its results: one, or for a page one a section."""

    record: Record
    page: Page | None
    results: Sequence[Result]


def judge_records(records: Sequence[Record], model: Model) -> list[Judged]:
    """Judge each record, in order."""
    texts = model.classify([record.content for record in records if record.kind is Kind.TEXT])
    if len(texts) == len(records):
        return [Judged(record, None, (result,)) for record, result in zip(records, texts, strict=True)]
    pages = [_SPLIT[record.kind](record.content) for record in records if record.kind is not Kind.TEXT]
    of_pages = zip(pages, model.classify_pages(pages), strict=True)
    of_texts = iter(texts)
    return [
        Judged(record, None, (next(of_texts),)) if record.kind is Kind.TEXT else Judged(record, *next(of_pages))
        for record in records
    ]
