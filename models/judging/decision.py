"""From probabilities to an answer: a label, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.compiled import kernel
from models.judging.calibration import scaled
from models.result import NONE, AbstainReason, Result
from models.terms.facts import DIGIT_SHARE, HAN_SHARE, LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from models.judging.calibration import Calibration
    from models.terms.extractor import Scored

LEAST_HAN = np.float32(0.08)
"""A section with a smaller share of Chinese characters is not Chinese prose."""

KNOWN = 1
"""The column of `Scored.seen` that is asked for."""

FOUR = 4
"""So many labels the versions have that are trained on Lanmu's own seeds, `none` among them."""

MILLIONTHS = 1e6
"""Probabilities are given to so much."""

REASONS = (
    AbstainReason.EMPTY,
    AbstainReason.NO_KNOWN_TERMS,
    AbstainReason.NONE_OF_THESE,
    AbstainReason.LOW_PROBABILITY,
)
EMPTY, NO_KNOWN_TERMS, NONE_OF_THESE, LOW_PROBABILITY = range(len(REASONS))


@kernel
def decide(
    chances: NDArray[np.float64],
    facts: NDArray[np.float32],
    seen: NDArray[np.int32],
    thresholds: NDArray[np.float64],
    table: NDArray[np.float64],
) -> None:
    """Decide on each section; arrays have a row a section, and `none` is the last label.

    facts, seen : as in `extractor.Scored`. thresholds : (labels - 1,).
    table : (sections, labels + 2), is filled with what `Verdicts` holds.
    """
    none = thresholds.size
    for at in range(chances.shape[0]):
        top, row = 0, table[at]
        for label in range(none + 1):
            row[1 + label] = np.rint(chances[at, label] * MILLIONTHS) / MILLIONTHS
            if chances[at, label] > chances[at, top]:
                top = label
        row[0] = row[1 + top]
        if facts[at, LENGTH] == 0:
            answer = none + EMPTY
        elif seen[at, KNOWN] == 0 or (facts[at, HAN_SHARE] < LEAST_HAN and facts[at, DIGIT_SHARE] < 1):
            answer = none + NO_KNOWN_TERMS
        elif top == none:
            answer = none + NONE_OF_THESE
        else:
            answer = top if row[0] >= thresholds[top] else none + LOW_PROBABILITY
        row[none + 2] = answer


@kernel
def decide_scores(
    scores: NDArray[np.float64],
    matrix: NDArray[np.float64],
    offset: NDArray[np.float64],
    facts: NDArray[np.float32],
    seen: NDArray[np.int32],
    thresholds: NDArray[np.float64],
    table: NDArray[np.float64],
) -> None:
    """`decide` on what a calibration makes of scores, in one call: a single text waits for each."""
    decide(scaled(scores, matrix, offset), facts, seen, thresholds, table)


Meaning = tuple[str | None, AbstainReason | None]
"""A label, or the reason why there is none."""

Words = tuple[int, int]
"""How many different words and pairs of words training knew, and how many it did not."""

as_result: Callable[[tuple[Any, ...]], Result] = partial(tuple.__new__, Result)
"""As `Result._make`, in half of the time: there is one for each text."""


class Verdicts(NamedTuple):
    """What was decided, a row a section: for those who write answers down and need no object for each.

    meanings : what the answers' numbers mean.
    table : float64 (sections, labels + 2), the largest probability, that of each label with `none` last, and the
        answer: the label's number, or the number of labels without `none` and a reason's. One array, because to make
        one takes as long as to decide.
    seen : as in `extractor.Scored`.
    """

    meanings: Sequence[Meaning]
    table: NDArray[np.float64]
    seen: NDArray[np.int32]

    @property
    def numbers(self) -> NDArray[np.float64]:
        """(sections, labels + 1), the largest probability, and that of each label."""
        return self.table[:, :-1]

    @property
    def answers(self) -> NDArray[np.int64]:
        """(sections,), the answers' numbers."""
        return self.table[:, -1].astype(np.int64)

    def given(self) -> list[Meaning]:
        """What each section is given."""
        return list(map(self.meanings.__getitem__, self.answers.tolist()))

    def part(self, first: int, end: int) -> Verdicts:
        """Those of the sections from `first` to before `end`."""
        return self._replace(table=self.table[first:end], seen=self.seen[first:end])

    def words(self) -> Words:
        """Of all sections; a word counts once in each."""
        every, known = self.seen.sum(axis=0).tolist()
        return known, every - known


@dataclass(frozen=True)
class Decision:
    """labels : all labels, `none` last. thresholds : the probability below which a label is not given."""

    labels: tuple[str, ...]
    thresholds: Mapping[str, float]

    def verdicts(
        self,
        chances: NDArray[np.float64],
        facts: NDArray[np.float32],
        seen: NDArray[np.int32],
    ) -> Verdicts:
        """What is decided; arrays have a row a section."""
        table = np.empty((len(chances), len(self.labels) + 2))
        decide(chances, facts, seen, self._least, table)
        return Verdicts(self.meanings, table, seen)

    def judged(self, scored: Scored, calibration: Calibration) -> Verdicts:
        """What is decided on the probabilities that the calibration makes of the scores."""
        table = np.empty((len(scored.scores), len(self.labels) + 2))
        scores, facts, seen = scored
        decide_scores(scores, calibration.matrix, calibration.offset, facts, seen, self._least, table)
        return Verdicts(self.meanings, table, seen)

    def results(self, verdicts: Verdicts) -> list[Result]:
        """One result a section."""
        meanings, labels, results = verdicts.meanings, self.labels, []
        if len(labels) == FOUR:  # written out, they take two thirds of the time of all this
            first, second, third, fourth = labels
            for largest, one, two, three, four, answer in verdicts.table.tolist():
                label, reason = meanings[int(answer)]
                named = {first: one, second: two, third: three, fourth: four}
                results.append(as_result((label, largest, named, reason, ())))
            return results
        for largest, *chances, answer in verdicts.table.tolist():
            label, reason = meanings[int(answer)]
            results.append(as_result((label, largest, dict(zip(labels, chances, strict=True)), reason, ())))
        return results

    @cached_property
    def meanings(self) -> tuple[Meaning, ...]:
        """What each number that `decide` answers means."""
        return *((label, None) for label in self.labels[:-1]), *((None, reason) for reason in REASONS)

    @cached_property
    def _least(self) -> NDArray[np.float64]:
        """The thresholds in the order of the labels."""
        return np.array([self.thresholds[label] for label in self.labels if label != NONE], np.float64)
