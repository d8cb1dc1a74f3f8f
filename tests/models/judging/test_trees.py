"""Boosted trees as arrays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from models.judging.trees import LEAF, Trees
from training.boosting import STEP, averaged, stepped, trees_of


def fitted(labels: int, random_state: int = 7) -> tuple[HistGradientBoostingClassifier, np.ndarray]:
    """What scikit-learn learns of noise, and the noise."""
    random = np.random.default_rng(7)
    rows = stepped(random.normal(size=(400, 6)))
    target = np.digitize(rows[:, 0] + 0.3 * random.normal(size=400), np.linspace(-1, 1, labels - 1))
    learner = HistGradientBoostingClassifier(max_iter=12, max_leaf_nodes=6, max_features=0.5, random_state=random_state)
    return learner.fit(rows, target), rows


@pytest.mark.parametrize("labels", [3, 4], ids=lambda labels: f"{labels} labels")
def test_scores_are_those_of_scikit_learn(labels: int) -> None:
    """The arrays give what scikit-learn's own trees give."""
    model, rows = fitted(labels)

    scores = trees_of(model).scores(rows)

    np.testing.assert_allclose(model.decision_function(rows), scores, atol=1e-6)


def test_of_two_labels_the_second_is_scored() -> None:
    """Of two labels, the first scores nothing and the second what scikit-learn scores."""
    model, rows = fitted(2)

    scores = trees_of(model).scores(rows)

    np.testing.assert_allclose(np.zeros(400), scores[:, 0])
    np.testing.assert_allclose(model.decision_function(rows), scores[:, 1], atol=1e-6)


def test_rounding_turns_no_walk() -> None:
    """A section that was learned has the same score where its numbers are summed in another order."""
    model, rows = fitted(4)
    trees = trees_of(model)
    noise = np.random.default_rng(8).uniform(-0.4 * STEP, 0.4 * STEP, rows.shape)

    np.testing.assert_array_equal(trees.scores(rows), trees.scores(rows + noise))


def test_boostings_are_averaged() -> None:
    """As one they score the mean of what they score each."""
    members = [trees_of(fitted(4, random_state)[0]) for random_state in (7, 8)]
    rows = fitted(4)[1]

    together = averaged(members)

    assert together.fits(rows.shape[1])
    mean = np.mean([each.scores(rows) for each in members], axis=0)
    np.testing.assert_allclose(mean, together.scores(rows), atol=1e-6)


@pytest.fixture(name="stump")
def a_stump() -> Trees:
    """One question: whether the first number is at most 0.5."""
    return Trees(
        np.zeros(2),
        root=np.array([0], np.int32),
        label=np.array([1], np.int32),
        feature=np.array([0, LEAF, LEAF], np.int32),
        threshold=np.array([0.5, 0.0, 0.0]),
        left=np.array([1, 0, 0], np.int32),
        right=np.array([2, 0, 0], np.int32),
        value=np.array([0.0, -1.0, 2.0], np.float32),
    )


def test_a_row_goes_left_up_to_the_threshold(stump: Trees) -> None:
    """A number that equals the threshold goes left."""
    scores = stump.scores(np.array([[0.5], [0.6]]))

    assert [[0.0, -1.0], [0.0, 2.0]] == scores.tolist()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"left": np.array([0, 0, 0], np.int32)}, id="a child that is its own parent"),
        pytest.param({"right": np.array([3, 0, 0], np.int32)}, id="a child behind the last node"),
        pytest.param({"feature": np.array([1, LEAF, LEAF], np.int32)}, id="a number the row does not have"),
        pytest.param({"feature": np.array([-2, LEAF, LEAF], np.int32)}, id="a negative number"),
        pytest.param({"label": np.array([2], np.int32)}, id="an unknown label"),
        pytest.param({"root": np.array([3], np.int32)}, id="a root behind the last node"),
        pytest.param({"value": np.array([0.0], np.float32)}, id="too few values"),
    ],
)
def test_trees_that_point_nowhere_do_not_fit(stump: Trees, change: dict[str, np.ndarray]) -> None:
    """Arrays by which a walk would leave the tree, or never end, are told."""
    assert stump.fits(1)
    assert not replace(stump, **change).fits(1)
