"""Whether folds are kept apart: no page and no site may be trained on and tested on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from training.check.material import Material


@dataclass(frozen=True)
class Parting:
    """How pages and their sites lie in the folds.

    sections : of each fold. parted_pages, parted_sites : names that stand in more than one.
    """

    sections: list[int]
    pages: int
    sites: int
    parted_pages: list[str]
    parted_sites: list[str]


def parting_of(material: Material) -> Parting:
    """Look in which folds every page and every site has sections."""
    folds, page_of = material.fold.tolist(), material.dataset.page_of.tolist()
    names, groups = material.page_names(), material.dataset.groups
    pages, sites = [names[page] for page in page_of], [groups[page] for page in page_of]
    sizes = [int((material.fold == number).sum()) for number in range(material.config.folds)]
    return Parting(sizes, len(set(pages)), len(set(sites)), in_two(pages, folds), in_two(sites, folds))


def in_two(names: Sequence[str], folds: Sequence[int]) -> list[str]:
    """The names that stand in more than one fold, sorted. names, folds : of each section."""
    seen: dict[str, set[int]] = defaultdict(set)
    for name, fold in zip(names, folds, strict=True):
        seen[name].add(fold)
    return sorted(name for name, where in seen.items() if len(where) > 1)
