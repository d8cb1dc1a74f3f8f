"""How sure the model must be before it gives a label."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.thresholds import smallest_for, thresholds_for

ANSWERS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans()) | st.tuples(st.sampled_from([0.5, 0.6, 0.7]), st.booleans())
)


@pytest.mark.parametrize(
    ("probability", "right", "threshold"),
    [
        pytest.param([0.9, 0.8, 0.7], [True, True, True], 0.0, id="always right"),
        pytest.param([0.9, 0.8, 0.7], [False, False, False], 1.0, id="never right"),
        pytest.param([0.9, 0.8, 0.7, 0.6], [True, True, False, False], 0.7, id="two of three are enough"),
        pytest.param([0.6, 0.9, 0.8, 0.7], [True, True, False, False], 0.9, id="in any order"),
        pytest.param([0.9, 0.8, 0.8], [True, True, False], 0.0, id="wrong among equals, still enough"),
        pytest.param([0.9, 0.8, 0.8, 0.8], [True, True, False, False], 0.9, id="equals count together"),
        pytest.param([0.8, 0.8], [True, False], 1.0, id="equals alone"),
        pytest.param([], [], 1.0, id="no answers"),
    ],
)
def test_the_smallest_probability_that_is_right_enough(
    probability: list[float], right: list[bool], threshold: float
) -> None:
    """For a precision of six tenths."""
    assert threshold == smallest_for(np.array(probability), np.array(right, bool), 0.6)


@given(answers=ANSWERS, precision=st.sampled_from([0.5, 0.6, 0.9]))
def test_answers_from_the_threshold_on_have_the_precision(answers: list[tuple[float, bool]], precision: float) -> None:
    """Whatever the probabilities, also where many are the same; a threshold of 1 gives no answer but the surest."""
    probability = np.array([chance for chance, _ in answers])
    right = np.array([hit for _, hit in answers], bool)

    threshold = smallest_for(probability, right, precision)

    given_ = right[probability >= threshold]
    assert threshold == 1 or given_.mean() >= precision


def test_each_label_has_a_threshold_of_its_own() -> None:
    """Only by the answers that would be that label; none has no threshold."""
    chances = np.array([[0.9, 0.1, 0.0], [0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]])
    target = np.array([0, 1, 1, 1, 0])

    assert {"a": 0.9, "b": 0.0} == thresholds_for(chances, target, ["a", "b", "none"], 0.6)
