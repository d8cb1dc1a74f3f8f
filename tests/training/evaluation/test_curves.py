"""Curves over probability, against values worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.curves import POINTS, Point, reliability, risk_coverage, thinned


def test_reliability_of_six_answers() -> None:
    """Each bin that holds an answer tells how many, how sure they are and how often right; 1 falls in the last."""
    probability = np.array([0.52, 0.58, 0.91, 0.95, 0.97, 1.0])
    right = np.array([True, False, True, True, True, False])

    first, last = reliability(probability, right)

    assert (0.5, 0.6, 2, 0.5) == (first.low, first.high, first.count, first.right)
    assert (0.9, 1.0, 4, 0.75) == (last.low, last.high, last.count, last.right)
    assert [(0.52 + 0.58) / 2, (0.91 + 0.95 + 0.97 + 1) / 4] == pytest.approx([first.probability, last.probability])


def test_risk_against_coverage_of_five_answers() -> None:
    """The surest answers come first; answers of one probability are given together."""
    probability = np.array([0.6, 0.9, 0.7, 0.7, 0.8])
    right = np.array([True, True, False, True, False])

    points = risk_coverage(probability, right)

    assert [0.9, 0.8, 0.7, 0.6] == [point.probability for point in points]
    assert [0.2, 0.4, 0.8, 1.0] == [point.coverage for point in points]
    assert [0.0, 1 / 2, 2 / 4, 2 / 5] == [point.risk for point in points]


@pytest.mark.parametrize("curve", [reliability, risk_coverage], ids=["reliability", "risk"])
def test_no_answers_make_no_curve(curve: type) -> None:
    """Where every section is abstained on, there is nothing to draw, and nothing divided by zero."""
    assert [] == curve(np.array([]), np.array([], bool))


def test_a_long_curve_is_thinned_between_its_ends() -> None:
    """The first and the last point stay."""
    points = [Point(1 - at / 999, at / 999, 0.0) for at in range(1000)]

    drawn = thinned(points)

    assert POINTS == len(drawn)
    assert (points[0], points[-1]) == (drawn[0], drawn[-1])
    assert thinned(points[:5]) == points[:5]
