"""Sections that repeat another: exact and near duplicates, and those of them whose labels differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from datasketch import MinHash, MinHashLSH

from models.seeds.folding import folded
from models.seeds.seed import Seed, SeedPage
from training.check.folding import grams

SIMILAR = 0.6
"""Sections whose sets of character 5-grams have a Jaccard similarity from here on are near duplicates."""

CANDIDATE = 0.4
"""Where the hashing looks: lower than SIMILAR, because it estimates, and each candidate is measured exactly."""

PERMUTATIONS = 128
MOST_PAIRS = 100_000
"""So many pairs are looked for: a corpus that has more is made of copies, and the rest would only take memory."""


@dataclass(frozen=True)
class Pair:
    """A section and an earlier one that it repeats.

    similarity : Jaccard of their sets of 5-grams; 1 where the folded texts are the same.
    across_folds : whether a model is tested on one and trained on the other.
    """

    place: str
    earlier: str
    label: str
    earlier_label: str
    similarity: float
    across_folds: bool
    text: str

    @property
    def conflicting(self) -> bool:
        """Whether the labels differ."""
        return self.label != self.earlier_label


@dataclass(frozen=True)
class _Entry:
    seed: Seed
    fold: int | None


def pairs_of(pages: Sequence[SeedPage], fold_of_page: Mapping[str, int]) -> list[Pair]:
    """Find the pairs, most alike first.

    Copies of one text count once each, paired with its first place; different texts are paired each with each.

    fold_of_page : page id → fold; a page that is not in it is in no fold.
    """
    entries = [_Entry(seed, fold_of_page.get(page.id)) for page in pages for seed in page.seeds if folded(seed.text)]
    found = list(islice(_pairs(entries), MOST_PAIRS))
    return sorted(found, key=lambda pair: -pair.similarity)


def _pairs(entries: Sequence[_Entry]) -> Iterator[Pair]:
    """Each pair as it is found."""
    lsh = MinHashLSH(threshold=CANDIDATE, num_perm=PERMUTATIONS)
    first: dict[str, int] = {}
    sets: dict[int, set[str]] = {}
    for number, entry in enumerate(entries):
        same = first.setdefault(folded(entry.seed.text), number)
        if same != number:
            yield _pair(entry, entries[same], 1.0)
            continue
        sets[number] = set(grams(entry.seed.text))
        sketch = _sketch(sets[number])
        for other in sorted(lsh.query(sketch)):
            similarity = jaccard(sets[number], sets[other])
            if similarity >= SIMILAR:
                yield _pair(entry, entries[other], similarity)
        lsh.insert(number, sketch)


def _sketch(shingles: set[str]) -> MinHash:
    """The set's MinHash."""
    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(shingles)])
    return sketch


def jaccard(one: set[str], other: set[str]) -> float:
    """How much of two sets is in both, 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _pair(entry: _Entry, earlier: _Entry, similarity: float) -> Pair:
    """Two sections as a pair."""
    parted = entry.fold is not None and earlier.fold is not None and entry.fold != earlier.fold
    one, other = entry.seed, earlier.seed
    return Pair(one.place, other.place, one.label, other.label, round(similarity, 3), parted, one.text)
