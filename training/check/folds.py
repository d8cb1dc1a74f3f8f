"""Whether folds are kept apart: no page and no site may be trained on and tested on."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from training.check.material import Material
from training.dataset import Dataset


@dataclass(frozen=True)
class Parting:
    """How pages and their sites lie in the folds.

    sections : of each fold. pages, sites : how many there are; pages whose counted terms are the same are one page.
    parted_pages, parted_sites : names of those that stand in more than one fold.
    """

    sections: list[int]
    pages: int
    sites: int
    parted_pages: list[str]
    parted_sites: list[str]


def parting_of(material: Material) -> Parting:
    """Look in which folds every page and every site has sections."""
    dataset, folds = material.dataset, material.fold.tolist()
    page_of, names = dataset.page_of.tolist(), material.page_names()
    first: dict[str, str] = {}
    contents = [first.setdefault(content, name) for content, name in zip(_contents(dataset), names, strict=True)]
    sizes = [int((material.fold == number).sum()) for number in range(material.config.folds)]
    return Parting(
        sizes,
        len(first),
        len(set(dataset.groups)),
        in_two([contents[page] for page in page_of], folds),
        in_two([dataset.groups[page] for page in page_of], folds),
    )


def _contents(dataset: Dataset) -> Iterator[str]:
    """A hash over the counted terms of each page: copies of a page have the same, whatever they are called."""
    starts = dataset.counts.indptr[dataset.pages]
    for start, end in pairwise(starts.tolist()):
        terms = dataset.counts.indices[start:end].tobytes() + dataset.counts.data[start:end].tobytes()
        yield hashlib.sha256(terms).hexdigest()


def in_two(names: Sequence[str], folds: Sequence[int]) -> list[str]:
    """The names that stand in more than one fold, sorted. names, folds : of each section."""
    seen: dict[str, set[int]] = defaultdict(set)
    for name, fold in zip(names, folds, strict=True):
        seen[name].add(fold)
    return sorted(name for name, where in seen.items() if len(where) > 1)
