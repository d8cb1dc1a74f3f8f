"""Every choice of a training in one place, each with its reason. The whole of it is saved with the model."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class TrainingConfig:
    """Hyperparameters.

    Attributes
    ----------
    scales
        How much each group's unit vector counts. Classes of the lexicon gain most at half weight, tags and shape less
        than words and characters: they are few, and strong.
    fewest_sections
        A term in fewer sections is left out: it says more of the page it stood on than of a label.
    tolerance
        Where the classifier's solver stops. A hundredth of it gives the same scores to .0003 and takes twice as long.
    penalty
        C of the linear support vector machine, whose squared hinge loss learns most from few seeds.
    tree_members, tree_features, tree_rounds, tree_rate, tree_leaves, tree_penalty
        Boosted trees whose log-odds are averaged with the networks': few leaves a tree, few rounds. The mean of three
        boostings that see three numbers in ten for a split is steadier than one that sees all.
    context_members_apart, tree_members_apart
        Networks and boostings of the contexts that only calibration and thresholds need: fewer, because they are not
        kept. It spares a training a third of its time, and moves out-of-fold figures by no more than .003.
    context_members, context_units, context_rounds, context_penalty
        The page context is the mean of a few small networks, each with one hidden layer. Few rounds over the seeds and
        a strong L2 penalty keep them from learning pages by heart.
    sharpening
        The context's log-odds are multiplied by this: the model that is saved has seen more pages than those that its
        calibration was fitted on, and is right more often than they were. The value with the smallest log loss on half
        of the dev pages lay between 1.1 and 1.2; on the other half the calibration error falls from .042 to .029.
    folds
        Pages are parted so many ways for out-of-fold scores. What the context learns from should be scored by
        classifiers that have seen nearly as much as the final one: with ten ways instead of five the folds gain .02,
        and the dev pages .01.
    context_folds
        The context's own out-of-fold probabilities, which only calibration and thresholds need, take fewer: folds are
        put together to so many.
    precision
        A label's threshold is the smallest probability from which on so many of its out-of-fold answers are right.
    least_probability
        No threshold is below this: what is wrong two times in three is a guess, and guesses abstain.
    random_state
        Seed of everything that is shuffled.
    """

    scales: dict[str, float] = field(
        default_factory=lambda: {"words": 1.0, "chars": 1.0, "classes": 0.5, "tags": 0.5, "shape": 0.3},
    )
    fewest_sections: int = 2
    penalty: float = 0.5
    tolerance: float = 0.01
    context_members: int = 8
    context_members_apart: int = 3
    context_units: int = 64
    context_rounds: int = 20
    context_penalty: float = 3.0
    tree_members: int = 3
    tree_members_apart: int = 1
    tree_features: float = 0.3
    tree_rounds: int = 40
    tree_rate: float = 0.15
    tree_leaves: int = 8
    tree_penalty: float = 5.0
    sharpening: float = 1.15
    folds: int = 10
    context_folds: int = 5
    precision: float = 0.6
    least_probability: float = 0.35
    random_state: int = 20261123

    def described(self) -> dict[str, Any]:
        """The configuration as JSON."""
        return asdict(self)
