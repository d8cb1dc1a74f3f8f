"""Boosted trees for the page context, from scikit-learn's form into ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.judging.trees import LEAF, Trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from training.config import TrainingConfig

STEP = 1e-5
"""Trees are grown from numbers rounded to this, and ask between two of them: what another processor rounds otherwise,
or another order of summing, then turns no walk of a section that was learned."""

ON_STEP = 1e-3
"""A threshold this far below a step, in steps, is the step itself."""


def fit_boosting(rows: NDArray[np.float64], target: NDArray[np.int64], config: TrainingConfig, member: int) -> Trees:
    """Boosted trees that tell the labels in `target`, at least two, apart; the member's number is where they begin.

    Each split looks at a share of the numbers.
    """
    fitted = HistGradientBoostingClassifier(
        learning_rate=config.tree_rate,
        max_iter=config.tree_rounds,
        max_leaf_nodes=config.tree_leaves,
        max_features=config.tree_features,
        l2_regularization=config.tree_penalty,
        early_stopping=False,
        random_state=config.random_state + member,
    )
    return trees_of(fitted.fit(stepped(rows), target))


def averaged(members: Sequence[Trees]) -> Trees:
    """Boostings of the same labels as one that gives the mean of their scores."""
    starts = np.cumsum([0, *(len(each.feature) for each in members[:-1])])

    def joined(name: str, moved: bool = False) -> NDArray[Any]:  # noqa: FBT001, FBT002 - used in the next lines only
        parts = [getattr(each, name) + moved * start for each, start in zip(members, starts, strict=True)]
        return np.concatenate(parts).astype(getattr(members[0], name).dtype)

    return Trees(
        np.mean([each.baseline for each in members], axis=0),
        joined("root", moved=True),
        joined("label"),
        joined("feature"),
        joined("threshold"),
        joined("left", moved=True),
        joined("right", moved=True),
        (joined("value") / len(members)).astype(np.float32),
    )


def trees_of(fitted: HistGradientBoostingClassifier) -> Trees:
    """What scikit-learn learned, as arrays; it has no public way to them, and a test compares the scores.

    Of two labels scikit-learn scores the second only, and so do these trees.
    """
    rounds = fitted._predictors  # noqa: SLF001 - see above
    baseline = np.ravel(fitted._baseline_prediction)  # noqa: SLF001 - see above
    single = len(baseline) == 1
    trees = [(number + single, tree.nodes) for each in rounds for number, tree in enumerate(each)]
    nodes = np.concatenate([tree for _, tree in trees])
    sizes = [len(tree) for _, tree in trees]
    root = np.cumsum([0, *sizes[:-1]])
    start, leaf = np.repeat(root, sizes), nodes["is_leaf"].astype(bool)
    return Trees(
        np.concatenate([[0.0], baseline]) if single else baseline.astype(np.float64),
        root.astype(np.int32),
        np.array([label for label, _ in trees], np.int32),
        np.where(leaf, LEAF, nodes["feature_idx"]).astype(np.int32),
        np.where(leaf, 0.0, between_steps(nodes["num_threshold"])),
        np.where(leaf, 0, nodes["left"] + start).astype(np.int32),
        np.where(leaf, 0, nodes["right"] + start).astype(np.int32),
        np.where(leaf, nodes["value"], 0.0).astype(np.float32),
    )


def stepped(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers rounded to STEP."""
    return STEP * np.rint(rows / STEP)


def between_steps(thresholds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Thresholds moved to the middle between two steps; scikit-learn's may be steps themselves."""
    return STEP * (np.floor(thresholds / STEP + ON_STEP) + 0.5)
