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
from models.terms.facts import FAMILY, SCALES, STEPS, take_facts
from models.terms.fold import CharType
from models.terms.segment import SINGLE, type_of
from models.terms.trie import MISSING, ROOT, step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.terms.dictionary import Lookup
    from models.terms.lexicon import Matches

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


class Resources(NamedTuple):
    """What turns text into terms.

    bases : int64 (len(GROUPS) + 1,), where each group's buckets begin, and their number.
    family : int32 (classes,), the fact that a lexicon class counts towards, as an offset from facts.FAMILY, or -1.
    function : bool (tags,), whether words with this tag stand for themselves.
    """

    fold: NDArray[np.uint32]
    types: NDArray[np.uint8]
    lower: NDArray[np.uint32]
    lookup: Lookup
    matches: Matches
    family: NDArray[np.int32]
    marker_class: int
    function: NDArray[np.bool_]
    bases: NDArray[np.int64]


class Terms(NamedTuple):
    """Room for one section's terms: buckets, and where each was found in the folded text. Lengths are bounds."""

    bucket: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


@part
def mixed(seed: np.uint64, value: np.uint64) -> np.uint64:
    """Fold one more number into a hash (the finalizer of splitmix64, shortened)."""
    together = (seed ^ value) * MIX
    return together ^ (together >> FOLD)


@part
def bucket_of(hashed: np.uint64, bases: NDArray[np.int64], group: int) -> np.int32:
    """The bucket of a hash among those of a group."""
    width = np.uint64(bases[group + 1] - bases[group])
    return np.int32(bases[group] + np.int64(((hashed >> FOLD) * width) >> FOLD))


@part
def put(terms: Terms, count: int, bucket: int, start: int, end: int) -> int:
    """Add one term; returns the new count."""
    terms.bucket[count], terms.start[count], terms.end[count] = bucket, start, end
    return count + 1


@part
def fold_text(
    raw: NDArray[np.uint32], resources: Resources, codes: NDArray[np.uint32], origin: NDArray[np.int32]
) -> int:
    """Fold a text into `codes`, and where each character came from into `origin`. Returns the folded length."""
    count = 0
    for at in range(raw.size):
        code = raw[at]
        if code < resources.fold.size:
            code = resources.fold[code]
        if code != 0:
            codes[count], origin[count] = code, at
            count += 1
    return count


@part
def lowered(code: int, lower: NDArray[np.uint32]) -> np.uint64:
    """The character that is hashed."""
    return np.uint64(lower[code]) if code < lower.size else np.uint64(code)


@part
def hash_tokens(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int32],
    tokens: int,
    resources: Resources,
    hashes: NDArray[np.uint64],
) -> None:
    """Hash each token's characters; white space gets 0 and takes no part in terms."""
    for token in range(tokens):
        hashed = SEED
        for at in range(starts[token], starts[token + 1]):
            hashed = mixed(hashed, lowered(codes[at], resources.lower))
        kind = type_of(resources.types, codes[starts[token]])
        hashes[token] = np.uint64(0) if kind in (SPACE, NEWLINE) else hashed


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
def emit_chars(codes: NDArray[np.uint32], resources: Resources, terms: Terms) -> int:
    """Character 1- to 3-grams; a stretch of white space counts as one space, or one line feed where it holds one."""
    count = 0
    one = two = three = np.uint64(0)
    first = second = third = 0
    filled, at, size = 0, 0, codes.size
    while at < size:
        start, char = at, lowered(codes[at], resources.lower)
        at += 1
        if type_of(resources.types, codes[start]) in (SPACE, NEWLINE):
            while at < size and type_of(resources.types, codes[at]) in (SPACE, NEWLINE):
                char = np.uint64(10) if codes[at] == 10 else char  # noqa: PLR2004 - the line feed
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
def inside_word(codes: NDArray[np.uint32], types: NDArray[np.uint8], start: int, end: int) -> bool:
    """Whether `codes[start:end]` begins or ends in the middle of a Latin word, as AI does in chair."""
    if start > 0 and type_of(types, codes[start]) == LATIN and type_of(types, codes[start - 1]) == LATIN:
        return True
    return end < codes.size and type_of(types, codes[end - 1]) == LATIN and type_of(types, codes[end]) == LATIN


@part
def emit_classes(
    codes: NDArray[np.uint32],
    resources: Resources,
    facts: NDArray[np.float32],
    terms: Terms,
) -> int:
    """Classes of the longest lexicon words, none overlapping; counts their characters towards the facts' families."""
    count, at = 0, 0
    trie, first, classes = resources.matches
    while at < codes.size:
        node, end, entry, ahead = ROOT, at, ROOT, at
        while ahead < codes.size:
            node = step(trie, node, np.int64(lowered(codes[ahead], resources.lower)))
            if node == MISSING:
                break
            ahead += 1
            if first[node + 1] > first[node] and not inside_word(codes, resources.types, at, ahead):
                end, entry = ahead, node
        for place in range(first[entry], first[entry + 1]):
            number = classes[place]
            count = put(terms, count, np.int32(resources.bases[CLASSES] + number), at, end)
            if resources.family[number] >= 0:
                facts[FAMILY + resources.family[number]] += end - at
            if number == resources.marker_class:
                facts[facts.size - 1] += end - at
        at = max(end, at + 1)
    return count


@part
def tag_symbol(
    codes: NDArray[np.uint32],
    start: int,
    node: int,
    hashed: np.uint64,
    resources: Resources,
) -> np.uint64:
    """What a token is in part-of-speech terms: its tag, or its own hash for function words and marks."""
    if node != SINGLE:
        tag = resources.lookup.tag[node]
        return hashed if resources.function[tag] else np.uint64(tag + 1)
    kind = type_of(resources.types, codes[start])
    if kind == LATIN:
        return np.uint64(ENGLISH_TAG + 1)
    if kind == DIGIT:
        return np.uint64(NUMBER_TAG + 1)
    return hashed if kind != HAN else np.uint64(1)


@part
def emit_tags(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int32],
    nodes: NDArray[np.int32],
    tokens: int,
    hashes: NDArray[np.uint64],
    resources: Resources,
    terms: Terms,
) -> int:
    """Part-of-speech 1- to 3-grams."""
    count, filled = 0, 0
    one = two = np.uint64(0)
    first = second = 0
    for token in range(tokens):
        if hashes[token] == 0:
            continue
        start, end = starts[token], starts[token + 1]
        three = tag_symbol(codes, start, nodes[token], hashes[token], resources)
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
def emit_shape(codes: NDArray[np.uint32], resources: Resources, facts: NDArray[np.float32], terms: Terms) -> int:
    """Each fact in steps. A fact of 0 is no term."""
    take_facts(codes, resources.types, facts)
    count = 0
    for fact in range(facts.size):
        if facts[fact] > 0:
            height = min(STEPS - 1, int(facts[fact] * SCALES[fact]))
            bucket = np.int32(resources.bases[SHAPE] + fact * STEPS + height)
            count = put(terms, count, bucket, 0, codes.size)
    return count
