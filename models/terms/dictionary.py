"""jieba's dictionary as arrays, read from the installed jieba, whose code is never imported, and kept in the cache.

jieba 0.42.1 chooses the cut with the largest sum of log(frequency) - log(total); see `Tokenizer.calc` there.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from models.terms.fold import folded
from models.terms.kept import frozen, kept
from models.terms.trie import Trie, build_trie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TAGS = (
    "", "eng", "m", "x", "n", "nr", "v", "i", "l", "ns", "nz", "nrt", "zg", "nt", "a", "vn", "z", "d", "t", "j",
    "b", "g", "r", "s", "c", "nrfg", "f", "ng", "o", "q", "vg", "p", "ad", "mq", "y", "ag", "an", "e", "u", "tg",
    "vq", "vi", "k", "vd", "rr", "mg", "h", "dg", "uz", "uv", "ul", "uj", "ug", "ud", "rz", "rg", "df",
)  # fmt: skip
"""jieba's part-of-speech tags; the position is the tag's number. An unknown tag counts as ""."""

FUNCTION_TAGS = frozenset({"c", "d", "f", "p", "r", "rr", "rz", "u", "ud", "ug", "uj", "ul", "uv", "uz", "y", "k", "h"})
"""Tags of words that carry stance and structure; they stand for themselves in part-of-speech terms."""


class Lookup(NamedTuple):
    """What the segmenter walks.

    trie : its values number the pairs of frequency and tag that words have, from 1 on.
    cost : float64 (values,), log(frequency) - log(total); none of value 0, where no word ends.
    tag : uint8 (values,), the tag's number in TAGS.
    unknown : the score of a character that no word covers.
    """

    trie: Trie
    cost: NDArray[np.float64]
    tag: NDArray[np.uint8]
    unknown: float


@dataclass(frozen=True)
class Word:
    """A word of the user's own: its frequency in jieba's scale, and its part of speech."""

    text: str
    frequency: int
    tag: str = ""


def dictionary_path() -> Path:
    """Where the installed jieba keeps dict.txt.

    Raises
    ------
    FileNotFoundError
        When jieba is not installed.
    """
    found = importlib.util.find_spec("jieba")
    if found is None or not found.submodule_search_locations:
        message = "jieba is not installed, and its dictionary is needed; run `make setup`"
        raise FileNotFoundError(message)
    return Path(found.submodule_search_locations[0]) / "dict.txt"


@cache
def dictionary_hash() -> str:
    """sha256 of the installed jieba's dict.txt."""
    return hashlib.sha256(dictionary_path().read_bytes()).hexdigest()


def read_words(path: Path) -> list[Word]:
    """Read a dictionary in jieba's form: word, frequency and tag on a line, a space between."""
    with path.open(encoding="utf-8") as stream:
        rows = [line.split(" ") for line in stream]
    return [Word(row[0], int(row[1]), row[2].strip()) for row in rows]


def build(words: Sequence[Word]) -> Lookup:
    """Build the lookup. As in jieba, a word given twice keeps its last frequency while the total counts both."""
    numbers = {name: number for number, name in enumerate(TAGS)}
    pairs = [(word.frequency, numbers.get(word.tag, 0)) for word in words]
    values = {pair: value for value, pair in enumerate(sorted({pair for pair in pairs if pair[0] > 0}), 1)}
    trie = build_trie([word.text for word in words], [values.get(pair, 0) for pair in pairs])
    log_total = np.log(float(sum(word.frequency for word in words)))
    cost = np.log(np.array([1, *(frequency for frequency, _ in values)])) - log_total
    return Lookup(trie, cost, np.array([0, *(tag for _, tag in values)], np.uint8), float(-log_total))


def load(user_words: Sequence[Word] = ()) -> Lookup:
    """The lookup of the installed jieba's dictionary and the user's own words.

    Without user words it is mapped from the cache folder, so that processes share one copy.
    """
    if user_words:
        own = [Word(folded(word.text), word.frequency, word.tag) for word in user_words]
        lookup = build([*read_words(dictionary_path()), *own])
        frozen([*lookup.trie, lookup.cost, lookup.tag])
        return lookup
    singles, pairs, edges, cost, tag, unknown = kept(f"dictionary-5-{dictionary_hash()[:16]}", _shipped_tables)
    return Lookup(Trie(singles, pairs, edges), cost, tag, float(unknown[0]))


def _shipped_tables() -> list[NDArray[Any]]:
    """The installed dictionary's tables."""
    trie, cost, tag, unknown = build(read_words(dictionary_path()))
    return [*trie, cost, tag, np.array([unknown])]
