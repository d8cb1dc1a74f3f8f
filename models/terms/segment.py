"""jieba's cut with its hidden Markov model off, compiled: the same tokens as `jieba.cut(text, HMM=False)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.terms.fold import CharType
from models.terms.trie import MISSING, first_place, prefetch_pair, second_place, step, value_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.terms.dictionary import Lookup

HAN, LATIN, DIGIT, JOINED = int(CharType.HAN), int(CharType.LATIN), int(CharType.DIGIT), int(CharType.JOINED)
RETURN, NEWLINE = 13, 10
SINGLE = 0
"""The value of a token that is no word of the dictionary."""


class Tokens(NamedTuple):
    """Room for a section's tokens.

    starts : int32 (characters + 1,), token i is `codes[starts[i]:starts[i + 1]]`.
    words : int32 (characters,), its value in the dictionary, or SINGLE.
    cost, ends, best : the best cut from each character on; see `best_route`.
    second : uint64 (characters,), the trie's place after two characters.
    """

    starts: NDArray[np.int32]
    words: NDArray[np.int32]
    cost: NDArray[np.float64]
    ends: NDArray[np.int32]
    best: NDArray[np.int32]
    second: NDArray[np.uint64]


@part
def room_for_tokens(longest: int) -> Tokens:
    """Room for sections of up to so many characters."""
    return Tokens(
        np.empty(longest + 1, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest + 1, np.float64),
        np.empty(longest, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.uint64),
    )


NEAR, FAR = 8, 24
"""Part of the table is looked up, and asked for, so many characters ahead: it is larger than the caches."""


@part
def in_run(kind: int) -> bool:
    """Whether jieba looks words up across this character."""
    return HAN <= kind <= JOINED


@part
def best_route(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], lookup: Lookup, tokens: Tokens) -> None:
    """From right to left, the end and value of the best word that starts at each character, and the cut's cost.

    Between equal sums the longer word wins, as in jieba. The first pair of each walk is looked up NEAR characters
    before the walk, and asked for FAR before that.
    """
    size, trie = codes.size, lookup.trie
    cost, ends, best, second = tokens.cost, tokens.ends, tokens.best, tokens.second
    cost[size] = 0.0
    stop = size  # where the run ends that jieba looks words up in
    for start in range(size + NEAR - 1, -1, -1):
        prefetch_pair(trie, codes, start - FAR)
        if start >= NEAR:
            second[start - NEAR] = second_place(trie, codes, start - NEAR, size)
        if start >= size:
            continue
        ends[start], best[start], cost[start] = start + 1, SINGLE, 0.0
        if not in_run(kinds[start]):
            stop = start
            continue  # the cost stays 0: every run is cut by itself
        total, found = lookup.unknown + cost[start + 1], False
        place, at = first_place(trie, np.uint64(codes[start])), start + 1
        while place != MISSING:
            word = value_at(place)
            if word != SINGLE:
                here = lookup.cost[word] + cost[at]
                if not found or here >= total:
                    total, found = here, True
                    ends[start], best[start] = at, word
            if at >= stop:
                break
            place = second[start] if at == start + 1 else step(trie.edges, place, np.uint64(codes[at]))
            at += 1
        cost[start] = total


@part
def segment(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], lookup: Lookup, tokens: Tokens) -> int:
    """Cut folded characters into tokens; letters and digits that no word covers stay together.

    Returns the number of tokens.
    """
    size = codes.size
    best_route(codes, kinds, lookup, tokens)
    starts, ends = tokens.starts, tokens.ends
    count, at = 0, 0
    while at < size:
        starts[count], tokens.words[count] = at, tokens.best[at]
        end = ends[at]
        if end == at + 1 and LATIN <= kinds[at] <= DIGIT:
            while end < size and ends[end] == end + 1 and LATIN <= kinds[end] <= DIGIT:
                end += 1
            if end > at + 1:
                tokens.words[count] = SINGLE
        if codes[at] == RETURN and end < size and codes[end] == NEWLINE:
            end += 1
        count += 1
        at = end
    starts[count] = size
    return count


@kernel
def token_starts(codes: NDArray[np.uint32], types: NDArray[np.uint8], lookup: Lookup) -> NDArray[np.int32]:
    """Where each token starts, and the text's length at the end.

    types : the CharType of each code point, (65536,).
    """
    tokens = room_for_tokens(codes.size)
    kinds = np.zeros(codes.size, np.uint8)
    for at in range(codes.size):
        kinds[at] = types[codes[at]] if codes[at] < types.size else 0
    count = segment(codes, kinds, lookup, tokens)
    return tokens.starts[: count + 1].copy()
