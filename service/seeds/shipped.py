"""What the shipped seeds say of a text, so that a user's seed is held against them, too."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.seeds import SHIPPED_SEEDS
from models.seeds.folding import folded
from models.seeds.seed_pages import read_seed_pages


@dataclass(frozen=True)
class Shipped:
    """The shipped written seeds.

    labels : digest of a text → its labels, each with its place. pages : their names. units : see `unit_of`.
    """

    labels: dict[str, dict[str, str]]
    pages: frozenset[str]
    units: frozenset[str]


def digest_of(text: str) -> str:
    """What tells a text from others: what differs only in white space, width or case is the same."""
    return hashlib.sha256(folded(text).encode("utf-8", "surrogatepass")).hexdigest()


def unit_of(sections: Iterable[tuple[str, str]]) -> str:
    """What tells the content of a page from that of others. sections : (digest, label), in order."""
    return hashlib.sha256("\n".join(f"{label} {digest}" for digest, label in sections).encode()).hexdigest()


@lru_cache(maxsize=2)
def shipped_seeds(folder: Path = SHIPPED_SEEDS) -> Shipped:
    """The written seeds in a folder; none where there is no such folder. Extracted ones have no text to compare."""
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    pages, units = set(), set()
    for file in sorted(folder.glob("*.txt")):
        with file.open(encoding="utf-8", newline="") as lines:
            for page in read_seed_pages(lines, file.name).pages:
                sections = [(digest_of(seed.text), seed.label) for seed in page.seeds]
                for (digest, label), seed in zip(sections, page.seeds, strict=True):
                    labels[digest].setdefault(label, seed.place)
                pages.add(page.id)
                units.add(unit_of(sections))
    return Shipped(dict(labels), frozenset(pages), frozenset(units))
