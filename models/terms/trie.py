"""A trie in one open-addressed hash table: an edge is one 64-bit word, so a step costs one memory access.

An edge packs the node it leaves, the code point it is taken by, whether the node it leads to has edges itself, and the
value of the word that ends there. Buckets of four edges are compared without a branch, since no processor foretells
what a text holds next. A node is numbered by the slot of the edge that leads to it, and one that the root leads to by
its code point: a pair of characters alone tells where its edge is, so it can be asked for long before it is needed.

Most pairs of neighbouring characters begin no word. A bit set tells so for nearly all of them (a Bloom filter with one
hash, Bloom 1970), which spares the caches the table's lines that would only say the same.

A walk stands at a place: the node's number, whether it goes on from there, and the value of the word that ends there,
packed as in an edge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.compiled import kernel, part
from models.memory import prefetch

if TYPE_CHECKING:
    from collections.abc import Sequence

CODE_BITS, VALUE_BITS = 21, 19
CODE_SHIFT, GOES_ON, NODE_SHIFT = np.uint64(CODE_BITS), np.uint64(VALUE_BITS), np.uint64(VALUE_BITS + 1)
VALUE_MASK = np.uint64((1 << VALUE_BITS) - 1)
TOLD_MASK = np.uint64((1 << (VALUE_BITS + 1)) - 1)
"""The part of an edge that a place has too: the value, and whether it goes on."""

FIRST_SLOT = np.uint64(1 << CODE_BITS)
"""Nodes below this number are code points."""

MOST_SLOTS = 1 << (64 - CODE_BITS - VALUE_BITS - 2)
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
MISSING = np.uint64(0)
"""The place of a walk that has ended: no word ends there, and it does not go on."""

ALONE = np.uint64((1 << CODE_BITS) - 1)
"""Leads from a character past the Basic Multilingual Plane to the value of that character alone."""

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
HASH_SHIFT = np.uint64(40)
ONE = np.uint64(1)
DIRECT = np.uint64(65536)
BUCKET, BUCKET_SHIFT = 4, np.uint64(2)
WORD, WORD_SHIFT = 64, np.uint64(6)
SLOTS_A_WORD = 32
"""The bit set has two bits for each slot: of the pairs that begin no word of jieba's, one in twelve has its bit."""


class Trie(NamedTuple):
    """singles : uint32 (65536,), the value of each character as a word of its own, 0 for none.
    pairs : uint64 (edges / 32,), the bits of pairs that begin a word; some others have theirs by chance.
    edges : uint64 (a power of two,), packed edges.
    """

    singles: NDArray[np.uint32]
    pairs: NDArray[np.uint64]
    edges: NDArray[np.uint64]


@part
def value_at(place: np.uint64) -> np.uint64:
    """The value of the word that ends at a place, 0 where none does."""
    return place & VALUE_MASK


@part
def goes_on(place: np.uint64) -> np.uint64:
    """1 where longer words go on from a place, 0 where none does; of places after two characters or more."""
    return (place >> GOES_ON) & ONE


@part
def edge_key(place: np.uint64, code: np.uint64) -> np.uint64:
    """The node of a place, and a code point."""
    return ((place >> NODE_SHIFT) << CODE_SHIFT) | code


@part
def hash_of(key: np.uint64) -> np.uint64:
    """The hash of an edge, 24 bits."""
    return (key * MULTIPLIER) >> HASH_SHIFT


@part
def slot_of(edges: NDArray[np.uint64], key: np.uint64) -> np.uint64:
    """Where the bucket begins that an edge is looked for in first."""
    return (hash_of(key) << BUCKET_SHIFT) & np.uint64(edges.size - 1)


@part
def in_bucket(edges: NDArray[np.uint64], slot: np.uint64, key: np.uint64) -> np.uint64:
    """The place that an edge in this bucket leads to, or MISSING."""
    place = MISSING
    for lane in range(BUCKET):
        at = slot + np.uint64(lane)
        edge = edges[at]
        there = ((at + FIRST_SLOT) << NODE_SHIFT) | (edge & TOLD_MASK)
        place = there if edge >> NODE_SHIFT == key else place
    return place


@part
def step(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> np.uint64:
    """The place that a code point leads to, or MISSING."""
    key = edge_key(place, code)
    slot = slot_of(edges, key)
    child = in_bucket(edges, slot, key)
    while (child == MISSING) & (edges[slot + np.uint64(BUCKET - 1)] != EMPTY):  # full, so that it may be in the next
        slot = (slot + np.uint64(BUCKET)) & np.uint64(edges.size - 1)
        child = in_bucket(edges, slot, key)
    return child


@part
def prefetch_step(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> None:
    """Ask for what `step` will look at, if the place goes on; otherwise for what is there already."""
    prefetch(edges, np.int64(slot_of(edges, edge_key(place, code)) * goes_on(place)))


@part
def first_place(trie: Trie, code: np.uint64) -> np.uint64:
    """The place that a walk's first character leads to, with the value of that character alone."""
    place = code << NODE_SHIFT
    if code < DIRECT:
        return place | np.uint64(trie.singles[code])
    return place | value_at(step(trie.edges, place, ALONE))


@part
def is_single(trie: Trie, code: np.uint32) -> bool:
    """Whether a character is a word of its own; of those past the Basic Multilingual Plane, whether it may be."""
    return trie.singles[code] != 0 if code < DIRECT else True


@part
def bit_of(pairs: NDArray[np.uint64], key: np.uint64) -> tuple[np.uint64, np.uint64]:
    """The word of the bit set that has a pair's bit, and the bit's place in it."""
    bit = hash_of(key) & np.uint64(WORD * pairs.size - 1)
    return bit >> WORD_SHIFT, bit & np.uint64(WORD - 1)


@part
def prefetch_pair(trie: Trie, codes: NDArray[np.uint32], at: int) -> int:
    """Whether the characters at `at` and behind it may begin a word: 1 or 0. Asks for their edge if so.

    There is no branch: where they begin none, it asks for what is there already.
    """
    key = edge_key(np.uint64(codes[at]) << NODE_SHIFT, np.uint64(codes[at + 1]))
    word, place = bit_of(trie.pairs, key)
    maybe = (trie.pairs[word] >> place) & ONE
    prefetch(trie.edges, np.int64(slot_of(trie.edges, key) * maybe))
    return np.int64(maybe)


@part
def add_edge(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> np.uint64:
    """Add an edge that is not there yet; returns the place that it leads to."""
    key, last = edge_key(place, code), np.uint64(edges.size - 1)
    slot = slot_of(edges, key)
    while edges[slot] != EMPTY:
        slot = (slot + ONE) & last
    edges[slot] = key << NODE_SHIFT
    return (slot + FIRST_SLOT) << NODE_SHIFT


@kernel
def grow(trie: Trie, codes: NDArray[np.uint32], ends: NDArray[np.int64], values: NDArray[np.int64]) -> int:
    """Add words to a trie; a word added again gets the later value.

    codes : the words' code points, one word after the other.
    ends : where each word ends in `codes`.
    values : each word's value.

    Returns the number of edges added.
    """
    count, start, edges = 0, 0, trie.edges
    for number in range(ends.size):
        size, value = ends[number] - start, np.uint64(values[number])
        if size == 1 and np.uint64(codes[start]) < DIRECT:
            trie.singles[codes[start]] = value
        elif size > 0:
            place = np.uint64(codes[start]) << NODE_SHIFT
            for at in range(start + 1, ends[number] + (size == 1)):
                code = ALONE if size == 1 else np.uint64(codes[at])
                child = step(edges, place, code)
                if child == MISSING:
                    child = add_edge(edges, place, code)
                    count += 1
                if at == start + 1:
                    word, bit = bit_of(trie.pairs, edge_key(place, code))
                    trie.pairs[word] |= ONE << bit
                else:
                    edges[(place >> NODE_SHIFT) - FIRST_SLOT] |= ONE << GOES_ON
                place = child
            slot = (place >> NODE_SHIFT) - FIRST_SLOT
            edges[slot] = (edges[slot] & ~VALUE_MASK) | value
        start = ends[number]
    return count


@kernel
def value_of(trie: Trie, codes: NDArray[np.uint32]) -> int:
    """The value of a word, 0 where it is none."""
    if codes.size == 0:
        return 0
    place = first_place(trie, np.uint64(codes[0]))
    for at in range(1, codes.size):
        if place != MISSING:
            place = step(trie.edges, place, np.uint64(codes[at]))
    return np.int64(value_at(place)) if place != MISSING else 0


def empty_trie(edges: int) -> Trie:
    """An empty trie with room for a number of edges, at most half full.

    Raises
    ------
    ValueError
        For more edges than slots can be numbered.
    """
    slots = 1 << max(4, int(2 * edges - 1).bit_length())
    if slots > MOST_SLOTS:
        message = f"{edges} characters of words are too many for one trie; add fewer words"
        raise ValueError(message)
    pairs = np.zeros(max(1, slots // SLOTS_A_WORD), np.uint64)
    return Trie(np.zeros(int(DIRECT), np.uint32), pairs, np.full(slots, EMPTY, np.uint64))


def build_trie(words: Sequence[str], values: Sequence[int]) -> Trie:
    """Build a trie of words, each with its value, 1 to 2 ** VALUE_BITS - 1."""
    text = "".join(words)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    numbers = np.asarray(values, np.int64)
    count = grow(empty_trie(codes.size + 1), codes, ends, numbers)
    trie = empty_trie(count + 1)
    grow(trie, codes, ends, numbers)
    return trie
