"""Labelled pages, and what a version answers for them."""

from __future__ import annotations

import json

import pytest

from models.model import Model
from models.seeds.seed import LABELS, SeedsError
from training.evaluation.pages import Page, judge, page_numbers, read_pages, settled, target_of

TEXT = "我认为这台风车显然不值\n版权所有"


def line(**changes: object) -> str:
    """A labelled page of two sections, one of them not settled."""
    sections = [{"start": 0, "end": 11, "label": "opinion"}, {"start": 12, "end": 16, "label": None}]
    return json.dumps({"page_id": "风车", "text": TEXT, "sections": sections} | changes, ensure_ascii=False)


def test_a_section_that_is_not_settled_stays_on_its_page() -> None:
    """It is a neighbour of the others, and is not scored."""
    pages = read_pages([line(), ""], "pages.jsonl", LABELS)

    assert [Page("风车", ("我认为这台风车显然不值", "版权所有"), ("opinion", None))] == pages
    assert [True, False] == settled(pages).tolist()
    assert [1, 3] == target_of(pages, LABELS).tolist()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        pytest.param([line(), "{"], "pages.jsonl:2: not a labelled page", id="not JSON"),
        pytest.param(["[]"], "pages.jsonl:1: not a labelled page", id="no object"),
        pytest.param([line(text=None)], "pages.jsonl:1: not a labelled page", id="no text"),
        pytest.param(
            [line(sections=[{"start": 0, "end": 1, "label": "recipe"}])],
            "pages.jsonl:1: unknown label 'recipe'; the version knows tech_analysis",
            id="unknown label",
        ),
        pytest.param([line(sections=[])], "pages.jsonl: no section here has a label", id="nothing to measure"),
        pytest.param([], "pages.jsonl: no section here has a label", id="empty"),
    ],
)
def test_bad_pages_are_named(lines: list[str], reason: str) -> None:
    """With their line and what is wrong."""
    with pytest.raises(SeedsError, match=reason):
        read_pages(lines, "pages.jsonl", LABELS)


def test_answers_are_those_of_the_model(model: Model) -> None:
    """Alone as `classify` gives them, in page as `classify_pages` does; rows stay with their page."""
    texts = ("相关阅读", "我认为这台风车显然不值", "1234 :: []")
    page = Page("one", texts, ("recommendation_teaser", "opinion", None))
    pages = [page, Page("none", (), ()), Page("two", texts[:1], (None,))]

    answers = judge(model, pages)

    alone = [result.label or "none" for result in model.classify([*texts, texts[0]])]
    assert alone == [answers["alone"].labels[number] for number in answers["alone"].said]
    assert [0, 0, 0, 2] == page_numbers(pages).tolist()
    assert answers["alone"].chances[3].tolist() == answers["in_page"].chances[3].tolist()
    assert answers["alone"].chances[0].tolist() != answers["in_page"].chances[0].tolist()
