"""Which seeds are frozen: a part that training never sees, so that versions can be compared on it.

What is never parted is a unit: a written page, the real pages of one site, or a text that came without a page. A hash
of the unit's name with a salt says whether it is frozen. So new seeds join the frozen ones without a list to keep, and
no seed changes sides when others come or go. Another salt is another frozen set, and gets another name.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.seeds.folding import folded
from training.corpus import Corpus
from training.dataset import Dataset

FROZEN = "frozen-1"
"""The salt: the frozen set's name."""

SHARES = {"page": 0.12, "text": 0.12, "site": 0.05}
"""How much of each kind of unit is frozen. Of sites less: one has many pages, and the context lives on them."""

FEWEST_SECTIONS = 60
FEWEST_UNITS = 15
"""A label with fewer sections, or in fewer units, is learned whole: it has none to spare."""


def is_frozen(unit: str, salt: str = FROZEN) -> bool:
    """Whether a unit is frozen.

    >>> is_frozen("page:a-001"), is_frozen("page:a-005")
    (False, False)
    """
    digest = hashlib.sha256(f"{salt}\0{unit}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < SHARES[unit.partition(":")[0]] * 2**64


def units_of(corpus: Corpus, dataset: Dataset) -> list[str]:
    """The name of each page's unit, in the dataset's order: its kind, a colon, and what tells it from others.

    A site is named by the smallest hash of its pages' terms, which stays when other sites come into the file.
    """
    written = [
        f"page:{page.id}" if len(page.seeds) > 1 else f"text:{folded(page.seeds[0].text)}" for page in corpus.pages
    ]
    groups = dataset.groups[len(written) :]
    contents = list(_contents(dataset))[len(written) :]
    by_site: dict[str, list[str]] = defaultdict(list)
    for group, content in zip(groups, contents, strict=True):
        by_site[group].append(content)
    return [*written, *(f"site:{min(by_site[group])}" for group in groups)]


def digest_of(unit: str) -> str:
    """A short name for a unit, by which a version tells what it learned from."""
    return hashlib.sha256(unit.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def frozen_sections(dataset: Dataset, units: list[str], salt: str | None) -> NDArray[np.bool_]:
    """Which sections are frozen, bool (sections,).

    salt : None freezes nothing.
    """
    unit_of = np.unique(units, return_inverse=True)[1][dataset.page_of]
    spare = ~np.isin(unit_of, unit_of[_rare(dataset, unit_of)])
    chosen = np.array([salt is not None and is_frozen(unit, salt) for unit in units], bool)
    return np.asarray(chosen[dataset.page_of] & spare)


def _rare(dataset: Dataset, unit_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Sections of labels that have none to spare."""
    rare = np.zeros(len(dataset.target), bool)
    for label in np.unique(dataset.target):
        sections = dataset.target == label
        rare |= sections & (sections.sum() < FEWEST_SECTIONS or len(np.unique(unit_of[sections])) < FEWEST_UNITS)
    return rare


def _contents(dataset: Dataset) -> Iterator[str]:
    """A hash over the counted terms of each page."""
    starts = dataset.counts.indptr[dataset.pages]
    for start, end in pairwise(starts.tolist()):
        terms = dataset.counts.indices[start:end].tobytes() + dataset.counts.data[start:end].tobytes()
        yield hashlib.sha256(terms).hexdigest()
