"""jieba's cut with its hidden Markov model off, compiled: the same tokens as `jieba.cut(text, HMM=False)`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel, part
from models.terms.fold import CharType
from models.terms.trie import MISSING, ROOT, step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.terms.dictionary import Lookup

HAN, LATIN, DIGIT, JOINED = int(CharType.HAN), int(CharType.LATIN), int(CharType.DIGIT), int(CharType.JOINED)
RETURN, NEWLINE = 13, 10
SINGLE = -1
"""The node of a token that is no word of the dictionary."""


@part
def type_of(types: NDArray[np.uint8], code: int) -> int:
    """The CharType of a folded code point."""
    return np.int64(types[code]) if code < types.size else 0


@part
def in_run(kind: int) -> bool:
    """Whether jieba looks words up across this character."""
    return HAN <= kind <= JOINED


@part
def best_route(
    codes: NDArray[np.uint32],
    types: NDArray[np.uint8],
    lookup: Lookup,
    ends: NDArray[np.int32],
    nodes: NDArray[np.int32],
) -> None:
    """From right to left, the end and node of the best word that starts at each character.

    `ends` and `nodes` are filled, one for each character. Between equal sums the longer word wins, as in jieba.
    """
    size = codes.size
    value = np.zeros(size + 1, np.float64)
    for start in range(size - 1, -1, -1):
        ends[start], nodes[start] = start + 1, SINGLE
        if not in_run(type_of(types, codes[start])):
            continue  # value stays 0: every run is cut by itself
        best, found = -np.inf, False
        node, at = ROOT, start
        while at < size and in_run(type_of(types, codes[at])):
            node = step(lookup.trie, node, codes[at])
            if node == MISSING:
                break
            at += 1
            cost = lookup.cost[node]
            if cost == cost:  # not NaN: a word ends here
                total = cost + value[at]
                if not found or total >= best:
                    best, found = total, True
                    ends[start], nodes[start] = at, node
        value[start] = best if found else lookup.unknown + value[start + 1]


@part
def segment(
    codes: NDArray[np.uint32],
    types: NDArray[np.uint8],
    lookup: Lookup,
    starts: NDArray[np.int32],
    nodes: NDArray[np.int32],
) -> int:
    """Cut folded characters into tokens.

    `starts` (one longer than the text) and `nodes` are filled: token i is `codes[starts[i]:starts[i + 1]]`, and
    nodes[i] its place in the dictionary or SINGLE. Letters and digits that no word covers stay together.

    Returns the number of tokens.
    """
    size = codes.size
    word_ends = np.empty(size, np.int32)
    word_nodes = np.empty(size, np.int32)
    best_route(codes, types, lookup, word_ends, word_nodes)
    count, at = 0, 0
    while at < size:
        starts[count], nodes[count] = at, word_nodes[at]
        end = word_ends[at]
        if end == at + 1 and LATIN <= type_of(types, codes[at]) <= DIGIT:
            while end < size and word_ends[end] == end + 1 and LATIN <= type_of(types, codes[end]) <= DIGIT:
                end += 1
            nodes[count] = word_nodes[at] if end == at + 1 else SINGLE
        if codes[at] == RETURN and end < size and codes[end] == NEWLINE:
            end += 1
        count += 1
        at = end
    starts[count] = size
    return count


@kernel
def token_starts(codes: NDArray[np.uint32], types: NDArray[np.uint8], lookup: Lookup) -> NDArray[np.int32]:
    """Where each token starts, and the text's length at the end."""
    starts = np.empty(codes.size + 1, np.int32)
    nodes = np.empty(codes.size, np.int32)
    count = segment(codes, types, lookup, starts, nodes)
    return starts[: count + 1].copy()
