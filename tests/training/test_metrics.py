"""Figures, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.metrics import calibration_error, measure

LABELS = ("opinion", "teaser", "none")
CHANCES = np.array(
    [
        [0.8, 0.1, 0.1],  # opinion, said opinion
        [0.5, 0.2, 0.3],  # opinion, too unsure
        [0.3, 0.6, 0.1],  # opinion, said teaser
        [0.1, 0.7, 0.2],  # teaser, said teaser
        [0.1, 0.2, 0.7],  # teaser, said none
        [0.1, 0.1, 0.8],  # none, said none
        [0.9, 0.0, 0.1],  # none, said opinion
    ],
)
TARGET = np.array([0, 0, 0, 1, 1, 2, 2])


def test_figures_of_seven_answers() -> None:
    """Precision and recall by label, their mean F1, and the shares answered and right."""
    figures = measure(CHANCES, TARGET, LABELS, {"opinion": 0.6, "teaser": 0.5})

    opinion, teaser, none = 2 * 1 / (2 + 3), 2 * 1 / (2 + 2), 2 * 1 / (3 + 2)
    assert [[1, 1, 1], [0, 1, 1], [1, 0, 1]] == figures.confusion
    assert (opinion + teaser + none) / 3 == pytest.approx(figures.four_way)
    assert 4 / 5 == pytest.approx(figures.forced)
    assert 3 / 5 == pytest.approx(figures.answered)
    assert 2 / 4 == pytest.approx(figures.right)
    assert {"precision": 0.5, "recall": 0.3333, "f1": 0.4, "sections": 3} == figures.by_label["opinion"]
    assert {"precision": 0.3333, "recall": 0.5, "f1": 0.4, "sections": 2} == figures.by_label["none"]


def test_figures_of_answers_that_are_never_given() -> None:
    """Where no label is ever sure enough, nothing is answered and nothing divided by zero."""
    figures = measure(CHANCES, TARGET, LABELS, {"opinion": 1.0, "teaser": 1.0})

    assert (0.0, 0.0, 0.0) == (figures.answered, figures.right, figures.ece)


def test_a_label_that_no_section_has_is_left_out_of_the_mean() -> None:
    """Macro-F1 is over the labels that there are."""
    figures = measure(CHANCES[[0, 5]], TARGET[[0, 5]], LABELS, {"opinion": 0.6, "teaser": 0.5})

    assert 1.0 == figures.four_way


@pytest.mark.parametrize(
    ("probability", "right", "error"),
    [
        pytest.param([], [], 0, id="no answers"),
        pytest.param([1.0, 1.0], [True, True], 0, id="sure and right"),
        pytest.param([1.0, 1.0], [False, False], 1, id="sure and wrong"),
        pytest.param([0.75, 0.75, 0.75, 0.75], [True, True, True, False], 0, id="as right as it says"),
        pytest.param([0.55, 0.95], [True, False], (0.45 + 0.95) / 2, id="bins do not make up for each other"),
        pytest.param([0.91, 0.99], [True, False], (0.91 - 1 + 0.99) / 2, id="answers in one bin do"),
    ],
)
def test_calibration_error(probability: list[float], right: list[bool], error: float) -> None:
    """The mean distance of bins between how sure and how right."""
    assert error == pytest.approx(calibration_error(np.array(probability), np.array(right, bool)))
