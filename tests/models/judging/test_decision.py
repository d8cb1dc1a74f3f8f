"""From probabilities to a label, or to the reason why there is none."""

from __future__ import annotations

import numpy as np
import pytest

from models.judging.decision import Decision
from models.result import AbstainReason, Result
from models.terms.facts import DIGIT_SHARE, FACTS, HAN_SHARE, LENGTH

DECISION = Decision(("opinion", "teaser", "none"), {"opinion": 0.6, "teaser": 0.5})


def decide(
    chances: list[float], *, length: float = 3.0, han: float = 0.9, digits: float = 0.0, known: int = 9
) -> Result:
    """The result of one section."""
    facts = np.zeros((1, len(FACTS)), np.float32)
    facts[0, [LENGTH, HAN_SHARE, DIGIT_SHARE]] = length, han, digits
    return DECISION.results(DECISION.verdicts(np.array([chances]), facts, np.array([[known, known]], np.int32)))[0]


@pytest.mark.parametrize(
    ("chances", "label", "probability"),
    [
        pytest.param([0.7, 0.2, 0.1], "opinion", 0.7, id="above its threshold"),
        pytest.param([0.6, 0.3, 0.1], "opinion", 0.6, id="at its threshold"),
        pytest.param([0.2, 0.55, 0.25], "teaser", 0.55, id="each label has a threshold of its own"),
    ],
)
def test_a_sure_label_is_given(chances: list[float], label: str, probability: float) -> None:
    """The likeliest label is the answer, with its probability."""
    assert Result(label, probability, dict(zip(DECISION.labels, chances, strict=True))) == decide(chances)


@pytest.mark.parametrize("labels", [1, 2, 3, 4])
def test_any_number_of_labels_is_named(labels: int) -> None:
    """Four are named by a way of their own, with `none`, and as any other number is."""
    names = tuple("abcd"[:labels])
    decision = Decision((*names, "none"), dict.fromkeys(names, 0.1))
    chances = np.arange(labels + 1, 0, -1, dtype=np.float64) / 16
    facts = np.zeros((1, len(FACTS)), np.float32)
    facts[0, [LENGTH, HAN_SHARE]] = 3.0, 0.9

    (result,) = decision.results(decision.verdicts(chances[None], facts, np.array([[9, 9]], np.int32)))

    named = dict(zip((*names, "none"), chances.tolist(), strict=True))
    assert Result("a", chances[0], named) == result


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        pytest.param(decide([0.59, 0.4, 0.01]), AbstainReason.LOW_PROBABILITY, id="below its threshold"),
        pytest.param(decide([0.3, 0.3, 0.4]), AbstainReason.NONE_OF_THESE, id="none is likeliest"),
        pytest.param(decide([0.9, 0.1, 0.0], known=0), AbstainReason.NO_KNOWN_TERMS, id="no word known"),
        pytest.param(decide([0.9, 0.1, 0.0], han=0.05), AbstainReason.NO_KNOWN_TERMS, id="hardly a Chinese character"),
        pytest.param(decide([0.9, 0.1, 0.0], length=0, known=0), AbstainReason.EMPTY, id="nothing there"),
        pytest.param(decide([0.1, 0.1, 0.8], han=0, digits=1), AbstainReason.NONE_OF_THESE, id="digits alone"),
    ],
)
def test_the_model_says_why_it_abstains(result: Result, reason: AbstainReason) -> None:
    """Without a label there is a reason, and the probability is the largest."""
    assert (None, reason) == (result.label, result.abstain_reason)
    assert max(result.probabilities.values()) == result.probability


def test_known_words_are_summed_over_all_sections() -> None:
    """Those that training knew, and then those that it did not."""
    seen = np.array([[5, 3], [2, 2]], np.int32)

    verdicts = DECISION.verdicts(np.full((2, 3), 1 / 3), np.zeros((2, len(FACTS)), np.float32), seen)

    assert (5, 2) == verdicts.words()
