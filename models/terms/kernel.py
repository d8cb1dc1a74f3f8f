"""The compiled way from texts to scores, and back from scores to the characters that made them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import kernel, part
from models.memory import held, lent
from models.terms.emit import CHARS, CLASSES, EMISSION, TAGS, WORDS
from models.terms.halves import BLOCK, HALF_SCALE, add_row, half
from models.terms.resources import resources_of
from models.terms.room import (
    AHEAD,
    FACT_COUNT,
    MOST,
    bytes_for,
    emit,
    prefetch_row,
    prepare,
    room_in,
    tally,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SUMS = 2
"""Sums are taken by turns in so many places, so that an addition need not wait for the one before."""

LOGS = np.array([0.0, *(1.0 + math.log(count) for count in range(1, 256))])
"""Frequency weights that are looked up. Kernels hold them: to compute so many anew costs a call a microsecond."""


class Weights(NamedTuple):
    """A linear model over terms.

    rows : int16 (buckets, 1 and labels or BLOCK, whichever is more), the bits of numbers in half precision: the inverse
        frequency of each bucket's term, 0 where training did not keep it, and its weights. They lie together because
        memory is waited for once then.
    bias : float64 (labels,).
    scale : float64 (groups,), how much each group's unit vector counts.
    """

    rows: NDArray[np.int16]
    bias: NDArray[np.float64]
    scale: NDArray[np.float64]

    @property
    def idf(self) -> NDArray[np.float16]:
        """The inverse frequencies, (buckets,)."""
        return self.rows[:, 0].view(np.float16)

    @property
    def weight(self) -> NDArray[np.float16]:
        """The weights, (buckets, labels)."""
        return self.rows[:, 1 : 1 + self.bias.size].view(np.float16)


@part
def frequency_weight(count: int) -> float:
    """Sublinear term frequency, 1 + log(count)."""
    return 1.0 if count == 1 else 1.0 + math.log(count)


@part
def add_group(
    bucket: NDArray[np.uint32],
    distinct: int,
    counts: NDArray[np.uint16],
    weights: Weights,
    scale: float,
    sums: NDArray[np.float64],
    scores: NDArray[np.float64],
) -> int:
    """Add one group's part to the scores and clear its counts. Returns how many of its terms training knew.

    sums : (SUMS * BLOCK,), room. Labels are taken four at a time; those at the end are summed twice where their number
    is no multiple of four.
    """
    labels, known, width = scores.size, 0, weights.rows.shape[1]
    for first in range(0, labels, BLOCK):
        column, last, norm, known = min(1 + first, width - BLOCK), first + BLOCK >= labels, 0.0, 0
        for place in range(SUMS * BLOCK):
            sums[place] = 0.0
        for at in range(distinct):
            prefetch_row(weights.rows, np.int64(bucket[min(at + AHEAD, distinct - 1)]))
            number = bucket[at]
            count, idf = counts[number], half(weights.rows[number, 0])
            value = idf * (LOGS[count] if count < LOGS.size else frequency_weight(count))
            norm += value * value
            known += idf > 0
            if last:
                counts[number] = 0
            add_row(sums, at % SUMS * BLOCK, weights.rows, column, np.int64(number), value)
        if known:
            for label in range(first, min(first + BLOCK, labels)):
                total = sums[1 + label - column] + sums[1 + label - column + BLOCK]
                scores[label] += scale * total * HALF_SCALE / math.sqrt(norm)
    return known


@kernel
def score_texts(
    raw: NDArray[np.uint32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    counts: NDArray[np.uint16],
    rows: NDArray[np.int16],
    bias: NDArray[np.float64],
    scale: NDArray[np.float64],
    table: NDArray[np.int64],
    scores: NDArray[np.float64],
    facts: NDArray[np.float32],
    seen: NDArray[np.int32],
) -> None:
    """Score many sections, each by itself; other parameters as in count_terms and in Weights.

    starts, ends : (texts,), where each stands in `raw`.
    scores, facts, seen : zeros, filled with what `extractor.Scored` holds. To be given them takes a third of the time
        that it takes numba to hand arrays back.
    """
    resources, weights = resources_of(table), Weights(lent(rows), bias, scale)
    texts, labels, longest = ends.size, bias.size, 0
    for text in range(texts):
        longest = max(longest, ends[text] - starts[text])
    arena = np.empty(bytes_for(longest), np.uint8)
    counters = lent(counts)
    room = room_in(arena, longest, counters)
    own_sums = np.empty(SUMS * BLOCK, np.float64)
    sums, letters = lent(own_sums), lent(raw)
    for text in range(texts):
        size, tokens = prepare(letters[starts[text] : ends[text]], resources, room)
        measured, score = lent(facts[text]), lent(scores[text])
        for label in range(labels):
            score[label] = bias[label]
        for group in EMISSION:
            emitted = emit(group, size, tokens, room, resources, measured)
            distinct = tally(room.terms.bucket, emitted, counters, weights.rows)
            found = add_group(room.terms.bucket, distinct, counters, weights, scale[group], sums, score)
            if group == WORDS:
                seen[text, 0], seen[text, 1] = distinct, found
    held(arena)
    held(own_sums)


@kernel
def pull_on_characters(
    raw: NDArray[np.uint32],
    counts: NDArray[np.uint16],
    rows: NDArray[np.int16],
    bias: NDArray[np.float64],
    scale: NDArray[np.float64],
    table: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """What each character of one section adds to each label's score; parameters as in score_texts.

    A term's part of the score is shared out evenly over the characters of all places where it stands; shape terms,
    which stand everywhere, are left out.

    Returns the parts, (characters, labels), and where the tokens start in the raw text (its length at the end).
    """
    resources, weights = resources_of(table), Weights(lent(rows), bias, scale)
    labels = weights.bias.size
    arena = np.empty(bytes_for(raw.size), np.uint8)
    room = room_in(arena, raw.size, lent(counts))
    size, tokens = prepare(raw, resources, room)
    pull = np.zeros((raw.size, labels), np.float64)
    facts = np.zeros(FACT_COUNT, np.float32)
    for group in (WORDS, CHARS, TAGS, CLASSES):
        emitted = emit(group, size, tokens, room, resources, facts)
        norm = 0.0
        for at in range(emitted):
            counts[room.terms.bucket[at]] += 1 if counts[room.terms.bucket[at]] < MOST else 0
        for at in range(emitted):  # each place adds its share, so that a term's places add up to its square
            number = room.terms.bucket[at]
            value = frequency_weight(counts[number]) * HALF_SCALE * half(weights.rows[number, 0])
            norm += value * value / counts[number]
        for at in range(emitted):
            number, start, end = room.terms.bucket[at], room.terms.start[at], room.terms.end[at]
            if half(weights.rows[number, 0]) > 0:
                value = (
                    frequency_weight(counts[number])
                    * HALF_SCALE
                    * half(weights.rows[number, 0])
                    / counts[number]
                    / math.sqrt(norm)
                )
                value *= weights.scale[group] * HALF_SCALE / (end - start)
                for label in range(labels):
                    share = value * half(weights.rows[number, 1 + label])
                    for place in range(start, end):
                        pull[room.chars.origin[place], label] += share
        for at in range(emitted):
            counts[room.terms.bucket[at]] = 0
    starts = np.empty(tokens + 1, np.int32)
    for token in range(tokens):
        starts[token] = room.chars.origin[room.tokens.starts[token]]
    starts[tokens] = raw.size
    held(arena)
    return pull, starts
