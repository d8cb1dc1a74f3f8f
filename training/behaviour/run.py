"""Whether a model behaves: every case judged, and the share of each kind that holds.

A kind may have some failing cases: a case is one sentence, and a model that is right nineteen times in twenty is not
refused for the twentieth. `LEAST` says how much each kind must hold, and nothing else decides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.result import NONE
from models.splitting import split_given
from training.behaviour.cases import Case, Kind, Passage, read_cases

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.model import Model
    from models.result import Result

LEAST = {Kind.INVARIANCE: 0.95, Kind.DIRECTION: 0.95, Kind.MINIMUM: 0.90}
"""The share of each kind's cases that must hold. Clear examples may fail most: readers differ on some of them, too."""


@dataclass(frozen=True)
class Failure:
    """A case that a model does not hold. found : what it answered instead."""

    case: Case
    found: str

    def __str__(self) -> str:
        return f"{self.case.id}: {self.found}"


def check(model: Model, cases: Sequence[Case] | None = None) -> list[Failure]:
    """The cases that `model` fails, in order.

    cases : None for those that come with Lanmu.
    """
    cases = read_cases() if cases is None else cases
    answers = _judge(model, [passage for case in cases for passage in case.passages()])
    found = [(case, _fault(case, *(answers[passage] for passage in case.passages()))) for case in cases]
    return [Failure(case, fault) for case, fault in found if fault]


def shares(failures: Iterable[Failure], cases: Sequence[Case] | None = None) -> dict[Kind, float]:
    """The share of each kind's cases that hold.

    cases : those that were checked; None for those that come with Lanmu.
    """
    every = Counter(case.kind for case in (read_cases() if cases is None else cases))
    failed = Counter(failure.case.kind for failure in failures)
    return {kind: 1 - failed[kind] / count for kind, count in every.items()}


def below(failures: Iterable[Failure], cases: Sequence[Case] | None = None) -> list[Kind]:
    """The kinds of which too little holds. A model with any must not become the champion."""
    return [kind for kind, share in shares(failures, cases).items() if share < LEAST[kind]]


def _judge(model: Model, passages: Sequence[Passage]) -> dict[Passage, Result]:
    """What the model says of each passage."""
    lone = [passage for passage in passages if len(passage.sections) == 1]
    paged = [passage for passage in passages if len(passage.sections) > 1]
    alone = model.classify([passage.sections[0] for passage in lone])
    together = model.classify_pages([split_given(passage.sections) for passage in paged])
    answers = dict(zip(lone, alone, strict=True))
    return answers | {passage: page[passage.section] for passage, page in zip(paged, together, strict=True)}


def _fault(case: Case, result: Result, changed: Result | None = None) -> str | None:
    """What is wrong with the answers to a case, or None."""
    if changed is None:
        given = result.label or NONE
        return None if given == case.label else f"{case.label} expected, got {given} ({_chances(result)})"
    if case.label is None:
        return None if result.label == changed.label else f"{_chances(result)} became {_chances(changed)}"
    before, after = result.probabilities[case.label], changed.probabilities[case.label]
    holds = after > before if case.upwards else after < before
    way = "rise" if case.upwards else "fall"
    return None if holds else f"{case.label} should {way} from {before:.4f} and went to {after:.4f}"


def _chances(result: Result) -> str:
    """The two likeliest labels with their probabilities."""
    likeliest = sorted(result.probabilities.items(), key=lambda item: -item[1])[:2]
    return ", ".join(f"{label} {probability:.2f}" for label, probability in likeliest)
