"""A model that answers: a saved version, checked and ready."""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.judging.context import context_rows
from models.judging.evidence import strongest
from models.parts import Parts, parts_of
from models.replay import replay
from models.terms.characters import strip_parts
from models.terms.extractor import Scored, code_points
from models.versions import read_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from models.judging.decision import Meaning, Verdicts, Words
    from models.page import Page
    from models.result import Result
    from models.versions import SavedVersion

_SENTENCE = "我认为这显然是错的。"
"""What kernels are compiled for."""


class Model:
    """Labels texts and pages by one saved version. Safe to use from several threads."""

    def __init__(self, saved: SavedVersion) -> None:
        self._saved = saved
        self._parts: Parts = parts_of(saved)

    @classmethod
    def load(cls, folder: Path, *, key: bytes | None = None) -> Self:
        """Open, check and replay a saved version.

        key : with it, the version must be signed with it.

        Raises
        ------
        InvalidVersionError
            When a file is damaged, missing, extra or unsigned, when arrays do not fit, when another dictionary or
            lexicon is installed than it was trained with, or when its golden answers are not given.
        """
        saved = read_version(folder, key=key)
        model = cls(saved)
        replay(model, saved)
        return model

    @property
    def version(self) -> str:
        """The version's name."""
        return str(self._saved.metadata["version"])

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that may be given, in the order of the version; `none` is not among them."""
        return self._parts.decision.labels[:-1]

    @property
    def meanings(self) -> tuple[Meaning, ...]:
        """What the numbers of the answers in `Verdicts` mean."""
        return self._parts.decision.meanings

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The version's model.json."""
        return self._saved.metadata

    def warm(self) -> None:
        """Compile every kernel, or load it from the cache, so that no request waits for it."""
        self.classify([_SENTENCE], evidence=True)

    def warm_scoring(self) -> None:
        """Compile the kernels from text to scores and back alone: they are made of the same parts."""
        self._parts.extractor.score([_SENTENCE], self._parts.weights)
        self._parts.extractor.pull(_SENTENCE, self._parts.weights)

    def warm_judging(self) -> None:
        """Compile the others alone: what a second process can do meanwhile."""
        strip_parts(*code_points([_SENTENCE]))
        labels = len(self._parts.decision.labels)
        scored = Scored.room(2, labels)
        self._parts.decision.verdicts(self.in_context(scored, np.array([0, 2])), scored.facts, scored.seen)
        self._parts.decision.judged(scored, self._parts.alone)

    def classify(self, texts: Sequence[str], *, evidence: bool = False) -> list[Result]:
        """Label each text by itself.

        evidence : whether results name the words that decided.
        """
        results = self._parts.decision.results(self.verdicts(texts))
        return [self._explained(*pair) for pair in zip(results, texts, strict=True)] if evidence else results

    def verdicts(self, texts: Sequence[str]) -> Verdicts:
        """What `classify` says of the texts, without an object for each."""
        parts = self._parts
        scored = parts.extractor.score([text.strip() for text in texts], parts.weights)
        return parts.decision.judged(scored, parts.alone)

    def known_words(self, texts: Sequence[str]) -> Words:
        """How many of the texts' words training knew, and how many not; a word counts once in each text."""
        return self.verdicts(texts).words()

    def classify_pages(self, pages: Sequence[Page], *, evidence: bool = False) -> list[list[Result]]:
        """Label the sections of each page, judged together. Evidence has offsets into its section's text."""
        ends = accumulate((len(page.text) for page in pages), initial=0)
        starts = [end + section.start for page, end in zip(pages, ends, strict=False) for section in page.sections]
        bounds = np.array([*accumulate((len(page.sections) for page in pages), initial=0)], np.int64)
        scored = self._parts.extractor.score_parts("".join(page.text for page in pages), starts, self._parts.weights)
        chances = self.in_context(scored, bounds)
        decision = self._parts.decision
        results = decision.results(decision.verdicts(chances, scored.facts, scored.seen))
        if evidence:
            texts = (text for page in pages for text in page.texts())
            results = [self._explained(*pair) for pair in zip(results, texts, strict=True)]
        return [results[first:last] for first, last in pairwise(bounds.tolist())]

    def in_context(self, scored: Scored, bounds: NDArray[np.int64]) -> NDArray[np.float64]:
        """Probabilities of sections judged by their pages; a page of one section is judged as a lone text."""
        parts = self._parts
        alone = parts.alone.probabilities(scored.scores)
        if not alone.size:
            return alone
        together = parts.context.probabilities(context_rows(alone, scored.facts, bounds))
        first = bounds[:-1]
        lone = first[bounds[1:] - first == 1]
        together[lone] = alone[lone]
        return together

    def _explained(self, result: Result, text: str) -> Result:
        """The result with the words that pulled towards its label, or towards the likeliest where there is none."""
        labels = self._parts.decision.labels
        label = result.label or max(result.probabilities, key=result.probabilities.__getitem__)
        pull, starts = self._parts.extractor.pull(text, self._parts.weights)
        return result.with_evidence(strongest(text, label, labels.index(label), pull, starts))
