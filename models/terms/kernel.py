"""The compiled way from texts to counted terms, and from texts to scores. Training and service both go through here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.terms.emit import (
    CHARS,
    CLASSES,
    EMISSION,
    TAGS,
    WORDS,
    Resources,
    Terms,
    emit_chars,
    emit_classes,
    emit_shape,
    emit_tags,
    emit_words,
    fold_text,
    hash_tokens,
)
from models.terms.facts import FACTS
from models.terms.segment import segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 65535
"""A term is counted up to here."""

FACT_COUNT = len(FACTS)


class Prepared(NamedTuple):
    """Room for one section on its way: folded characters, tokens, terms."""

    codes: NDArray[np.uint32]
    origin: NDArray[np.int32]
    starts: NDArray[np.int32]
    nodes: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    terms: Terms


class Weights(NamedTuple):
    """A linear model over terms.

    idf : float32 (buckets,), 0 for a bucket that training did not keep.
    weight : float32 (buckets, labels).
    bias : float64 (labels,).
    scale : float64 (groups,), how much each group's unit vector counts.
    """

    idf: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: NDArray[np.float64]
    scale: NDArray[np.float64]


@part
def room_for(longest: int) -> Prepared:
    """Room for sections of up to so many characters."""
    most = 3 * longest + FACT_COUNT
    return Prepared(
        np.empty(longest, np.uint32),
        np.empty(longest, np.int32),
        np.empty(longest + 1, np.int32),
        np.empty(longest, np.int32),
        np.empty(longest, np.uint64),
        Terms(np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)),
    )


@part
def longest_of(bounds: NDArray[np.int64]) -> int:
    """Length of the longest text."""
    longest = 0
    for text in range(bounds.size - 1):
        longest = max(longest, bounds[text + 1] - bounds[text])
    return longest


@part
def emit(
    group: int,
    codes: NDArray[np.uint32],
    tokens: int,
    room: Prepared,
    resources: Resources,
    facts: NDArray[np.float32],
) -> int:
    """Fill `room.terms` with one group's terms; returns how many. Classes come before shape, which uses their facts."""
    if group == WORDS:
        return emit_words(room.starts, tokens, room.hashes, resources, room.terms)
    if group == CHARS:
        return emit_chars(codes, resources, room.terms)
    if group == CLASSES:
        return emit_classes(codes, resources, facts, room.terms)
    if group == TAGS:
        return emit_tags(codes, room.starts, room.nodes, tokens, room.hashes, resources, room.terms)
    return emit_shape(codes, resources, facts, room.terms)


@part
def tally(bucket: NDArray[np.int32], size: int, counts: NDArray[np.uint16]) -> int:
    """Count buckets: afterwards `bucket` begins with the distinct ones. Returns their number."""
    distinct = 0
    for at in range(size):
        number = bucket[at]
        seen = counts[number]
        if seen == 0:
            bucket[distinct] = number
            distinct += 1
        if seen < MOST:
            counts[number] = seen + 1
    return distinct


@part
def prepare(raw: NDArray[np.uint32], resources: Resources, room: Prepared) -> tuple[int, int]:
    """Fold and segment a section. Returns its folded length and its number of tokens."""
    size = fold_text(raw, resources, room.codes, room.origin)
    codes = room.codes[:size]
    tokens = segment(codes, resources.types, resources.lookup, room.starts, room.nodes)
    hash_tokens(codes, room.starts, tokens, resources, room.hashes)
    return size, tokens


@kernel
def count_terms(
    raw: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    resources: Resources,
    counts: NDArray[np.uint16],
    facts: NDArray[np.float32],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.uint16]]:
    """Count the terms of many sections.

    raw, bounds : code points of all texts one after the other; text i is `raw[bounds[i]:bounds[i + 1]]`.
    counts : zeros, one for each bucket; zeros again afterwards.
    facts : zeros, (texts, len(FACTS)); filled.

    Returns row pointers, buckets and counts in the form of a CSR matrix; buckets ascend within a row.
    """
    texts = bounds.size - 1
    room = room_for(longest_of(bounds))
    pointers = np.zeros(texts + 1, np.int64)
    capacity = max(1024, 4 * raw.size + FACT_COUNT * texts)
    buckets, numbers = np.empty(capacity, np.int32), np.empty(capacity, np.uint16)
    filled = 0
    for text in range(texts):
        size, tokens = prepare(raw[bounds[text] : bounds[text + 1]], resources, room)
        for group in EMISSION:
            emitted = emit(group, room.codes[:size], tokens, room, resources, facts[text])
            distinct = tally(room.terms.bucket, emitted, counts)
            if filled + distinct > capacity:
                capacity = 2 * (filled + distinct)
                larger, wider = np.empty(capacity, np.int32), np.empty(capacity, np.uint16)
                larger[:filled], wider[:filled] = buckets[:filled], numbers[:filled]
                buckets, numbers = larger, wider
            for bucket in room.terms.bucket[:distinct]:
                buckets[filled], numbers[filled] = bucket, counts[bucket]
                counts[bucket] = 0
                filled += 1
        first = pointers[text]
        ascending = np.argsort(buckets[first:filled])
        buckets[first:filled], numbers[first:filled] = (
            buckets[first:filled][ascending],
            numbers[first:filled][ascending],
        )
        pointers[text + 1] = filled
    return pointers, buckets[:filled].copy(), numbers[:filled].copy()


@part
def frequency_weight(count: int) -> float:
    """Sublinear term frequency, 1 + log(count)."""
    return 1.0 if count == 1 else 1.0 + math.log(count)


@part
def add_group(
    bucket: NDArray[np.int32],
    distinct: int,
    counts: NDArray[np.uint16],
    weights: Weights,
    scale: float,
    scores: NDArray[np.float64],
    sums: NDArray[np.float64],
) -> int:
    """Add one group's part to the scores and clear its counts. Returns how many of its terms training knew."""
    sums[:] = 0
    norm, known = 0.0, 0
    for at in range(distinct):
        number = bucket[at]
        idf = weights.idf[number]
        if idf > 0:
            value = frequency_weight(counts[number]) * idf
            norm += value * value
            known += 1
            for label in range(sums.size):
                sums[label] += value * weights.weight[number, label]
        counts[number] = 0
    if known:
        for label in range(sums.size):
            scores[label] += scale * sums[label] / math.sqrt(norm)
    return known


@kernel
def score_texts(
    raw: NDArray[np.uint32],
    bounds: NDArray[np.int64],
    resources: Resources,
    counts: NDArray[np.uint16],
    weights: Weights,
    facts: NDArray[np.float32],
    known: NDArray[np.int32],
) -> NDArray[np.float64]:
    """Score many sections, each by itself; parameters as in count_terms.

    known : zeros, (texts,); filled with how many of a text's words training knew.

    Returns the scores, (texts, labels).
    """
    texts, labels = bounds.size - 1, weights.bias.size
    room = room_for(longest_of(bounds))
    scores = np.empty((texts, labels), np.float64)
    sums = np.empty(labels, np.float64)
    for text in range(texts):
        size, tokens = prepare(raw[bounds[text] : bounds[text + 1]], resources, room)
        scores[text] = weights.bias
        for group in EMISSION:
            emitted = emit(group, room.codes[:size], tokens, room, resources, facts[text])
            distinct = tally(room.terms.bucket, emitted, counts)
            found = add_group(room.terms.bucket, distinct, counts, weights, weights.scale[group], scores[text], sums)
            known[text] += found if group == WORDS else 0
    return scores


@kernel
def pull_on_characters(
    raw: NDArray[np.uint32],
    resources: Resources,
    counts: NDArray[np.uint16],
    weights: Weights,
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """What each character of one section adds to each label's score.

    A term's part of the score is shared out evenly over the characters of all places where it stands; shape terms,
    which stand everywhere, are left out.

    Returns the parts, (characters, labels), and where the tokens start in the raw text (its length at the end).
    """
    labels = weights.bias.size
    room = room_for(raw.size)
    size, tokens = prepare(raw, resources, room)
    pull = np.zeros((raw.size, labels), np.float64)
    facts = np.zeros(FACT_COUNT, np.float32)
    for group in (WORDS, CHARS, TAGS, CLASSES):
        emitted = emit(group, room.codes[:size], tokens, room, resources, facts)
        norm = 0.0
        for at in range(emitted):
            counts[room.terms.bucket[at]] += 1 if counts[room.terms.bucket[at]] < MOST else 0
        for at in range(emitted):  # each place adds its share, so that a term's places add up to its square
            number = room.terms.bucket[at]
            value = frequency_weight(counts[number]) * weights.idf[number]
            norm += value * value / counts[number]
        for at in range(emitted):
            number, start, end = room.terms.bucket[at], room.terms.start[at], room.terms.end[at]
            if weights.idf[number] > 0:
                value = frequency_weight(counts[number]) * weights.idf[number] / counts[number] / math.sqrt(norm)
                for label in range(labels):
                    share = weights.scale[group] * value * weights.weight[number, label] / (end - start)
                    for place in range(start, end):
                        pull[room.origin[place], label] += share
        for at in range(emitted):
            counts[room.terms.bucket[at]] = 0
    starts = np.empty(tokens + 1, np.int32)
    for token in range(tokens):
        starts[token] = room.origin[room.starts[token]]
    starts[tokens] = raw.size
    return pull, starts
