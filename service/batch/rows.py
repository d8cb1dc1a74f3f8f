"""What is judged, as rows of the output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.result import NONE
from service.batch.job import Answers, Format, Rows, Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from models.page import Section
    from models.result import Result
    from service.batch.judge import Judged
    from service.policy import Policy

Row = dict[str, Any]

NO_SECTION = {"start": None, "end": None, "heading": None, "kind": None}


class Rower:
    """Makes rows of one shape."""

    def __init__(self, shape: Shape, policy: Policy, version: str, labels: tuple[str, ...]) -> None:
        self._shape = shape
        self._version = version
        self._suggest = policy.suggest
        kept = frozenset((*labels, NONE) if shape.keep is None else shape.keep)
        self._kept_labels = kept - frozenset(shape.drop or ())
        self._with_text = shape.answers is Answers.TEXT
        self._answer = {Answers.FULL: self._full, Answers.PROBABILITIES: _probabilities}.get(shape.answers, _label)

    def rows(self, judged: Iterable[Judged]) -> Iterator[Row]:
        """The rows, in order."""
        if self._shape.filtered:
            return map(self._filtered, judged)
        if self._shape.rows is Rows.RECORD:
            return map(self._record, judged)
        rows = (row for each in judged for row in self._sections(each))
        return rows if self._shape.format is Format.JSONL else map(_flat, rows)

    def _record(self, judged: Judged) -> Row:
        record, page, results = judged
        if page is None and self._shape.answers is Answers.FULL:
            return {"id": record.id, "model": self._version, **self._full(results[0])}
        row: Row = {"id": record.id, "model": self._version}
        if page is None:
            row.update(self._answer(results[0]))
            if self._with_text:
                row["text"] = record.content
            return row
        if self._shape.answers is Answers.FULL and page.text != record.content:
            row["text"] = page.text  # what offsets count in, where the record does not hold it already
        places = map(_place if self._shape.answers is Answers.FULL else _bounds, page.sections)
        row["sections"] = [place | self._answer(result) for place, result in zip(places, results, strict=True)]
        if self._with_text:
            for section, text in zip(row["sections"], page.texts(), strict=True):
                section["text"] = text
        return row

    def _sections(self, judged: Judged) -> Iterator[Row]:
        record, page, results = judged
        texts = [record.content] if page is None else page.texts()
        places = [NO_SECTION | {"start": 0, "end": len(record.content)}] if page is None else map(_place, page.sections)
        full = self._shape.answers is Answers.FULL
        for number, (place, text, result) in enumerate(zip(places, texts, results, strict=True)):
            if not self._kept(result):
                continue
            bounds = place if full else {"start": place["start"], "end": place["end"]}
            row = {"id": record.id, "model": self._version, "section": number, **bounds, **self._answer(result)}
            if self._with_text:
                row["text"] = text
            yield row

    def _filtered(self, judged: Judged) -> Row:
        """The text of what is kept; a record of which nothing is kept stays, with an empty text."""
        record, page, results = judged
        texts = [record.content] if page is None else page.texts()
        kept = [text for text, result in zip(texts, results, strict=True) if self._kept(result)]
        return {"id": record.id, "model": self._version, "text": "".join(kept)}

    def _kept(self, result: Result) -> bool:
        return (result.label or NONE) in self._kept_labels

    def _full(self, result: Result) -> Row:
        return {
            "label": result.label,
            "probability": result.probability,
            "probabilities": result.probabilities,
            "abstain_reason": result.abstain_reason,
            "suggestion": self._suggest(result.label, result.probability),
        }


def _label(result: Result) -> Row:
    return {"label": result.label}


def _probabilities(result: Result) -> Row:
    return {"label": result.label, "probability": result.probability, "probabilities": result.probabilities}


def _place(section: Section) -> Row:
    return {"start": section.start, "end": section.end, "heading": section.heading, "kind": section.kind}


def _bounds(section: Section) -> Row:
    return {"start": section.start, "end": section.end}


def _flat(row: Row) -> Row:
    """With a column for each label's probability."""
    probabilities = row.pop("probabilities", {})
    return row | {f"probability_{label}": value for label, value in probabilities.items()}
