"""Which words pull towards which label, over many texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.parts import Parts

TEXTS = 3000
"""So many texts are looked at, evenly spread."""

SHOWN = 30
"""So many words are named of each label."""

FEWEST = 5
"""A word in fewer texts says more of them than of a label."""


@dataclass(frozen=True)
class Pull:
    """A word and what it adds to a label's score, more than to the mean of the others.

    mean : over the texts it stands in. texts : how many those are.
    """

    word: str
    mean: float
    texts: int


def pulls_of(texts: Sequence[str], parts: Parts) -> dict[str, list[Pull]]:
    """By label and none, the words with the strongest mean pull, strongest first. Nothing where no word is frequent."""
    labels = parts.decision.labels
    sums: dict[str, NDArray[np.float64]] = defaultdict(lambda: np.zeros(len(labels)))
    counts: dict[str, int] = defaultdict(int)
    for text in texts[:: -(-len(texts) // TEXTS) or 1]:
        for word, pull in _words(text, parts).items():
            sums[word] += pull
            counts[word] += 1
    means = {word: sums[word] / count for word, count in counts.items() if count >= FEWEST}
    if not means:
        return {}
    return {
        label: [Pull(word, round(float(means[word][number]), 3), counts[word]) for word in _strongest(means, number)]
        for number, label in enumerate(labels)
    }


def _strongest(means: dict[str, NDArray[np.float64]], number: int) -> list[str]:
    """The words that pull most towards a label; words of equal pull by their letters."""
    pulling = [word for word, pull in means.items() if pull[number] > 0]
    return sorted(pulling, key=lambda word: (-means[word][number], word))[:SHOWN]


def _words(text: str, parts: Parts) -> dict[str, NDArray[np.float64]]:
    """Each word of the text, with its pull towards each label against the mean of the others, float64 (labels,)."""
    pull, starts = parts.extractor.pull(text, parts.weights)
    labels = pull.shape[1]
    against = pull - (pull.sum(axis=1, keepdims=True) - pull) / max(labels - 1, 1)
    total = np.vstack([np.zeros(labels), np.cumsum(against, axis=0)])
    by_token = total[starts[1:]] - total[starts[:-1]]
    found: dict[str, NDArray[np.float64]] = {}
    for start, end, row in zip(starts[:-1].tolist(), starts[1:].tolist(), by_token, strict=True):
        word = text[start:end].strip().casefold()
        if any(char.isalpha() for char in word):
            found[word] = found[word] + row if word in found else row
    return found
