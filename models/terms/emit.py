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
from models.memory import array_at
from models.terms.characters import Characters
from models.terms.facts import FAMILY, SCALES, STEPS, take_facts
from models.terms.fold import CharType
from models.terms.resources import Resources
from models.terms.segment import SINGLE, Tokens
from models.terms.trie import DIRECT, Trie, first_place, goes_on, prefetch_pair, step, value_at

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
SEED = np.uint64(0x9E3779B97F4A7C15)
MIX = np.uint64(0xBF58476D1CE4E5B9)
FOLD = np.uint64(32)


class Terms(NamedTuple):
    """Room for one section's terms: buckets, and where each was found in the folded text. Lengths are bounds."""

    bucket: NDArray[np.uint32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


TERM_BYTES = 12
"""Bytes of a `Terms` for each term."""


@part
def terms_in(room: int, most: int) -> Terms:
    """Arrays for so many terms; `room` is their address."""
    return Terms(
        array_at(room, most, np.uint32),
        array_at(room + 4 * most, most, np.int32),
        array_at(room + 8 * most, most, np.int32),
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
    terms.bucket[count], terms.start[count], terms.end[count] = bucket, start, end
    return count + 1


@part
def hash_tokens(chars: Characters, tokens: Tokens, count: int, hashes: NDArray[np.uint64]) -> None:
    """Hash each token's characters; white space gets 0 and takes no part in terms."""
    for token in range(count):
        first = tokens.starts[token]
        hashed = SEED
        for at in range(first, tokens.starts[token + 1]):
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
        start, char, kind = at, np.uint64(chars.lower[at]), chars.kinds[at]
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
def find_begins(trie: Trie, codes: NDArray[np.uint32], begins: NDArray[np.int32]) -> int:
    """Find without a branch where words may begin, at a quarter of all characters. Returns at how many."""
    count, last = 0, codes.size - 1
    for at in range(codes.size):
        code = codes[at]
        alone = trie.singles[code] != 0 if code < DIRECT else True
        pair = prefetch_pair(trie, codes, at) if at < last else 0
        begins[count] = at
        count += alone | (pair != 0)
    return count


@part
def emit_classes(
    chars: Characters,
    size: int,
    begins: NDArray[np.int32],
    resources: Resources,
    facts: NDArray[np.float32],
    terms: Terms,
) -> int:
    """Classes of the longest lexicon words, none overlapping; counts their characters towards the facts' families.

    begins : (characters,), room.
    """
    count, before = 0, 0
    trie, first, classes = resources.matches
    kinds, lower = chars.kinds[:size], chars.lower[:size]
    for walk in range(find_begins(trie, lower, begins)):
        at = begins[walk]
        if at < before:
            continue
        place = first_place(trie, np.uint64(lower[at]))
        end = ahead = at + 1
        entry = value_at(place) if not inside_word(kinds, at, ahead) else np.uint64(0)
        going = ahead < size
        while going:
            place = step(trie.edges, place, np.uint64(lower[ahead]))
            ahead += 1
            value = value_at(place)
            if value != 0 and not inside_word(kinds, at, ahead):
                end, entry = ahead, value
            going = goes_on(place) != 0 and ahead < size
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
    if word != SINGLE:
        tag = resources.lookup.tag[word]
        return hashed if resources.function[tag] else np.uint64(tag) + np.uint64(1)
    if kind == LATIN:
        return np.uint64(ENGLISH_TAG + 1)
    if kind == DIGIT:
        return np.uint64(NUMBER_TAG + 1)
    return hashed if kind != HAN else np.uint64(1)


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
        three = tag_symbol(kinds[start], tokens.words[token], hashes[token], resources)
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
        if facts[fact] > 0:
            height = min(STEPS - 1, int(facts[fact] * SCALES[fact]))
            count = put(terms, count, resources.bases[SHAPE] + fact * STEPS + height, 0, size)
    return count
