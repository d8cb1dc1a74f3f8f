"""The words that the shipped champion names as evidence are those that decided."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Sequence
from statistics import mean

import pytest

from models.model import Model
from models.result import Result
from models.seeds import SHIPPED_SEEDS
from models.versions import SHIPPED_MODELS, Registry
from training.gate.frozen import is_frozen
from training.reading import read_file

STRUCK = 3
"""So many words are struck from each section."""

LABELS = ("tech_analysis", "opinion", "recommendation_teaser")


def log_odds(result: Result, label: str) -> float:
    """What stands for a label against all others."""
    chance = result.probabilities[label]
    return math.log(chance / (1 - chance))


def without(text: str, places: Sequence[tuple[int, int]]) -> str:
    """The text with some places struck out."""
    for start, end in sorted(places, reverse=True):
        text = text[:start] + text[end:]
    return text


@pytest.fixture(scope="module", name="falls")
def falls_of_the_label() -> dict[str, tuple[list[float], list[float]]]:
    """By label, how far its log-odds fall in sections that training never saw: without evidence, and without as many
    other words of about the same length, drawn at random.
    """
    registry = Registry(SHIPPED_MODELS)
    model = Model.load(registry.folder(registry.champion()))
    pages = [page for file in sorted(SHIPPED_SEEDS.glob("?.txt")) for page in read_file(file).pages]
    texts = [seed.text for page in pages if is_frozen(f"page:{page.id}") for seed in page.seeds]
    draw = random.Random(20261123)  # noqa: S311 - what is drawn is no secret
    falls: dict[str, tuple[list[float], list[float]]] = {label: ([], []) for label in LABELS}
    for text, result in zip(texts, model.classify(texts, evidence=True), strict=True):
        named = [(each.start, each.end) for each in result.evidence[:STRUCK]]
        taken = {at for each in result.evidence for at in range(each.start, each.end)}
        size = max((end - start for start, end in named), default=0)
        words = [m.span() for m in re.finditer(rf"\w{{1,{size}}}", text) if size and taken.isdisjoint(range(*m.span()))]
        if result.label is None or len(named) < STRUCK or len(words) < STRUCK:
            continue
        before = log_odds(result, result.label)
        pair = [without(text, named), without(text, draw.sample(words, STRUCK))]
        for struck, fall in zip(model.classify(pair), falls[result.label], strict=True):
            fall.append(before - log_odds(struck, result.label))
    return falls


@pytest.mark.parametrize("label", LABELS)
def test_striking_evidence_lowers_the_label(falls: dict[str, tuple[list[float], list[float]]], label: str) -> None:
    """Without its three strongest words nearly every section is less of its label, by a log-odds of 1 in the mean."""
    without_evidence, _ = falls[label]

    assert len(without_evidence) >= 50
    assert 0.95 <= sum(fall > 0 for fall in without_evidence) / len(without_evidence)
    assert 1.0 <= mean(without_evidence)


@pytest.mark.parametrize("label", LABELS)
def test_striking_other_words_hardly_changes_anything(
    falls: dict[str, tuple[list[float], list[float]]], label: str
) -> None:
    """In nineteen of twenty sections the evidence counts for more than as many other words."""
    without_evidence, without_others = falls[label]
    larger = sum(first > second for first, second in zip(without_evidence, without_others, strict=True))

    assert 0.95 <= larger / len(without_evidence)
    assert abs(mean(without_others)) <= 0.3 * mean(without_evidence)
