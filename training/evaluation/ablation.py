"""What each part is worth: the same training without it, measured on pages that were not trained on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.judging.context import context_rows
from models.seeds.labels import FEWEST_SECTIONS
from models.seeds.seed import Seed, SeedPage
from models.terms.emit import GROUPS
from models.terms.extractor import TermExtractor
from models.terms.facts import FACTS, FAMILY, STEPS
from training.config import TrainingConfig
from training.corpus import Corpus
from training.dataset import Dataset, dataset_of
from training.evaluation.answers import Answers, answers_of
from training.evaluation.figures import Figure, figures_of, leads_of
from training.evaluation.pages import Page, page_numbers, settled, target_of
from training.fit import Fitted, fit

FOLDS = 3
"""Fewer than in a training: there are a dozen of them to wait for."""

WRITTEN, EXTRACTED, BOTH = "written", "extracted", "both"


@dataclass(frozen=True)
class Variant:
    """A training with some parts only.

    groups : of terms. lexicon : whether its classes count, among the terms and among the facts. seeds : their form.
    """

    name: str
    groups: tuple[str, ...] = GROUPS
    lexicon: bool = True
    seeds: str = BOTH


WHOLE = Variant("all")
VARIANTS = (
    WHOLE,
    *(Variant(f"without {group}", tuple(other for other in GROUPS if other != group)) for group in GROUPS),
    *(Variant(f"{group} alone", (group,)) for group in GROUPS),
    Variant("lexicon off", lexicon=False),
    Variant("written seeds only", seeds=WRITTEN),
    Variant("extracted seeds only", seeds=EXTRACTED),
)


@dataclass(frozen=True)
class Row:
    """What a variant reaches.

    tested_on : seeds, or pages. judged : alone, or in_page.
    figures : by name. leads : how far they are above those of the whole.
    """

    variant: str
    tested_on: str
    judged: str
    figures: dict[str, Figure]
    leads: dict[str, Figure]


@dataclass(frozen=True)
class Material:
    """What is trained on, and the pages that are tested on besides the seeds, if any."""

    corpus: Corpus
    dataset: Dataset
    extractor: TermExtractor
    config: TrainingConfig
    pages: Sequence[Page] = ()


def material_of(
    corpus: Corpus,
    extractor: TermExtractor,
    pages: Sequence[Page] = (),
    config: TrainingConfig | None = None,
) -> Material:
    """Count the corpus' terms. config : its number of folds is not used."""
    dataset = dataset_of(corpus.pages, corpus.extracted, corpus.labels, extractor)
    return Material(corpus, dataset, extractor, replace(config or TrainingConfig(), folds=FOLDS), pages)


def ablate(
    material: Material, say: Callable[[str], None] = lambda _: None, variants: Sequence[Variant] = VARIANTS
) -> list[Row]:
    """Train and measure every variant that the corpus has the seeds for.

    say : told which variant is being trained. variants : the first is what the others are set against.
    """
    whole: dict[tuple[str, str], Answers] = {}
    rows = []
    for variant in variants:
        if not _trainable(material, variant):
            say(f"{variant.name}: left out, the corpus has too few such seeds of some label")
            continue
        say(f"training: {variant.name}")
        for key, answers in _answers(material, variant).items():
            against = whole.setdefault(key, answers)
            rows.append(Row(variant.name, *key, figures_of(answers), leads_of(answers, against)))
    return rows


def _trainable(material: Material, variant: Variant) -> bool:
    """Whether each label has enough seeds of the variant's form; `both` is not tried a second time as one form."""
    written, sections = material.dataset.written, len(material.dataset.target)
    if variant.seeds != BOTH and written in {0, sections}:
        return False
    target = _chosen(material.dataset, variant.seeds).target
    return bool((np.bincount(target, minlength=len(material.corpus.labels)) >= FEWEST_SECTIONS).all())


def _answers(material: Material, variant: Variant) -> dict[tuple[str, str], Answers]:
    """What models of the variant answer for pages that they did not see, by what is tested on and how it is judged."""
    labels, extractor = material.corpus.labels, material.extractor
    dataset = reduced(material.dataset, variant, extractor)
    chosen = _chosen(dataset, variant.seeds)
    fitted = fit(chosen, labels, extractor, material.config, lambda _: None)
    found = {}
    for kind, chances in _unseen(fitted, dataset, variant.seeds).items():
        found["seeds", kind] = answers_of(chances, dataset.target, dataset.page_of, labels, fitted.thresholds)
    if material.pages:
        tested = reduced(_dataset_of_pages(material), variant, extractor)
        rows, target = settled(material.pages), target_of(material.pages, labels)
        for kind, chances in zip(("alone", "in_page"), judged_by(fitted, tested), strict=True):
            answers = answers_of(chances, target, page_numbers(material.pages), labels, fitted.thresholds)
            found["pages", kind] = answers.of(rows)
    return found


def _unseen(fitted: Fitted, dataset: Dataset, seeds: str) -> dict[str, NDArray[np.float64]]:
    """Probabilities of all seeds: out of fold for those trained on, and of the whole model for those of the other form.

    Written seeds come first.
    """
    unseen = (fitted.alone_unseen, fitted.context_unseen)
    if seeds == BOTH:
        return dict(zip(("alone", "in_page"), unseen, strict=True))
    others = judged_by(fitted, _chosen(dataset, EXTRACTED if seeds == WRITTEN else WRITTEN))
    pairs = zip(unseen, others, strict=True)
    stacked = [np.vstack(pair if seeds == WRITTEN else pair[::-1]) for pair in pairs]
    return dict(zip(("alone", "in_page"), stacked, strict=True))


def judged_by(fitted: Fitted, dataset: Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Probabilities (sections, labels) of each section alone, and in its page."""
    alone = fitted.alone.probabilities(fitted.svc.decision_function(fitted.tfidf.transform(dataset.counts)))
    together = fitted.context.probabilities(context_rows(alone, dataset.facts, dataset.pages))
    paged = np.diff(dataset.pages)[dataset.page_of] > 1
    return alone, np.where(paged[:, None], together, alone)


def reduced(dataset: Dataset, variant: Variant, extractor: TermExtractor) -> Dataset:
    """The dataset with the variant's terms and facts only."""
    if variant.groups == GROUPS and variant.lexicon:
        return dataset
    keep = np.zeros(extractor.buckets, bool)
    for group in variant.groups:
        keep[extractor.group(group)] = True
    facts = dataset.facts
    if not variant.lexicon:
        shape = extractor.group("shape")
        keep[extractor.group("classes")] = False
        keep[shape.start + STEPS * FAMILY : shape.start + STEPS * len(FACTS)] = False
        facts = facts.copy()
        facts[:, FAMILY:] = 0
    counts = dataset.counts.copy()
    counts.data *= keep[counts.indices]
    counts.eliminate_zeros()
    return replace(dataset, counts=counts, facts=facts)


def _chosen(dataset: Dataset, seeds: str) -> Dataset:
    """The seeds of one form, or all of them."""
    if seeds == BOTH:
        return dataset
    first = int(np.searchsorted(dataset.pages, dataset.written))
    rows = slice(0, dataset.written) if seeds == WRITTEN else slice(dataset.written, None)
    pages = slice(0, first + 1) if seeds == WRITTEN else slice(first, None)
    groups = slice(0, first) if seeds == WRITTEN else slice(first, None)
    return Dataset(
        dataset.counts[rows],
        dataset.facts[rows],
        dataset.target[rows],
        dataset.pages[pages] - dataset.pages[pages][0],
        dataset.groups[groups],
        dataset.written if seeds == WRITTEN else 0,
    )


def _dataset_of_pages(material: Material) -> Dataset:
    """The pages that are tested on, as rows; sections that are not settled count as none."""
    pages = [SeedPage(page.id, tuple(_seeds(page)), page.id) for page in material.pages]
    return dataset_of(pages, (), material.corpus.labels, material.extractor)


def _seeds(page: Page) -> Iterator[Seed]:
    for text, label in zip(page.texts, page.labels, strict=True):
        yield Seed(text.strip(), label or "none", page.id)
