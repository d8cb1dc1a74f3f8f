"""Room for one section at a time on its way from text to counted terms, and the steps of that way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import making_part, part
from models.memory import held, lent, prefetch
from models.terms.characters import Characters, fold_text
from models.terms.emit import (
    CHARS,
    CLASSES,
    TAGS,
    WORDS,
    Terms,
    emit_chars,
    emit_classes,
    emit_shape,
    emit_tags,
    emit_words,
    hash_tokens,
)
from models.terms.facts import FACTS
from models.terms.resources import Resources
from models.terms.segment import Tokens, room_for_tokens, segment

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 65535
"""A term is counted up to here."""

AHEAD = 32
"""Counters and weights are asked for so many terms before their turn."""

FACT_COUNT = len(FACTS)


class Prepared(NamedTuple):
    """Room for one section on its way: folded characters, tokens and their hashes, terms."""

    chars: Characters
    tokens: Tokens
    hashes: NDArray[np.uint64]
    terms: Terms


@making_part
def room_for(longest: int) -> Prepared:
    """Room for sections of up to so many characters."""
    most = 3 * longest + FACT_COUNT
    return Prepared(
        Characters(
            np.empty(longest, np.uint32),
            np.empty(longest, np.uint8),
            np.empty(longest, np.uint32),
            np.empty(longest, np.int32),
        ),
        room_for_tokens(longest),
        np.empty(longest, np.uint64),
        Terms(np.empty(most, np.uint32), np.empty(most, np.int32), np.empty(most, np.int32)),
    )


@part
def lent_room(room: Prepared) -> Prepared:
    """The same room, lent by a kernel to its parts; `hold` it to the end."""
    chars, tokens, hashes, terms = room
    return Prepared(
        Characters(lent(chars.codes), lent(chars.kinds), lent(chars.lower), lent(chars.origin)),
        Tokens(
            lent(tokens.starts),
            lent(tokens.words),
            lent(tokens.cost),
            lent(tokens.ends),
            lent(tokens.best),
            lent(tokens.second),
            lent(tokens.begins),
        ),
        lent(hashes),
        Terms(lent(terms.bucket), lent(terms.start), lent(terms.end)),
    )


@part
def hold(room: Prepared) -> None:
    """Hold room that was lent up to here."""
    chars, tokens, hashes, terms = room
    for array in (chars.codes, chars.lower, terms.bucket):
        held(array)
    for array in (
        chars.origin,
        tokens.begins,
        tokens.starts,
        tokens.words,
        tokens.ends,
        tokens.best,
        terms.start,
        terms.end,
    ):
        held(array)
    for array in (tokens.second, hashes):
        held(array)
    held(chars.kinds)
    held(tokens.cost)


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
    size: int,
    tokens: int,
    room: Prepared,
    resources: Resources,
    facts: NDArray[np.float32],
) -> int:
    """Fill `room.terms` with one group's terms; returns how many. Classes come before shape, which uses their facts."""
    if group == WORDS:
        return emit_words(room.tokens.starts, tokens, room.hashes, resources, room.terms)
    if group == CHARS:
        return emit_chars(room.chars, size, resources, room.terms)
    if group == CLASSES:
        return emit_classes(room.chars, size, room.tokens.begins, resources, facts, room.terms)
    if group == TAGS:
        return emit_tags(room.chars.kinds, room.tokens, tokens, room.hashes, resources, room.terms)
    return emit_shape(room.chars, size, resources, facts, room.terms)


@part
def tally(bucket: NDArray[np.uint32], size: int, counts: NDArray[np.uint16]) -> int:
    """Count buckets: afterwards `bucket` begins with the distinct ones. Returns their number."""
    distinct = 0
    for at in range(size):
        prefetch(counts, bucket[min(at + AHEAD, size - 1)])
        number = bucket[at]
        seen = counts[number]
        bucket[distinct] = number  # without a branch: whether a term is new is hard to foretell
        distinct += seen == 0
        counts[number] = seen + (seen < MOST)
    return distinct


@part
def prepare(raw: NDArray[np.uint32], resources: Resources, room: Prepared) -> tuple[int, int]:
    """Fold and segment a section. Returns its folded length and its number of tokens."""
    size = fold_text(raw, resources.chars, room.chars)
    tokens = segment(room.chars.codes[:size], room.chars.kinds[:size], resources.lookup, room.tokens)
    hash_tokens(room.chars, room.tokens, tokens, room.hashes)
    return size, tokens
