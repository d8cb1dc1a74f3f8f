"""The compiled way from texts to counted terms: what training learns from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.compiled import kernel, making_part, part
from models.memory import held, lent
from models.terms.emit import EMISSION
from models.terms.resources import resources_of
from models.terms.room import FACT_COUNT, bytes_for, emit, longest_of, prepare, room_in, tally

if TYPE_CHECKING:
    from numpy.typing import NDArray


COUNT_BITS = 16


@making_part
def longer(entries: NDArray[np.uint64], filled: int, size: int) -> NDArray[np.uint64]:
    """A longer array that begins with what is filled. A loop: assigned slices take a second to compile."""
    larger = np.empty(size, np.uint64)
    for at in range(filled):
        larger[at] = entries[at]
    return larger


@part
def sink(heap: NDArray[np.uint64], first: int, place: int, size: int) -> None:
    """Move an entry down to its place in the heap of `size` entries that begins at `first`."""
    entry, child = heap[first + place], 2 * place + 1
    while child < size:
        if child + 1 < size and heap[first + child + 1] > heap[first + child]:
            child += 1
        if heap[first + child] <= entry:
            break
        heap[first + place] = heap[first + child]
        place, child = child, 2 * child + 1
    heap[first + place] = entry


@part
def sort(entries: NDArray[np.uint64], first: int, size: int) -> None:
    """Sort `size` entries from `first` on: heapsort (Williams 1964). NumPy's own sort takes a second to compile."""
    for place in range(size // 2 - 1, -1, -1):
        sink(entries, first, place, size)
    for last in range(size - 1, 0, -1):
        entries[first], entries[first + last] = entries[first + last], entries[first]
        sink(entries, first, 0, last)


@kernel
def count_terms(
    raw: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    counts: NDArray[np.uint16],
    table: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.float32]]:
    """Count the terms of many sections.

    raw, bounds : code points of all texts one after the other; text i is `raw[bounds[i]:bounds[i + 1]]`.
    counts : zeros, one for each bucket; zeros again afterwards.
    table : the resources, as `Resources.table` tells of them.

    Returns row pointers as of a CSR matrix; its entries, in one number each, ascending within a row; and the facts,
    (texts, len(FACTS)). An entry is its bucket, shifted by COUNT_BITS, and its count.
    """
    resources = resources_of(table)
    texts = bounds.size - 1
    longest = longest_of(bounds)
    arena = np.empty(bytes_for(longest), np.uint8)
    counters = lent(counts)
    room = room_in(arena, longest, counters)
    facts, pointers = np.zeros((texts, FACT_COUNT), np.float32), np.zeros(texts + 1, np.int64)
    entries = np.empty(max(1024, 4 * raw.size + FACT_COUNT * texts), np.uint64)
    filled = 0
    for text in range(texts):
        size, tokens = prepare(raw[bounds[text] : bounds[text + 1]], resources, room)
        for group in EMISSION:
            emitted = emit(group, size, tokens, room, resources, lent(facts[text]))
            distinct = tally(room.terms.bucket, emitted, counters, None)
            if filled + distinct > entries.size:
                entries = longer(entries, filled, 2 * (filled + distinct))
            for at in range(distinct):
                bucket = room.terms.bucket[at]
                entries[filled] = (np.uint64(bucket) << np.uint64(COUNT_BITS)) | np.uint64(counters[bucket])
                counters[bucket] = 0
                filled += 1
        sort(entries, pointers[text], filled - pointers[text])
        pointers[text + 1] = filled
    held(arena)
    held(counts)
    return pointers, entries[:filled], facts
