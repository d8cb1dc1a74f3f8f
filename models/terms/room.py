"""Room for one section at a time on its way from text to counted terms, and the steps of that way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import part
from models.memory import address_of, array_at, prefetch
from models.terms.characters import CHARACTER_BYTES, Characters, characters_in, fold_text
from models.terms.emit import (
    CHARS,
    CLASSES,
    TAGS,
    TERM_BYTES,
    WORDS,
    Terms,
    emit_chars,
    emit_classes,
    emit_shape,
    emit_tags,
    emit_words,
    hash_tokens,
    terms_in,
)
from models.terms.facts import FACTS
from models.terms.resources import Resources
from models.terms.segment import TOKEN_BYTES, Tokens, even_size, segment, tokens_in

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


@part
def bytes_for(longest: int) -> int:
    """How much room sections of up to so many characters need."""
    return (8 + TOKEN_BYTES + CHARACTER_BYTES) * even_size(longest) + TERM_BYTES * most_terms(longest)


@part
def room_in(arena: NDArray[np.uint8], longest: int, counts: NDArray[np.uint16]) -> Prepared:
    """Room for sections of up to so many characters in `bytes_for` them; `arena` and `counts` are held to the last use.

    One array in the place of fifteen: to make those takes longer than to score a short text.
    """
    size, most, first = even_size(longest), most_terms(longest), address_of(arena)
    terms = first + (8 + TOKEN_BYTES) * size
    return Prepared(
        characters_in(terms + TERM_BYTES * most, size),
        tokens_in(first + 8 * size, size),
        array_at(first, size, np.uint64),
        terms_in(terms, most, counts),
    )


@part
def most_terms(longest: int) -> int:
    """The most terms that a group of such a section has: each character begins three at most."""
    return 3 * even_size(longest) + FACT_COUNT


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
        return emit_classes(room.chars, size, room.tokens, resources, facts, room.terms)
    if group == TAGS:
        return emit_tags(room.chars.kinds, room.tokens, tokens, room.hashes, resources, room.terms)
    return emit_shape(room.chars, size, resources, facts, room.terms)


@part
def tally(bucket: NDArray[np.uint32], size: int, counts: NDArray[np.uint16], rows: NDArray[np.int16] | None) -> int:
    """Count buckets: afterwards `bucket` begins with the distinct ones. Returns their number.

    rows : (buckets, width), those of the first AHEAD distinct buckets are asked for; whoever goes through the distinct
        buckets afterwards asks for the others.
    """
    distinct = 0
    for at in range(size):
        prefetch(counts, bucket[min(at + AHEAD, size - 1)])
        number = bucket[at]
        if rows is not None and distinct < AHEAD:
            prefetch_row(rows, np.int64(number))
        seen = counts[number]
        bucket[distinct] = number  # without a branch: whether a term is new is hard to foretell
        distinct += seen == 0
        counts[number] = seen + (seen < MOST)
    return distinct


@part
def prefetch_row(rows: NDArray[np.int16], row: int) -> None:
    """Ask for a row. One in seven of ten bytes lies across two lines of the cache."""
    width = rows.shape[1]
    prefetch(rows, row * width)
    prefetch(rows, row * width + width - 1)


@part
def prepare(raw: NDArray[np.uint32], resources: Resources, room: Prepared) -> tuple[int, int]:
    """Fold and segment a section. Returns its folded length and its number of tokens."""
    size = fold_text(raw, resources.chars, room.chars)
    tokens = segment(room.chars.codes[:size], room.chars.kinds[:size], resources.lookup, room.tokens)
    hash_tokens(room.chars, room.tokens, tokens, room.hashes)
    return size, tokens
