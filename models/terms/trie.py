"""A trie in one open-addressed hash table: an edge is one 64-bit word, so a step costs one memory access.

An edge packs the node it leaves, the code point it is taken by, and the value of the word that ends where it leads. A
node is numbered by the slot of the edge that leads to it, and one that the root leads to by its code point: a pair of
characters alone tells where its edge is, so it can be asked for long before the walk comes there.

A walk stands at a place: the node's number and the value of the word that ends there, packed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.compiled import kernel, part
from models.terms.memory import prefetch

if TYPE_CHECKING:
    from collections.abc import Sequence

CODE_BITS, VALUE_BITS = 21, 20
CODE_SHIFT, VALUE_SHIFT = np.uint64(CODE_BITS), np.uint64(VALUE_BITS)
VALUE_MASK = np.uint64((1 << VALUE_BITS) - 1)
FIRST_SLOT = np.uint64(1 << CODE_BITS)
"""Nodes below this number are code points."""

MOST_SLOTS = 1 << (64 - CODE_BITS - VALUE_BITS - 1)
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
MISSING = EMPTY
"""The place of a walk that has ended."""

ALONE = np.uint64((1 << CODE_BITS) - 1)
"""Leads from a character past the Basic Multilingual Plane to the value of that character alone."""

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
HASH_SHIFT = np.uint64(40)
ONE = np.uint64(1)
DIRECT = np.uint64(65536)


class Trie(NamedTuple):
    """singles : uint32 (65536,), the value of each character as a word of its own, 0 for none.
    edges : uint64 (a power of two,), packed edges.
    """

    singles: NDArray[np.uint32]
    edges: NDArray[np.uint64]


@part
def value_at(place: np.uint64) -> np.uint64:
    """The value of the word that ends at a place, 0 where none does."""
    return place & VALUE_MASK


@part
def edge_key(place: np.uint64, code: np.uint64) -> np.uint64:
    """The node of a place, and a code point."""
    return ((place >> VALUE_SHIFT) << CODE_SHIFT) | code


@part
def slot_of(edges: NDArray[np.uint64], key: np.uint64) -> np.uint64:
    """Where an edge is looked for first."""
    return ((key * MULTIPLIER) >> HASH_SHIFT) & np.uint64(edges.size - 1)


@part
def step(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> np.uint64:
    """The place that a code point leads to, or MISSING."""
    key = edge_key(place, code)
    last = np.uint64(edges.size - 1)
    slot = slot_of(edges, key)
    while True:
        edge = edges[slot]
        if edge >> VALUE_SHIFT == key:
            return ((slot + FIRST_SLOT) << VALUE_SHIFT) | (edge & VALUE_MASK)
        if edge == EMPTY:
            return MISSING
        slot = (slot + ONE) & last


@part
def prefetch_step(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> None:
    """Ask for what `step` will look at."""
    prefetch(edges, np.int64(slot_of(edges, edge_key(place, code))))


@part
def first_place(trie: Trie, code: np.uint64) -> np.uint64:
    """The place that a walk's first character leads to."""
    place = code << VALUE_SHIFT
    if code < DIRECT:
        return place | np.uint64(trie.singles[code])
    lone = step(trie.edges, place, ALONE)
    return place if lone == MISSING else place | value_at(lone)


@part
def second_place(trie: Trie, codes: NDArray[np.uint32], at: int, stop: int) -> np.uint64:
    """The place after the two characters from `at` on, or MISSING; asks for what a third would need."""
    if at + 1 >= stop:
        return MISSING
    place = step(trie.edges, np.uint64(codes[at]) << VALUE_SHIFT, np.uint64(codes[at + 1]))
    if place != MISSING and at + 2 < stop:
        prefetch_step(trie.edges, place, np.uint64(codes[at + 2]))
    return place


@part
def prefetch_pair(trie: Trie, codes: NDArray[np.uint32], at: int) -> None:
    """Ask for the edge of the pair of characters at a place in the text, if there is one."""
    if 0 <= at < codes.size - 1:
        prefetch_step(trie.edges, np.uint64(codes[at]) << VALUE_SHIFT, np.uint64(codes[at + 1]))


@part
def add_edge(edges: NDArray[np.uint64], place: np.uint64, code: np.uint64) -> np.uint64:
    """Add an edge that is not there yet; returns the place that it leads to."""
    key, last = edge_key(place, code), np.uint64(edges.size - 1)
    slot = slot_of(edges, key)
    while edges[slot] != EMPTY:
        slot = (slot + ONE) & last
    edges[slot] = key << VALUE_SHIFT
    return (slot + FIRST_SLOT) << VALUE_SHIFT


@kernel
def grow(trie: Trie, codes: NDArray[np.uint32], ends: NDArray[np.int64], values: NDArray[np.int64]) -> int:
    """Add words to a trie; a word added again gets the later value.

    codes : the words' code points, one word after the other.
    ends : where each word ends in `codes`.
    values : each word's value.

    Returns the number of edges added.
    """
    count, start, edges = 0, 0, trie.edges
    for word in range(ends.size):
        size, value = ends[word] - start, np.uint64(values[word])
        if size == 1 and np.uint64(codes[start]) < DIRECT:
            trie.singles[codes[start]] = value
        elif size > 0:
            place = np.uint64(codes[start]) << VALUE_SHIFT
            for at in range(start + 1, ends[word] + (size == 1)):
                code = ALONE if size == 1 else np.uint64(codes[at])
                child = step(edges, place, code)
                if child == MISSING:
                    child = add_edge(edges, place, code)
                    count += 1
                place = child
            slot = (place >> VALUE_SHIFT) - FIRST_SLOT
            edges[slot] = ((edges[slot] >> VALUE_SHIFT) << VALUE_SHIFT) | value
        start = ends[word]
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
    return Trie(np.zeros(int(DIRECT), np.uint32), np.full(slots, EMPTY, np.uint64))


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
