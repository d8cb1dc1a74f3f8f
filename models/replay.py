"""Golden answers: inputs with the answers that a version gave where it was trained and must give where loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.splitting import split_given
from models.versions import InvalidVersionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models.model import Model
    from models.result import Result
    from models.versions import SavedVersion

CLOSE = 1e-4
"""Probabilities may differ by so much: another processor may round another way."""


def golden_answers(model: Model, texts: Sequence[str], pages: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The lines of golden.jsonl for some texts and some pages given as sections."""
    alone = [
        {"text": text, "answers": [_answer(result)]} for text, result in zip(texts, model.classify(texts), strict=True)
    ]
    together = model.classify_pages([split_given(page) for page in pages])
    return alone + [
        {"sections": list(page), "answers": [_answer(result) for result in results]}
        for page, results in zip(pages, together, strict=True)
    ]


def replay(model: Model, saved: SavedVersion) -> None:
    """Ask the version its golden questions.

    Raises
    ------
    InvalidVersionError
        At the first answer that is not the golden one, naming the line of golden.jsonl.
    """
    for number, line in enumerate(saved.golden, 1):
        try:
            given, expected = _ask(model, line), line["answers"]
            fits = len(given) == len(expected) and all(map(_same, given, expected))
        except (KeyError, TypeError, AttributeError) as error:
            reason = f"line {number} is not a question with its answers: {error!r}"
            raise InvalidVersionError(saved.folder / "golden.jsonl", reason) from error
        if not fits:
            reason = f"line {number}: the version answers otherwise here than where it was trained; train it again here"
            raise InvalidVersionError(saved.folder / "golden.jsonl", reason)


def _ask(model: Model, line: dict[str, Any]) -> list[Result]:
    if "text" in line:
        return model.classify([str(line["text"])])
    return model.classify_pages([split_given([str(text) for text in line["sections"]])])[0]


def _answer(result: Result) -> dict[str, Any]:
    return {"label": result.label, "probabilities": {name: round(p, 6) for name, p in result.probabilities.items()}}


def _same(given: Result, expected: dict[str, Any]) -> bool:
    known: dict[str, float] = expected["probabilities"]
    return (
        given.label == expected["label"]
        and given.probabilities.keys() == known.keys()
        and all(abs(value - known[name]) <= CLOSE for name, value in given.probabilities.items())
    )
