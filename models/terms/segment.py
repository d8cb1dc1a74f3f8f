"""jieba's cut with its hidden Markov model off, compiled: the same tokens as `jieba.cut(text, HMM=False)`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.memory import address_of, array_at, held
from models.terms.fold import CharType
from models.terms.trie import MISSING, NODE_SHIFT, first_place, goes_on, prefetch_pair, prefetch_step, step, value_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.terms.dictionary import Lookup
    from models.terms.trie import Trie

HAN, LATIN, DIGIT, JOINED = int(CharType.HAN), int(CharType.LATIN), int(CharType.DIGIT), int(CharType.JOINED)
RETURN, NEWLINE = 13, 10
SINGLE = 0
"""The value of a token that is no word of the dictionary."""


class Tokens(NamedTuple):
    """Room for a section's tokens.

    Lengths are bounds.

    starts : int32 (characters + 1,), token i is `codes[starts[i]:starts[i + 1]]`.
    words : int32 (characters,), its value in the dictionary, or SINGLE.
    cost, ends, best : the best cut from each character on; see `best_route`.
    second : uint64 (characters,), the trie's place after two characters.
    begins : int32 (characters,), where words may begin.
    """

    starts: NDArray[np.int32]
    words: NDArray[np.int32]
    cost: NDArray[np.float64]
    ends: NDArray[np.int32]
    best: NDArray[np.int32]
    second: NDArray[np.uint64]
    begins: NDArray[np.int32]


@part
def even_size(characters: int) -> int:
    """How long arrays are made for so many characters: even, for wider numbers behind them, and two more at least."""
    return (characters + 3) // 2 * 2


TOKEN_BYTES = 36
"""Bytes of a `Tokens` for each character."""


@part
def tokens_in(room: int, size: int) -> Tokens:
    """Arrays of `size` numbers each, which is even and more than the characters by two; `room` is their address."""
    narrow = room + 16 * size
    return Tokens(
        array_at(narrow, size, np.int32),
        array_at(narrow + 4 * size, size, np.int32),
        array_at(room, size, np.float64),
        array_at(narrow + 8 * size, size, np.int32),
        array_at(narrow + 12 * size, size, np.int32),
        array_at(room + 8 * size, size, np.uint64),
        array_at(narrow + 16 * size, size, np.int32),
    )


AT_ONCE = 128
"""So many characters are asked about at once: the lines of the table that they need fit into the smallest cache."""


@part
def in_run(kind: int) -> bool:
    """Whether jieba looks words up across this character."""
    return HAN <= kind <= JOINED


@part
def find_pairs(codes: NDArray[np.uint32], trie: Trie, second: NDArray[np.uint64], begins: NDArray[np.int32]) -> None:
    """Fill `second`: the trie's place after the pair that begins at each character but the last.

    So many characters at a time, all of them are asked about first, which takes no branch, and then those looked up
    that may begin a word. Places are unsigned: of other ones numba asks each time whether they count from the end.
    """
    last = codes.size - 1
    for first in range(0, last, AT_ONCE):
        count = 0
        for at in range(first, min(first + AT_ONCE, last)):
            here = np.uint32(at)
            second[here], begins[np.uint32(count)] = MISSING, at
            count += prefetch_pair(trie, codes, here)
        for walk in range(count):
            at = np.uint32(begins[walk])
            place = step(trie.edges, np.uint64(codes[at]) << NODE_SHIFT, np.uint64(codes[at + 1]))
            second[at] = place
            prefetch_step(trie.edges, place, np.uint64(codes[min(at + 2, last)]))


@part
def best_route(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], lookup: Lookup, tokens: Tokens) -> None:
    """From right to left, the end and value of the best word that starts at each character, and the cut's cost.

    Between equal sums the longer word wins, as in jieba. Words of one and two characters are weighed without a branch,
    since which of them stands next is hard to foretell.
    """
    size, trie = codes.size, lookup.trie
    cost, ends, best, second = tokens.cost, tokens.ends, tokens.best, tokens.second
    cost[size] = one_on = two_on = 0.0  # what the cut costs from the next character on, and from the one behind it
    stop = size  # where the run ends that jieba looks words up in
    for start in range(size - 1, -1, -1):
        here = np.uint32(start)
        inside = in_run(kinds[here])
        stop = stop if inside else start  # behind a character that is in no run, the next run ends
        pair = second[here] if start + 1 < stop else MISSING
        word, longer = value_at(first_place(trie, np.uint64(codes[here]))), value_at(pair)
        one, two = lookup.cost[word] + one_on, lookup.cost[longer] + two_on
        both = (longer != SINGLE) & ((two >= one) | (word == SINGLE))
        total, end, value = two if both else one, start + 1 + both, longer if both else word
        if goes_on(pair):
            found, at, place = (word | longer) != SINGLE, start + 2, pair
            while goes_on(place) & (at < stop):
                place = step(trie.edges, place, np.uint64(codes[np.uint32(at)]))
                at += 1
                longest = value_at(place)
                further = lookup.cost[longest] + cost[np.uint32(at)]
                if longest != SINGLE and (further >= total or not found):
                    total, end, value, found = further, at, longest, True
        ends[here], best[here] = end, np.int32(value) if inside else SINGLE
        cost[here] = total = total if inside else 0.0  # every run is cut by itself
        one_on, two_on = total, one_on


@part
def segment(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], lookup: Lookup, tokens: Tokens) -> int:
    """Cut folded characters into tokens; letters and digits that no word covers stay together.

    Returns the number of tokens.
    """
    size = codes.size
    find_pairs(codes, lookup.trie, tokens.second, tokens.begins)
    best_route(codes, kinds, lookup, tokens)
    starts, ends = tokens.starts, tokens.ends
    count, at = 0, 0
    while at < size:
        starts[count], tokens.words[count] = at, tokens.best[at]
        end = ends[at]
        if LATIN <= kinds[at] <= DIGIT and end == at + 1:
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
    size = even_size(codes.size)
    room = np.empty(TOKEN_BYTES * size, np.uint8)
    tokens = tokens_in(address_of(room), size)
    kinds = np.zeros(codes.size, np.uint8)
    for at in range(codes.size):
        kinds[at] = types[codes[at]] if codes[at] < types.size else 0
    count = segment(codes, kinds, lookup, tokens)
    starts = tokens.starts[: count + 1].copy()
    held(room)
    return starts
