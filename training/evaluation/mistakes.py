"""The worst mistakes: sections with text that a model which did not see their page judged wrongly, and surely so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.judging.evidence import strongest
from models.parts import Parts
from models.result import Evidence
from training.corpus import Corpus
from training.evaluation.answers import Answers

OF_EACH = 8
"""So many are shown of each label."""

WORDS = 5
"""So many of the words that decided are shown."""

EXCERPT = 240
"""So many characters of a section are shown."""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer.

    place : file:line of the seed. label : what is true. said : what was answered.
    probability : of what was answered. own : of what is true.
    evidence : the words that pull towards what was answered.
    """

    place: str
    text: str
    label: str
    said: str
    probability: float
    own: float
    evidence: tuple[Evidence, ...]


def worst_mistakes(answers: Answers, corpus: Corpus, parts: Parts) -> list[Mistake]:
    """Of each label, the written seeds whose wrong answer was likeliest against the right one.

    The evidence is that of the saved model, which has learned from these sections since.
    """
    seeds = [seed for page in corpus.pages for seed in page.seeds]
    rows = np.arange(len(seeds))
    said, target = answers.said[: len(seeds)], answers.target[: len(seeds)]
    chance, own = answers.chances[rows, said], answers.chances[rows, target]
    wrong = np.flatnonzero(said != target)
    order = wrong[np.argsort(own[wrong] - chance[wrong], kind="stable")]
    chosen = [row for number in range(len(answers.labels)) for row in order[target[order] == number][:OF_EACH]]
    return [
        Mistake(
            seeds[row].place,
            excerpt(seeds[row].text),
            answers.labels[target[row]],
            answers.labels[said[row]],
            float(chance[row]),
            float(own[row]),
            evidence(seeds[row].text, int(said[row]), parts),
        )
        for row in chosen
    ]


def evidence(text: str, number: int, parts: Parts) -> tuple[Evidence, ...]:
    """The words of a text that pull most towards a label, given by its number."""
    pull, starts = parts.extractor.pull(text, parts.weights)
    return strongest(text, parts.decision.labels[number], number, pull, starts)[:WORDS]


def excerpt(text: str) -> str:
    """The beginning of a text."""
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"
