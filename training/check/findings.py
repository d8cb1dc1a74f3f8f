"""The whole check, in one sitting: read, count, compare, and where asked fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.seeds.seed import LABELS, Problem
from training.check.counting import Counts, counts_of
from training.check.curve import Point, curve_of
from training.check.disagreement import Disagreement, disagreements_of
from training.check.duplicates import Pair, pairs_of
from training.check.folds import Parting, parting_of
from training.check.material import Material, read_material
from training.check.promises import Grams, Promise, grams_of, on_folds, on_grams, on_pairs, on_problems, on_sharing
from training.check.sharing import Sharing, sharing_of
from training.check.words import Words, words_of
from training.checks import too_few
from training.corpus import FEWEST_LABELS
from training.fit import fit


@dataclass(frozen=True)
class Plan:
    """What is to be checked.

    paths : files and folders of seeds. labels : those that seeds may have, `none` last.
    against : files and folders of text that must share no sentence with the seeds.
    lexicon : files of words beside the shipped lexicon. fits : whether models are fitted.
    """

    paths: tuple[Path, ...]
    labels: tuple[str, ...] = LABELS
    against: tuple[Path, ...] = ()
    lexicon: tuple[Path, ...] = ()
    fits: bool = True


@dataclass(frozen=True)
class Judged:
    """What models say of the seeds. unfit : why none was fitted, or None."""

    unfit: str | None
    disagreements: list[Disagreement]
    curve: list[Point]


@dataclass(frozen=True)
class Findings:
    """Everything that was found. sharing, judged : None where that was not asked for."""

    labels: tuple[str, ...]
    promises: list[Promise]
    problems: tuple[Problem, ...]
    counts: list[Counts]
    grams: Grams
    parting: Parting
    pairs: list[Pair]
    conflicts: list[Pair]
    sharing: Sharing | None
    words: Words
    judged: Judged | None

    @property
    def holds(self) -> bool:
        """Whether every promise holds."""
        return all(promise.holds for promise in self.promises)

    def described(self) -> dict[str, Any]:
        """Everything as JSON."""
        grams = asdict(self.grams) | {"share": round(self.grams.share, 4)}
        return asdict(self) | {"holds": self.holds, "grams": grams}


def check(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Findings:
    """Check seeds.

    say : told what is being done.

    Raises
    ------
    SeedsError
        Where no seed can be used. FileNotFoundError for a path that is not there, NothingToCompareError for a folder
        without text, LexiconError for a line of a lexicon that cannot be read.
    """
    say("reading and counting seeds")
    material = read_material(plan.paths, plan.labels)
    words = words_of(material.pages, plan.lexicon)
    sharing = sharing_of(material.pages, plan.against) if plan.against else None
    say("looking for duplicates")
    pairs = pairs_of(material.pages, material.fold_of_page())
    grams, parting = grams_of(material.pages), parting_of(material)
    written = sum(len(page.seeds) for page in material.pages)
    promises = [on_problems(material.problems), on_pairs(pairs, written), on_folds(parting), on_grams(grams)]
    return Findings(
        material.corpus.labels,
        [*promises, on_sharing(sharing)] if sharing else promises,
        material.problems,
        counts_of(material.pages, material.extracted),
        grams,
        parting,
        pairs,
        [pair for pair in pairs if pair.conflicting],
        sharing,
        words,
        judged_of(material, say) if plan.fits else None,
    )


def judged_of(material: Material, say: Callable[[str], None] = lambda _: None) -> Judged:
    """Fit models on parts of the corpus and ask them about the rest."""
    unfit = why_unfit(material)
    if unfit:
        return Judged(unfit, [], [])
    fitted = fit(material.dataset, material.corpus.labels, material.extractor, material.config, say)
    say("drawing the learning curve")
    return Judged(None, disagreements_of(material, fitted.context_unseen), curve_of(material))


def why_unfit(material: Material) -> str | None:
    """Why no model can be fitted and tested on these seeds; None where one can."""
    corpus, dataset = material.corpus, material.dataset
    lacking = too_few(corpus.sections(), corpus.on_pages(), corpus.labels)
    if lacking:
        return "; ".join(problem.reason for problem in lacking)
    if len(corpus.labels) < FEWEST_LABELS:
        return f"the seeds have the labels {corpus.labels!r}; it takes two and 'none'"
    if np.diff(dataset.pages).max() == 1:
        return "every section stands on a page of its own; give sections of one page the same page"
    alone = [name for number, name in enumerate(corpus.labels) if len(_folds(material, number)) == 1]
    return f"all seeds of {alone[0]!r} are on one site; add some of another" if alone else None


def _folds(material: Material, label: int) -> list[int]:
    """The folds that a label's sections lie in."""
    return [int(fold) for fold in np.unique(material.fold[material.dataset.target == label])]
