"""Scores become probabilities."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from models.judging.calibration import SMALLEST, Calibration, softmax


def test_softmax_of_known_scores() -> None:
    """Scores that are logarithms of 1, 2 and 5 give an eighth, a quarter and five eighths."""
    assert [[1 / 8, 2 / 8, 5 / 8]] == pytest.approx(softmax(np.log([[1.0, 2.0, 5.0]])))


@given(
    scores=arrays(
        np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.floats(-1e6, 1e6, width=32)
    ),
)
def test_probabilities_sum_to_one_and_none_is_zero(scores: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    """Whatever the scores; the order of the likeliest stays."""
    chances = softmax(scores)

    assert np.allclose(chances.sum(axis=1), 1, atol=1e-12)
    assert np.all(chances >= SMALLEST / 2)
    assert np.allclose(scores[np.arange(len(scores)), chances.argmax(axis=1)], scores.max(axis=1), atol=1e-9)


def test_calibration_is_linear_before_softmax() -> None:
    """A matrix that doubles and an offset of log 3 give what is worked out by hand."""
    calibration = Calibration(np.diag([2.0, 2.0]), np.array([math.log(3), 0.0]))

    given_ = calibration.probabilities(np.array([[0.0, 0.0], [0.0, math.log(3) / 2]]))

    assert [3 / 4, 1 / 4, 1 / 2, 1 / 2] == pytest.approx(given_.ravel())
