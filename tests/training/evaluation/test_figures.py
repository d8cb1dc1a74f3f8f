"""Figures with intervals: the same as the training's, and as wide as pages differ."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.answers import Answers, answers_of
from training.evaluation.figures import NAMES, by_label, figures_of, leads_of
from training.metrics import measure

LABELS = ("opinion", "teaser", "none")
THRESHOLDS = {"opinion": 0.6, "teaser": 0.5}


def answers_on(pages: list[int], random: int = 3, sections: int = 120) -> Answers:
    """Answers somewhat better than chance, on the pages of these numbers in turn."""
    generator = np.random.default_rng(random)
    target = generator.integers(3, size=sections)
    chances = generator.dirichlet([1, 1, 1], size=sections) + np.eye(3)[target] / 2
    page = np.array(pages)[np.arange(sections) % len(pages)]
    return answers_of(chances / chances.sum(axis=1, keepdims=True), target, page, LABELS, THRESHOLDS)


def test_figures_are_those_of_the_training() -> None:
    """Added up from pages, they are what `measure` finds in all sections at once; so are labels and confusion."""
    answers = answers_on(list(range(10)))

    whole = measure(answers.chances, answers.target, LABELS, THRESHOLDS)

    assert {name: pytest.approx(getattr(whole, name)) for name in NAMES} == {
        name: figure.value for name, figure in figures_of(answers).items()
    }
    assert {"by_label": whole.by_label, "confusion": whole.confusion} == by_label(answers)


def test_an_interval_holds_its_figure_and_is_always_the_same() -> None:
    """Pages are drawn by a fixed seed."""
    answers = answers_on(list(range(12)))

    figures = figures_of(answers)

    assert all(figures[name].low < figures[name].value < figures[name].high for name in ("four_way", "forced", "right"))
    assert figures == figures_of(answers)


def test_one_page_has_no_interval() -> None:
    """Drawing it again gives nothing new."""
    figures = figures_of(answers_on([0]))

    assert all(pytest.approx(figure.value) == figure.low == figure.high for figure in figures.values())


def test_a_lead_is_that_of_the_same_draws() -> None:
    """Against itself it is exactly 0; against others, the difference of the figures."""
    first, second = answers_on(list(range(12))), answers_on(list(range(12)), random=4)

    leads = leads_of(first, second)

    expected = figures_of(first)["four_way"].value - figures_of(second)["four_way"].value
    assert expected == pytest.approx(leads["four_way"].value)
    assert {0.0} == {edge for lead in leads_of(first, first).values() for edge in (lead.value, lead.low, lead.high)}
