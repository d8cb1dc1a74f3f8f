"""A training, in one sitting: read seeds, check them, fit, measure, save."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.seeds.seed import LABELS
from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import read_version, refuse_taken
from training.config import TrainingConfig
from training.corpus import read_corpus
from training.dataset import dataset_of
from training.fit import fit
from training.gate.frozen import FROZEN
from training.gate.parting import Parted, part
from training.metrics import Metrics, measure
from training.saving import Run, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Plan:
    """What is to be trained.

    paths : files and folders of seeds.
    registry : the folder that the version is saved in.
    name : the version's name; None makes one of the day and the weights' hash.
    labels : the labels that seeds may have, `none` last.
    keep_going : leave bad seeds out instead of refusing them all.
    frozen : names the seeds that are not learned from, so that versions can be compared on them; None learns from all.
    key : signs the version.
    """

    paths: tuple[Path, ...]
    registry: Path
    name: str | None = None
    labels: tuple[str, ...] = LABELS
    config: TrainingConfig = field(default_factory=TrainingConfig)
    terms: TermsConfig = field(default_factory=TermsConfig)
    keep_going: bool = False
    frozen: str | None = FROZEN
    key: bytes | None = None


@dataclass(frozen=True)
class Trained:
    """What a training made. metrics : out-of-fold figures, `alone` and `in_page`."""

    folder: Path
    weights_sha256: str
    metrics: dict[str, Metrics]
    seconds: float


def train(plan: Plan, say: Callable[[str], None] = lambda _: None) -> Trained:
    """Train and save a version.

    say : told what is being done, and figures that a person can check.

    Raises
    ------
    SeedsError
        When seeds are wrong or too few. FileNotFoundError for a missing path, VersionWriteError when the
        name is taken or saving fails.
    """
    began = time.monotonic()
    if plan.name is not None:
        refuse_taken(plan.registry, plan.name)
    say("reading the seeds")
    corpus = read_corpus(plan.paths, plan.labels, plan.terms.fingerprint(), keep_going=plan.keep_going, say=say)
    about = corpus.described()
    counts = ", ".join(f"{count} {label}" for label, count in about["by_label"].items())
    say(f"{about['sections']} sections on {about['pages']} pages: {counts}")
    extractor = TermExtractor(plan.terms)
    parted = part(corpus, dataset_of(corpus.pages, corpus.extracted, corpus.labels, extractor), extractor, plan.frozen)
    corpus, dataset = parted.training.corpus, parted.training.dataset
    say_parted(parted, say)
    say(f"{dataset.counts.nnz / len(dataset.target):.0f} distinct terms a section, {extractor.buckets} buckets")
    fitted = fit(dataset, corpus.labels, extractor, plan.config, say)
    say("measuring and saving")
    metrics = {
        "alone": measure(fitted.alone_unseen, dataset.target, corpus.labels, fitted.thresholds),
        "in_page": measure(fitted.context_unseen, dataset.target, corpus.labels, fitted.thresholds),
    }
    folder = save(Run(parted, plan.terms, plan.config, fitted, metrics), plan.registry, plan.name, plan.key)
    return Trained(folder, str(read_version(folder).metadata["weights_sha256"]), metrics, time.monotonic() - began)


def say_parted(parted: Parted, say: Callable[[str], None]) -> None:
    """Tell what is not learned from."""
    if parted.name is None:
        say("nothing is frozen: the version cannot be compared fairly with one that learned from the same seeds")
        return
    about = parted.frozen.corpus.described()
    say(f"{about['sections']} sections on {about['pages']} pages are frozen ({parted.name}) and not learned from")
    if parted.left_out:
        say(f"{parted.left_out} sections that repeat frozen ones are not learned from either")
