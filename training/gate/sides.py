"""The side-by-side table: every figure of both versions on the same sections, with the difference's interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.evaluation.answers import Answers
from training.evaluation.figures import EDGES, Figure, Tallies, draws_of, tallies_of, values_of
from training.gate.rules import Row, What

FEWEST = 10
"""Precision and recall of a label with fewer scored sections tell nothing."""

Key = tuple[str, str | None]
"""A figure, and the label that it is about."""

Values = Mapping[Key, NDArray[np.float64]]


@dataclass(frozen=True)
class Drawn:
    """Figures of one version's answers: on all pages, and on each draw of them."""

    whole: Values
    draws: Values


def rows_of(
    challenger: Mapping[str, Answers], champion: Mapping[str, Answers] | None, known: Sequence[str]
) -> list[Row]:
    """Every line of the table.

    challenger, champion : answers for the same sections, by how they were judged.
    known : the labels whose precision and recall are compared.
    """
    rows = []
    for judged, answers in challenger.items():
        ours = _drawn(answers, known)
        theirs = _drawn(champion[judged], known) if champion else None
        rows += [_row(judged, key, ours, theirs) for key in ours.whole]
    return rows


def _row(judged: str, key: Key, ours: Drawn, theirs: Drawn | None) -> Row:
    what, value = What(judged, *key), float(ours.whole[key][0])
    if theirs is None:
        return Row(what, value)
    low, high = np.quantile(ours.draws[key] - theirs.draws[key], EDGES)
    other = float(theirs.whole[key][0])
    return Row(what, value, other, Figure(value - other, float(low), float(high)))


def _drawn(answers: Answers, known: Sequence[str]) -> Drawn:
    """The figures of some answers. Pages are numbered anew, so that each has a section."""
    page = np.unique(answers.page, return_inverse=True)[1]
    tallies = tallies_of(Answers(answers.labels, answers.chances, answers.said, answers.target, page))
    pages = len(tallies.forced)
    return Drawn(
        _values(tallies, np.ones((1, pages)), answers.labels, known),
        _values(tallies, draws_of(pages), answers.labels, known),
    )


def _values(tallies: Tallies, times: NDArray[np.float64], labels: Sequence[str], known: Sequence[str]) -> Values:
    """Each figure, for several ways of drawing the pages, float64 (ways,)."""
    values = values_of(tallies, times)
    confusion = np.tensordot(times, tallies.confusion, 1)
    hits, true, said = np.diagonal(confusion, axis1=1, axis2=2), confusion.sum(axis=2), confusion.sum(axis=1)
    found: dict[Key, NDArray[np.float64]] = {
        ("macro_f1", None): values["four_way"],
        ("ece", None): values["ece"],
    }
    for number, label in enumerate(labels):
        if label in known and tallies.confusion[:, number].sum() >= FEWEST:
            found["precision", label] = hits[:, number] / np.maximum(said[:, number], 1)
            found["recall", label] = hits[:, number] / np.maximum(true[:, number], 1)
    return found
