"""How many sections there are, by everything that tells them apart."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.seeds.seed import Seed, SeedPage
from models.splitting import kind_of
from models.terms.facts import LENGTH
from training.check.groups import register_group, subject_group, years_group
from training.extracted import Extracted

LENGTHS = (0, 10, 20, 50, 100, 200, 400, 800)
"""Where the steps of length begin, in characters."""


@dataclass(frozen=True)
class Counts:
    """Sections counted by label within groups.

    by : what the groups are. groups : group → label → sections.
    """

    by: str
    groups: dict[str, dict[str, int]]


def _pairs(pages: Iterable[SeedPage], group: Callable[[SeedPage, Seed], str]) -> Iterator[tuple[str, str]]:
    """The group and the label of each written section."""
    return ((group(page, seed), seed.label) for page in pages for seed in page.seeds)


def length_group(length: int) -> str:
    """The step of length that so many characters fall in."""
    step = int(np.searchsorted(LENGTHS, length, side="right")) - 1
    last = step == len(LENGTHS) - 1
    return f"{LENGTHS[step]}+" if last else f"{LENGTHS[step]}–{LENGTHS[step + 1] - 1}"


def _extracted_lengths(part: Extracted) -> list[str]:
    """The steps of length of extracted sections, from the fact log(1 + length)."""
    lengths = np.rint(np.expm1(part.facts[:, LENGTH].astype(np.float64))).astype(int)
    return [length_group(length) for length in lengths.tolist()]


def _counted(by: str, pairs: Iterable[tuple[str, str]], order: Callable[[tuple[str, int]], object]) -> Counts:
    """Count pairs of group and label; groups stand in the order of a key over (group, sections)."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for group, label in pairs:
        groups[group][label] += 1
    ordered = sorted(groups, key=lambda name: order((name, groups[name].total())))  # type: ignore[arg-type,return-value]
    return Counts(by, {name: dict(groups[name]) for name in ordered})


def _largest_first(group: tuple[str, int]) -> tuple[int, str]:
    return -group[1], group[0]


def _by_name(group: tuple[str, int]) -> str:
    return group[0]


def _shortest_first(group: tuple[str, int]) -> int:
    return int(group[0].rstrip("+").partition("–")[0])


def counts_of(pages: Sequence[SeedPage], extracted: Sequence[tuple[str, Extracted]]) -> list[Counts]:
    """Count written pages and named extracted parts. Subject, register, years and layout are known of written ones."""
    forms = [
        *_pairs(pages, lambda *_: "written"),
        *(("extracted", label) for _, part in extracted for label in part.labels),
    ]
    files = [
        *_pairs(pages, lambda _, seed: seed.place.rpartition(":")[0]),
        *((name, label) for name, part in extracted for label in part.labels),
    ]
    lengths = [
        *_pairs(pages, lambda _, seed: length_group(len(seed.text))),
        *(pair for _, part in extracted for pair in zip(_extracted_lengths(part), part.labels, strict=True)),
    ]
    return [
        _counted("form", forms, _largest_first),
        _counted("file", files, _by_name),
        _counted("length", lengths, _shortest_first),
        _counted("layout", _pairs(pages, lambda _, seed: kind_of(seed.text).value), _largest_first),
        _counted("register", _pairs(pages, lambda page, _: register_group(page.register)), _largest_first),
        _counted("years", _pairs(pages, lambda page, _: years_group(page.register)), _by_name),
        _counted("subject", _pairs(pages, lambda page, _: subject_group(page.subject)), _largest_first),
    ]
