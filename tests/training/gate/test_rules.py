"""What a challenger may lose."""

from __future__ import annotations

import pytest

from training.evaluation.figures import Figure
from training.gate.rules import Row, What

F1 = What("in_page", "macro_f1")
ECE = What("alone", "ece")
RECALL = What("in_page", "recall", "opinion")


@pytest.mark.parametrize(
    ("what", "challenger", "champion", "interval"),
    [
        pytest.param(F1, 0.80, 0.80, (0.0, 0.0), id="equal"),
        pytest.param(F1, 0.75, 0.80, (-0.11, 0.01), id="a loss that may be chance"),
        pytest.param(F1, 0.795, 0.80, (-0.009, -0.001), id="a sure loss within the allowance"),
        pytest.param(F1, 0.85, 0.80, (0.01, 0.09), id="better"),
        pytest.param(ECE, 0.01, 0.05, (-0.06, -0.02), id="a smaller error is no loss"),
        pytest.param(RECALL, 0.45, 0.45, (0.0, 0.0), id="below the floor as the champion is"),
    ],
)
def test_what_is_not_worse_holds(what: What, challenger: float, champion: float, interval: tuple[float, float]) -> None:
    """Beyond the allowance and beyond chance, both, is worse."""
    row = Row(what, challenger, champion, Figure(challenger - champion, *interval))

    assert row.reason is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param(
            Row(F1, 0.75, 0.80, Figure(-0.05, -0.08, -0.02)),
            "the macro-F1, sections judged in page, is 0.750, the champion's 0.800: -0.050 [-0.080, -0.020], "
            "more than the 0.01 allowed",
            id="macro-F1",
        ),
        pytest.param(
            Row(ECE, 0.08, 0.05, Figure(0.03, 0.01, 0.05)),
            "the calibration error, sections judged alone, is 0.080, the champion's 0.050: +0.030 [+0.010, +0.050], "
            "more than the 0.02 allowed",
            id="calibration error",
        ),
        pytest.param(
            Row(RECALL, 0.48, 0.50, Figure(-0.02, -0.10, 0.06)),
            "the recall of 'opinion', sections judged in page, is 0.480, the champion's 0.500; it must be at least 0.5",
            id="below the floor",
        ),
        pytest.param(
            Row(RECALL, 0.48),
            "the recall of 'opinion', sections judged in page, is 0.480; it must be at least 0.5",
            id="below the floor, without a champion",
        ),
    ],
)
def test_what_is_worse_is_said_with_its_figures(row: Row, reason: str) -> None:
    """In one plain sentence."""
    assert reason == row.reason
