"""The check itself: it finds what a model does wrong, and says so."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from models.model import Model
from models.splitting import split_given
from training.behaviour import Case, Failure, Kind, Passage, below, check, read_cases, shares

STAND = Passage(("我认为这种做法显然是错的，凭什么让守规矩的人吃亏？太让人失望了。",))
MENU = Passage(("首页 | 新闻 | 体育 | 财经 | 汽车 | 房产",))
CARD = "旧车站要拆了\n旧车站要拆了\n126\n旧车站要拆了 站前的小卖部开了三十年，老板说..."


@pytest.mark.parametrize(
    ("case", "found"),
    [
        pytest.param(Case("a", Kind.MINIMUM, "", STAND, label="none"), "none expected, got opinion", id="label"),
        pytest.param(Case("b", Kind.MINIMUM, "", MENU, label="opinion"), "opinion expected, got none", id="no label"),
        pytest.param(Case("c", Kind.INVARIANCE, "", STAND, MENU), "opinion .* became none", id="another label"),
        pytest.param(Case("d", Kind.DIRECTION, "", STAND, MENU, "opinion"), "opinion should rise", id="fell"),
        pytest.param(
            Case("e", Kind.DIRECTION, "", MENU, STAND, "opinion", upwards=False), "opinion should fall", id="rose"
        ),
        pytest.param(Case("f", Kind.DIRECTION, "", MENU, MENU, "opinion"), "opinion should rise", id="stood still"),
    ],
)
def test_a_case_that_does_not_hold_is_found(model: Model, case: Case, found: str) -> None:
    """A wrong label, a label that changes and a probability that moves the wrong way are failures."""
    (failure,) = check(model, [case])

    assert case is failure.case
    assert re.search(found, str(failure))


def test_a_case_that_holds_is_no_failure(model: Model) -> None:
    """What a model does as asked is not reported."""
    cases = [
        Case("a", Kind.MINIMUM, "", STAND, label="opinion"),
        Case("b", Kind.INVARIANCE, "", STAND, STAND),
        Case("c", Kind.DIRECTION, "", MENU, STAND, "opinion"),
    ]

    assert [] == check(model, cases)


def test_a_section_is_judged_by_its_page(model: Model) -> None:
    """Of a page, the named section is asked about, with the probability that it has in that page."""
    texts = (*MENU.sections, *STAND.sections, "相关推荐", CARD)
    (results,) = model.classify_pages([split_given(texts)])

    failures = check(model, [Case(str(at), Kind.MINIMUM, "", Passage(texts, at), label="?") for at in range(4)])

    likeliest = [max(result.probabilities.items(), key=lambda item: item[1]) for result in results]
    expected = [f"({label} {probability:.2f}," for label, probability in likeliest]
    assert [] == [want for want, failure in zip(expected, failures, strict=True) if want not in failure.found]
    assert len(texts) == len({failure.found for failure in failures})


@pytest.mark.parametrize(
    ("failing", "kinds"),
    [pytest.param(1, [], id="a tenth fails"), pytest.param(2, [Kind.MINIMUM], id="two tenths fail")],
)
def test_a_kind_of_which_too_little_holds_is_named(failing: int, kinds: list[Kind]) -> None:
    """Nine tenths of the minimum functions must hold."""
    cases = [Case(str(number), Kind.MINIMUM, "", STAND, label="opinion") for number in range(10)]
    failures = [Failure(case, "abstained") for case in cases[:failing]]

    assert kinds == below(failures, cases)
    assert {Kind.MINIMUM: 1 - failing / 10} == shares(failures, cases)


def test_the_shipped_cases_are_distinct_and_many() -> None:
    """No id stands twice, no change changes nothing, and a kind has enough cases for its share to mean something."""
    cases = read_cases()

    assert len(cases) == len({case.id for case in cases})
    assert [] == [case.id for case in cases if case.text == case.changed]
    assert 30 < min(Counter(case.kind for case in cases).values())
