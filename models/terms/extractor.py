"""Text in, counted terms out: the one feature extractor of training and service."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from models.terms import dictionary, emit, facts, fold, lexicon
from models.terms.characters import strip_parts
from models.terms.counting import COUNT_BITS, count_terms
from models.terms.kernel import Weights, pull_on_characters, score_texts
from models.terms.resources import Resources
from models.terms.room import FACT_COUNT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

EXTRACTOR_VERSION = 1
"""Changes whenever the same text would give other terms; seeds extracted by another version are refused."""

TECH, OTHER_SUBJECT, RECOMMENDING, FURNITURE, STANCE = range(5)
PREFIXES = {"T_": TECH, "N_": OTHER_SUBJECT, "R_": RECOMMENDING, "F_": FURNITURE}
MARKER_CLASS = "R_MARKER"


@dataclass(frozen=True)
class TermsConfig:
    """How text becomes terms.

    word_buckets, char_buckets, tag_buckets : sizes of the hashed groups.
    lexicon : the words in classes.
    user_words : words added to jieba's dictionary.
    """

    word_buckets: int = 1 << 18
    char_buckets: int = 1 << 18
    tag_buckets: int = 1 << 15
    lexicon: lexicon.Lexicon = field(default_factory=lexicon.shipped)
    user_words: tuple[dictionary.Word, ...] = ()

    def fingerprint(self) -> str:
        """Hash over all that decides which terms a text has, but for what a user added.

        Seeds extracted without a user's own words and classes only lack them: they keep their meaning.
        """
        parts = (
            EXTRACTOR_VERSION, self.word_buckets, self.char_buckets, self.tag_buckets, self.lexicon.hash,
            dictionary.dictionary_hash(), hashlib.sha256(fold.fold_table().tobytes()).hexdigest(),
        )  # fmt: skip
        return hashlib.sha256(repr(parts).encode()).hexdigest()


@dataclass(frozen=True)
class Counted:
    """The counted terms of some sections, as the parts of a CSR matrix, and their facts.

    pointers : int64 (sections + 1,). buckets : int32. counts : uint16.
    facts : float32 (sections, len(FACTS)).
    """

    pointers: NDArray[np.int64]
    buckets: NDArray[np.int32]
    counts: NDArray[np.uint16]
    facts: NDArray[np.float32]


class Scored(NamedTuple):
    """scores : float64 (sections, labels). facts : as in Counted.

    seen : int32 (sections, 2), how many different words and pairs of words each has, and how many training knew.
    """

    scores: NDArray[np.float64]
    facts: NDArray[np.float32]
    seen: NDArray[np.int32]

    @classmethod
    def room(cls, sections: int, labels: int) -> Self:
        """Zeros."""
        facts = np.zeros((sections, FACT_COUNT), np.float32)
        return cls(np.zeros((sections, labels)), facts, np.zeros((sections, 2), np.int32))

    @property
    def words(self) -> NDArray[np.int32]:
        """The first column of `seen`."""
        return self.seen[:, 0]

    @property
    def known(self) -> NDArray[np.int32]:
        """The second."""
        return self.seen[:, 1]


def family_of(name: str) -> int:
    """The fact that a lexicon class counts towards: by its prefix; classes without one are stance."""
    return next((family for prefix, family in PREFIXES.items() if name.startswith(prefix)), STANCE)


def code_points(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """All texts' code points one after the other, and where each begins and ends. Lone surrogates stay as they are."""
    return _codes("".join(texts)), np.fromiter(accumulate(map(len, texts), initial=0), np.int64, len(texts) + 1)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


class TermExtractor:
    """Turns texts into counted terms, or straight into scores."""

    def __init__(self, config: TermsConfig) -> None:
        self.config = config
        classes = config.lexicon.classes
        sizes = {
            "words": config.word_buckets,
            "chars": config.char_buckets,
            "classes": len(classes),
            "tags": config.tag_buckets,
            "shape": facts.STEPS * len(facts.FACTS),
        }
        self.bases = np.concatenate([[0], np.cumsum([sizes[group] for group in emit.GROUPS])]).astype(np.int64)
        self.resources = Resources(
            fold.char_table(),
            dictionary.load(config.user_words),
            config.lexicon.matches(),
            np.array([family_of(name) for name in classes], np.int32),
            classes.index(MARKER_CLASS) if MARKER_CLASS in classes else -1,
            np.array([tag in dictionary.FUNCTION_TAGS for tag in dictionary.TAGS]),
            self.bases,
        )
        self._table = self.resources.table()
        self._idle: list[NDArray[np.uint16]] = []

    @property
    def buckets(self) -> int:
        """How many buckets there are in all groups."""
        return int(self.bases[-1])

    def group(self, name: str) -> slice:
        """The buckets of one group."""
        number = emit.GROUPS.index(name)
        return slice(int(self.bases[number]), int(self.bases[number + 1]))

    def count(self, texts: Sequence[str]) -> Counted:
        """Count the terms of each text."""
        raw, bounds = code_points(texts)
        counters = self._counters()
        pointers, entries, measured = count_terms(raw, bounds, counters, self._table)
        self._idle.append(counters)
        return Counted(pointers, (entries >> COUNT_BITS).astype(np.int32), entries.astype(np.uint16), measured)

    def score(self, texts: Sequence[str], weights: Weights) -> Scored:
        """Score each text by a linear model over its terms."""
        raw, bounds = code_points(texts)
        return self._score(raw, bounds, bounds[1:], weights)

    def score_parts(self, text: str, starts: Sequence[int], weights: Weights) -> Scored:
        """Score the parts of a text that begin there, without the white space around each; the last ends with the text.

        The same as `score` of the parts' stripped texts, without a string for each.
        """
        raw = _codes(text)
        bounds = np.array([*starts, len(text)], np.int64)
        return self._score(raw, *strip_parts(raw, bounds), weights)

    def _score(
        self, raw: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64], weights: Weights
    ) -> Scored:
        counters = self._counters()
        scored = Scored.room(ends.size, weights.bias.size)
        score_texts(raw, starts, ends, counters, *weights, self._table, *scored)
        self._idle.append(counters)
        return scored

    def pull(self, text: str, weights: Weights) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """What each character adds to each label's score, and where the tokens start. See `pull_on_characters`."""
        raw = _codes(text)
        counters = self._counters()
        pull, starts = pull_on_characters(raw, counters, *weights, self._table)
        self._idle.append(counters)
        return pull, starts

    def _counters(self) -> NDArray[np.uint16]:
        """Counters at zero: idle ones of an earlier call, or new ones. A call that fails does not give its back."""
        try:
            return self._idle.pop()
        except IndexError:  # to look first and pop then would let another thread in between
            return np.zeros(self.buckets, np.uint16)
