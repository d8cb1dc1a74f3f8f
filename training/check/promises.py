"""What the corpus promises, each with its figure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.seeds.seed import Problem, SeedPage
from training.check.duplicates import Pair
from training.check.folding import grams
from training.check.folds import Parting
from training.check.sharing import Sharing

MOST_PAIRS = 0.005
FEWEST_DISTINCT = 0.80


@dataclass(frozen=True)
class Promise:
    """Something that must hold. figure : what was counted. limit : what it must be."""

    name: str
    holds: bool
    figure: str
    limit: str


@dataclass(frozen=True)
class Grams:
    """Character 5-grams of the written sections, counted within each folded section.

    distinct : different ones. every : all there are, repeats included.
    """

    distinct: int
    every: int

    @property
    def share(self) -> float:
        """Distinct 5-grams / all 5-grams; 1 where there are none."""
        return self.distinct / self.every if self.every else 1.0


def grams_of(pages: Iterable[SeedPage]) -> Grams:
    """Count the 5-grams of all written sections."""
    seen: set[str] = set()
    every = 0
    for page in pages:
        for seed in page.seeds:
            found = grams(seed.text)
            every += len(found)
            seen.update(found)
    return Grams(len(seen), every)


def on_problems(problems: Sequence[Problem]) -> Promise:
    """A training would refuse none of the seeds."""
    return Promise("every seed can be trained on", not problems, f"{len(problems)} refused", "none")


def on_pairs(pairs: Sequence[Pair], written: int) -> Promise:
    """Few of the written sections repeat another."""
    share = len(pairs) / written if written else 0.0
    figure = f"{len(pairs)} pairs in {written} written sections, {share:.2%}"
    limit = f"under {MOST_PAIRS:.1%} of the written sections"
    return Promise("near-duplicate pairs", share < MOST_PAIRS, figure, limit)


def on_folds(parting: Parting) -> Promise:
    """Folds part no page and no site."""
    pages, sites = len(parting.parted_pages), len(parting.parted_sites)
    figure = f"{pages} of {parting.pages} pages, {sites} of {parting.sites} sites"
    return Promise("no page and no site in two folds", not pages + sites, figure, "none")


def on_grams(grams: Grams) -> Promise:
    """The written sections say different things."""
    figure = f"{grams.distinct} of {grams.every}, {grams.share:.3f}"
    limit = f"at least {FEWEST_DISTINCT:.2f} of all in the written sections"
    return Promise("distinct character 5-grams", grams.share >= FEWEST_DISTINCT, figure, limit)


def on_sharing(sharing: Sharing) -> Promise:
    """The written seeds share no sentence with other text."""
    figure = (
        f"{len(sharing.shared)} shared, of {sharing.sentences} sentences in the seeds "
        f"and {sharing.other_sentences} in {sharing.files} files"
    )
    return Promise("no sentence shared with other text", not sharing.shared, figure, "none but stock lines")
