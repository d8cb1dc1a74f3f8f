"""From a folded section to its terms: five groups, each in bucket numbers of its own.

words    jieba's words and pairs of neighbouring words
chars    character 1- to 3-grams
classes  classes of the lexicon's words, longest match
tags     part-of-speech 1- to 3-grams; function words and marks stand for themselves
shape    the facts of facts.py, in steps

Words, characters and tags are hashed to buckets (feature hashing, Weinberger et al. 2009, without signs), so there is
no vocabulary to ship.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from models.compiled import part
from models.memory import array_at, prefetch
from models.terms.characters import Characters
from models.terms.facts import FAMILY, SCALES, STEPS, take_facts
from models.terms.fold import CharType
from models.terms.resources import Resources
from models.terms.segment import SINGLE, Tokens
from models.terms.trie import MISSING, NODE_SHIFT, Trie, first_place, goes_on, is_single, prefetch_pair, step, value_at

if TYPE_CHECKING:
    from numpy.typing import NDArray


WORDS, CHARS, TAGS, SHAPE, CLASSES = range(5)
GROUPS = ("words", "chars", "tags", "shape", "classes")
"""In the order of their buckets: the group that users enlarge is last."""

EMISSION = (WORDS, CHARS, TAGS, CLASSES, SHAPE)
"""In the order in which they are emitted: shape looks at what classes found."""

SPACE, NEWLINE, HAN, LATIN, DIGIT = (
    int(kind) for kind in (CharType.SPACE, CharType.NEWLINE, CharType.HAN, CharType.LATIN, CharType.DIGIT)
)
ENGLISH_TAG, NUMBER_TAG = 1, 2
KIND_SYMBOLS = np.array(
    [{HAN: 1, LATIN: ENGLISH_TAG + 1, DIGIT: NUMBER_TAG + 1}.get(kind, 0) for kind in CharType], np.uint64
)
"""What a token that is no word is in part-of-speech terms, by its first character; 0 where it stands for itself."""

SEED = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
FOLD = np.uint64(32)


class Terms(NamedTuple):
    """Room for one section's terms: buckets, and where each was found in the folded text. Lengths are bounds.

    counts : the counters of all buckets, which are asked for as soon as a bucket is known.
    """

    bucket: NDArray[np.uint32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    counts: NDArray[np.uint16]


TERM_BYTES = 12
"""Bytes of a `Terms` for each term."""


@part
def terms_in(room: int, most: int, counts: NDArray[np.uint16]) -> Terms:
    """Arrays for so many terms; `room` is their address."""
    return Terms(
        array_at(room, most, np.uint32),
        array_at(room + 4 * most, most, np.int32),
        array_at(room + 8 * most, most, np.int32),
        counts,
    )


@part
def mixed(seed: np.uint64, value: np.uint64) -> np.uint64:
    """Fold one more number into a hash (the finalizer of splitmix64, shortened)."""
    together = (seed ^ value) * MIX
    return together ^ (together >> FOLD)


@part
def bucket_of(hashed: np.uint64, bases: NDArray[np.int64], group: int) -> np.uint32:
    """The bucket of a hash among those of a group."""
    width = np.uint64(bases[group + 1] - bases[group])
    return np.uint32(np.uint64(bases[group]) + (((hashed >> FOLD) * width) >> FOLD))


@part
def put(terms: Terms, count: int, bucket: int, start: int, end: int) -> int:
    """Add one term; returns the new count."""
    place = np.uint64(count)  # unsigned: numba asks of every other index whether it counts from the end
    prefetch(terms.counts, np.int64(bucket))
    terms.bucket[place], terms.start[place], terms.end[place] = bucket, start, end
    return count + 1


@part
def hash_tokens(chars: Characters, tokens: Tokens, count: int, hashes: NDArray[np.uint64]) -> None:
    """Hash each token's characters; white space gets 0 and takes no part in terms.

    One character or two, which no processor foretells, are hashed without a branch: behind the last there is room.
    """
    for token in range(count):
        first, end = np.uint32(tokens.starts[token]), np.uint32(tokens.starts[token + 1])
        one = mixed(SEED, np.uint64(chars.lower[first]))
        two = mixed(one, np.uint64(chars.lower[first + 1]))
        hashed = two if end > first + 1 else one
        for at in range(first + 2, end):
            hashed = mixed(hashed, np.uint64(chars.lower[at]))
        hashes[token] = np.uint64(0) if chars.kinds[first] in (SPACE, NEWLINE) else hashed


@part
def emit_words(
    starts: NDArray[np.int32],
    tokens: int,
    hashes: NDArray[np.uint64],
    resources: Resources,
    terms: Terms,
) -> int:
    """Words, and pairs of words with nothing but white space between them."""
    count, before = 0, -1
    for token in range(tokens):
        if hashes[token] == 0:
            continue
        start, end = starts[token], starts[token + 1]
        count = put(terms, count, bucket_of(mixed(SEED, hashes[token]), resources.bases, WORDS), start, end)
        if before >= 0:
            pair = mixed(mixed(SEED, hashes[before]), hashes[token])
            count = put(terms, count, bucket_of(pair, resources.bases, WORDS), starts[before], end)
        before = token
    return count


@part
def emit_chars(chars: Characters, size: int, resources: Resources, terms: Terms) -> int:
    """Character 1- to 3-grams; a stretch of white space counts as one space, or one line feed where it holds one."""
    count = 0
    one = two = three = np.uint64(0)
    first = second = third = 0
    filled, at = 0, 0
    while at < size:
        start, here = at, np.uint32(at)
        char, kind = np.uint64(chars.lower[here]), chars.kinds[here]
        at += 1
        if kind in (SPACE, NEWLINE):
            while at < size and chars.kinds[at] in (SPACE, NEWLINE):
                char = np.uint64(10) if chars.codes[at] == 10 else char  # noqa: PLR2004 - the line feed
                at += 1
        one, two, three = two, three, char
        first, second, third = second, third, start
        filled += 1
        hashed = mixed(SEED, three)
        count = put(terms, count, bucket_of(hashed, resources.bases, CHARS), third, at)
        if filled > 1:
            count = put(terms, count, bucket_of(mixed(hashed, two), resources.bases, CHARS), second, at)
        if filled > 2:  # noqa: PLR2004 - a trigram needs three
            hashed = mixed(mixed(hashed, two), one)
            count = put(terms, count, bucket_of(hashed, resources.bases, CHARS), first, at)
    return count


@part
def inside_word(kinds: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether `kinds[start:end]` begins or ends in the middle of a Latin word, as AI does in chair."""
    if start > 0 and kinds[start] == LATIN and kinds[start - 1] == LATIN:
        return True
    return end < kinds.size and kinds[end - 1] == LATIN and kinds[end] == LATIN


@part
def find_begins(trie: Trie, codes: NDArray[np.uint32], begins: NDArray[np.int32], second: NDArray[np.uint64]) -> int:
    """Find without a branch where words begin, or seem to. Returns at how many characters.

    begins : (characters,), is filled with where they stand.
    second : (characters,), with the trie's place after each of them and the next character.

    All pairs are asked about first; a quarter of them is looked up, of which a bit set had let pass a few too many.
    """
    size, asked, count = codes.size, 0, 0
    for at in range(size - 1):
        begins[asked] = at
        asked += np.int64(is_single(trie, codes[at]) | (prefetch_pair(trie, codes, at) != 0))
    for walk in range(asked):
        at = np.uint32(begins[walk])
        place = step(trie.edges, np.uint64(codes[at]) << NODE_SHIFT, np.uint64(codes[at + 1]))
        begins[count], second[count] = at, place
        count += np.int64(is_single(trie, codes[at]) | (place != MISSING))
    if size > 0:
        begins[count], second[count] = size - 1, MISSING
        count += np.int64(is_single(trie, codes[size - 1]))
    return count


@part
def emit_classes(
    chars: Characters,
    size: int,
    room: Tokens,
    resources: Resources,
    facts: NDArray[np.float32],
    terms: Terms,
) -> int:
    """Classes of the longest lexicon words, none overlapping; counts their characters towards the facts' families.

    room : its `begins` and `second` are needed no longer for what they held.
    """
    count, before = 0, 0
    trie, first, classes = resources.matches
    kinds, lower, begins, second = chars.kinds[:size], chars.lower[:size], room.begins, room.second
    for walk in range(find_begins(trie, lower, begins, second)):
        at = np.int64(begins[walk])
        if at < before:
            continue
        end, ahead, place = at + 1, at + 2, second[walk]
        entry = value_at(first_place(trie, np.uint64(lower[at]))) if not inside_word(kinds, at, end) else np.uint64(0)
        value = value_at(place)
        if value != 0 and not inside_word(kinds, at, ahead):
            end, entry = ahead, value
        while goes_on(place) != 0 and ahead < size:
            place = step(trie.edges, place, np.uint64(lower[ahead]))
            ahead += 1
            value = value_at(place)
            if value != 0 and not inside_word(kinds, at, ahead):
                end, entry = ahead, value
        for index in range(first[entry], first[entry + np.uint64(1)]):
            number = classes[index]
            count = put(terms, count, resources.bases[CLASSES] + number, at, end)
            if resources.family[number] >= 0:
                facts[FAMILY + resources.family[number]] += end - at
            if number == resources.marker_class:
                facts[facts.size - 1] += end - at
        before = end
    return count


@part
def tag_symbol(kind: int, word: int, hashed: np.uint64, resources: Resources) -> np.uint64:
    """What a token is in part-of-speech terms: its tag, or its own hash for function words and marks."""
    tag = resources.lookup.tag[np.uint32(word)]  # looked up for all: which token is a word is hard to foretell
    known = word != SINGLE
    symbol = np.uint64(tag) + np.uint64(1) if known else KIND_SYMBOLS[kind]
    itself = resources.function[tag] if known else symbol == 0
    return hashed if itself else symbol


@part
def emit_tags(
    kinds: NDArray[np.uint8],
    tokens: Tokens,
    tokens_found: int,
    hashes: NDArray[np.uint64],
    resources: Resources,
    terms: Terms,
) -> int:
    """Part-of-speech 1- to 3-grams."""
    count, filled = 0, 0
    one = two = np.uint64(0)
    first = second = 0
    for token in range(tokens_found):
        if hashes[token] == 0:
            continue
        start, end = tokens.starts[token], tokens.starts[token + 1]
        three = tag_symbol(kinds[np.uint32(start)], tokens.words[token], hashes[token], resources)
        filled += 1
        hashed = mixed(SEED, three)
        count = put(terms, count, bucket_of(hashed, resources.bases, TAGS), start, end)
        if filled > 1:
            hashed = mixed(hashed, two)
            count = put(terms, count, bucket_of(hashed, resources.bases, TAGS), second, end)
        if filled > 2:  # noqa: PLR2004 - a trigram needs three
            hashed = mixed(hashed, one)
            count = put(terms, count, bucket_of(hashed, resources.bases, TAGS), first, end)
        one, two, first, second = two, three, second, start
    return count


@part
def emit_shape(chars: Characters, size: int, resources: Resources, facts: NDArray[np.float32], terms: Terms) -> int:
    """Each fact in steps. A fact of 0 is no term."""
    take_facts(chars.codes[:size], chars.kinds[:size], facts)
    count = 0
    for fact in range(facts.size):
        height = min(STEPS - 1, int(facts[fact] * SCALES[fact]))
        put(terms, count, resources.bases[SHAPE] + fact * STEPS + height, 0, size)
        count += facts[fact] > 0
    return count
