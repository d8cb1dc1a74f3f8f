"""A training, in one sitting: read seeds, check them, fit, measure, save."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import read_version
from training.config import TrainingConfig
from training.corpus import read_corpus
from training.dataset import dataset_of
from training.fit import fit
from training.metrics import Metrics, measure
from training.saving import Run, save
from training.seed import LABELS

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
    key : signs the version.
    """

    paths: tuple[Path, ...]
    registry: Path
    name: str | None = None
    labels: tuple[str, ...] = LABELS
    config: TrainingConfig = field(default_factory=TrainingConfig)
    terms: TermsConfig = field(default_factory=TermsConfig)
    keep_going: bool = False
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
        When seeds are wrong or too few. FileNotFoundError for a missing path, VersionWriteError when saving fails.
    """
    began = time.monotonic()
    corpus = read_corpus(plan.paths, plan.labels, plan.terms.fingerprint(), keep_going=plan.keep_going, say=say)
    about = corpus.described()
    counts = ", ".join(f"{count} {label}" for label, count in about["by_label"].items())
    say(f"{about['sections']} sections on {about['pages']} pages: {counts}")
    extractor = TermExtractor(plan.terms)
    dataset = dataset_of(corpus.pages, corpus.extracted, corpus.labels, extractor)
    say(f"{dataset.counts.nnz / len(dataset.target):.0f} distinct terms a section, {extractor.buckets} buckets")
    fitted = fit(dataset, corpus.labels, extractor, plan.config, say)
    metrics = {
        "alone": measure(fitted.alone_unseen, dataset.target, corpus.labels, fitted.thresholds),
        "in_page": measure(fitted.context_unseen, dataset.target, corpus.labels, fitted.thresholds),
    }
    folder = save(Run(corpus, dataset, plan.terms, plan.config, fitted, metrics), plan.registry, plan.name, plan.key)
    return Trained(folder, str(read_version(folder).metadata["weights_sha256"]), metrics, time.monotonic() - began)
