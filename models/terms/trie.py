"""A trie in one open-addressed hash table: an edge is one 64-bit word, so a step costs one memory access.

An edge packs (node, code point) and the child it leads to. The root's edges are in a table of their own, because every
walk begins there (those by characters past the Basic Multilingual Plane aside).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.compiled import kernel, part

NODE_BITS = 21
CODE_BITS = 21
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
CODE_SHIFT = np.uint64(CODE_BITS)
NODE_SHIFT = np.uint64(NODE_BITS)
NODE_MASK = np.uint64((1 << NODE_BITS) - 1)
ROOT = 0
DIRECT = 65536
MISSING = -1


class Trie(NamedTuple):
    """roots : int32 (65536,), the child of the root by code point, -1 where there is none.
    edges : uint64 (a power of two,), packed edges.
    shift : 64 minus the binary logarithm of the number of edge slots.
    """

    roots: NDArray[np.int32]
    edges: NDArray[np.uint64]
    shift: np.uint64


@part
def edge_key(node: int, code: int) -> np.uint64:
    """Node and code point in one number."""
    return (np.uint64(node) << CODE_SHIFT) | np.uint64(code)


@part
def step(trie: Trie, node: int, code: int) -> int:
    """The child of a node by a code point, or -1."""
    if node == ROOT and code < DIRECT:
        return np.int64(trie.roots[code])
    key = edge_key(node, code)
    slot = (key * MULTIPLIER) >> trie.shift
    last = np.uint64(trie.edges.size - 1)
    while True:
        edge = trie.edges[slot]
        if edge >> NODE_SHIFT == key:
            return np.int64(edge & NODE_MASK)
        if edge == EMPTY:
            return MISSING
        slot = (slot + np.uint64(1)) & last


@part
def add_edge(trie: Trie, node: int, code: int, child: int) -> None:
    """Write an edge that is not there yet."""
    if node == ROOT and code < DIRECT:
        trie.roots[code] = child
        return
    key = edge_key(node, code)
    slot = (key * MULTIPLIER) >> trie.shift
    last = np.uint64(trie.edges.size - 1)
    while trie.edges[slot] != EMPTY:
        slot = (slot + np.uint64(1)) & last
    trie.edges[slot] = (key << NODE_SHIFT) | np.uint64(child)


@kernel
def grow(trie: Trie, codes: NDArray[np.uint32], ends: NDArray[np.int64], nodes: NDArray[np.int32]) -> int:
    """Add words to an empty trie.

    codes : the words' code points, one word after the other.
    ends : where each word ends in `codes`.
    nodes : filled with the node that each word ends at.

    Returns the number of nodes, the root included.
    """
    count, start = 1, 0
    for word in range(ends.size):
        node = ROOT
        for at in range(start, ends[word]):
            child = step(trie, node, codes[at])
            if child == MISSING:
                child = count
                add_edge(trie, node, codes[at], child)
                count += 1
            node = child
        nodes[word] = node
        start = ends[word]
    return count


def empty_trie(edges: int) -> Trie:
    """An empty trie with room for a number of edges, at most half full."""
    bits = max(4, int(2 * edges - 1).bit_length())
    return Trie(
        np.full(DIRECT, MISSING, np.int32),
        np.full(1 << bits, EMPTY, np.uint64),
        np.uint64(64 - bits),
    )


def build_trie(words: list[str]) -> tuple[Trie, NDArray[np.int32], int]:
    """Build a trie of words.

    Returns the trie, the node at which each word ends, and the number of nodes.
    """
    text = "".join(words)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    nodes = np.zeros(len(words), np.int32)
    count = grow(empty_trie(codes.size + 1), codes, ends, nodes)
    trie = empty_trie(count)
    grow(trie, codes, ends, nodes)
    return trie, nodes, count
