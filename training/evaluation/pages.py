"""Labelled pages to judge: sections that readers could not settle stay on their page, and are not scored."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.model import Model
from models.result import NONE, Result
from models.seeds.seed import Problem, SeedPage, SeedsError
from models.splitting import split_given
from training.evaluation.answers import Answers


@dataclass(frozen=True)
class Page:
    """A page's sections in order. A label is None where it is not settled."""

    id: str
    texts: tuple[str, ...]
    labels: tuple[str | None, ...]


def read_pages(lines: Iterable[str], name: str, labels: Collection[str]) -> list[Page]:
    """Read pages: JSON Lines of page_id, text and sections with start, end and label.

    labels : those that sections may have.

    Raises
    ------
    SeedsError
        With every line that is not such a page or has another label; where there is no page at all.
    """
    pages: list[Page] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            page = _page(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = f"not a labelled page (page_id, text, sections with start, end, label): {error!r}"
            problems.append(Problem(f"{name}:{number}", reason))
            continue
        pages.append(page)
        unknown = sorted({label for label in page.labels if label} - set(labels))
        problems += [Problem(f"{name}:{number}", _unknown(label, labels)) for label in unknown]
    if not any(label for page in pages for label in page.labels) and not problems:
        problems.append(Problem(name, "no section here has a label; there is nothing to measure"))
    if problems:
        raise SeedsError(problems)
    return pages


def _page(row: dict[str, Any]) -> Page:
    """One page of the file."""
    sections = row["sections"]
    texts = [row["text"][section["start"] : section["end"]] for section in sections]
    labels = [None if section.get("label") is None else str(section["label"]) for section in sections]
    return Page(str(row["page_id"]), tuple(texts), tuple(labels))


def _unknown(label: str, labels: Collection[str]) -> str:
    return f"unknown label {label!r}; the version knows {', '.join(labels)}"


def pages_of(seed_pages: Sequence[SeedPage]) -> list[Page]:
    """Written seeds as pages."""
    return [
        Page(page.id, tuple(seed.text for seed in page.seeds), tuple(seed.label for seed in page.seeds))
        for page in seed_pages
    ]


def settled(pages: Sequence[Page]) -> NDArray[np.bool_]:
    """Which sections of all pages, in order, have a label."""
    return np.array([label is not None for page in pages for label in page.labels], bool)


def target_of(pages: Sequence[Page], labels: Sequence[str]) -> NDArray[np.int64]:
    """The number of each section's label; that of none where it is not settled."""
    return np.array([labels.index(label or NONE) for page in pages for label in page.labels], np.int64)


def page_numbers(pages: Sequence[Page]) -> NDArray[np.int64]:
    """The number of each section's page."""
    return np.repeat(np.arange(len(pages)), [len(page.texts) for page in pages])


def judge(model: Model, pages: Sequence[Page], labels: Sequence[str] | None = None) -> dict[str, Answers]:
    """What a version answers for all sections of some pages, `alone` and `in_page`.

    labels : those that answers are counted by, `none` last; the version's own by default. One that it does not know has
        the probability 0.
    """
    counted = tuple(labels or (*model.labels, NONE))
    alone = model.classify([text for page in pages for text in page.texts])
    in_page = model.classify_pages([split_given(page.texts) for page in pages])
    return {
        "alone": _answers(counted, pages, alone),
        "in_page": _answers(counted, pages, [result for results in in_page for result in results]),
    }


def _answers(labels: tuple[str, ...], pages: Sequence[Page], results: Sequence[Result]) -> Answers:
    chances = np.array([[result.probabilities.get(label, 0.0) for label in labels] for result in results])
    said = np.array([labels.index(result.label or NONE) for result in results], np.int64)
    return Answers(labels, chances, said, target_of(pages, labels), page_numbers(pages))
