"""A training, in one sitting: read seeds, check them, fit, measure, save."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import read_version
from training.checks import sound, too_few
from training.config import TrainingConfig
from training.dataset import dataset_of
from training.fit import fit
from training.metrics import Metrics, measure
from training.reading import read_seeds
from training.saving import save
from training.seed import LABELS, SeedPage, SeedsError, seeds_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Trained:
    """What a training made. metrics : out-of-fold figures, `alone` and `in_page`."""

    folder: Path
    weights_sha256: str
    metrics: dict[str, Metrics]
    seconds: float


def usable_seeds(
    paths: Sequence[Path],
    labels: Sequence[str],
    *,
    keep_going: bool,
    say: Callable[[str], None],
) -> list[SeedPage]:
    """Read and check seeds.

    keep_going : leave bad seeds out, saying which, instead of refusing them all.

    Raises
    ------
    SeedsError
        With every problem there is.
    """
    reading = sound(read_seeds(paths), labels)
    if reading.problems and not keep_going:
        raise SeedsError(reading.problems)
    for problem in reading.problems:
        say(f"left out: {problem}")
    lacking = too_few(reading.pages, labels)
    if lacking:
        raise SeedsError(lacking)
    return reading.pages


def described_corpus(pages: Sequence[SeedPage], labels: Sequence[str]) -> dict[str, Any]:
    """What model.json says of the seeds."""
    counts = Counter(seed.label for page in pages for seed in page.seeds)
    return {
        "pages": len(pages),
        "sections": sum(counts.values()),
        "by_label": {label: counts[label] for label in labels},
        "sha256": seeds_hash(pages),
    }


def train(
    paths: Sequence[Path],
    registry: Path,
    *,
    name: str | None = None,
    labels: Sequence[str] = LABELS,
    config: TrainingConfig | None = None,
    terms: TermsConfig | None = None,
    keep_going: bool = False,
    key: bytes | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Trained:
    """Train on the seeds at some paths and save a version.

    Raises
    ------
    SeedsError
        When seeds are wrong or too few. FileNotFoundError for a missing path, VersionWriteError when saving fails.
    """
    began = time.monotonic()
    config, terms = config or TrainingConfig(), terms or TermsConfig()
    pages = sorted(usable_seeds(paths, labels, keep_going=keep_going, say=say), key=lambda page: page.id)
    corpus = described_corpus(pages, labels)
    counts = ", ".join(f"{count} {label}" for label, count in corpus["by_label"].items())
    say(f"{corpus['sections']} sections on {corpus['pages']} pages: {counts}")
    extractor = TermExtractor(terms)
    dataset = dataset_of(pages, labels, extractor)
    say(f"{dataset.counts.nnz / len(dataset.target):.0f} distinct terms a section, {extractor.buckets} buckets")
    fitted = fit(dataset, labels, extractor, config, say)
    metrics = {
        "alone": measure(fitted.alone_unseen, dataset.target, labels, fitted.thresholds),
        "in_page": measure(fitted.context_unseen, dataset.target, labels, fitted.thresholds),
    }
    folder = save(registry, name, fitted, labels, terms, config, pages, corpus, metrics, key=key)
    return Trained(folder, str(read_version(folder).metadata["weights_sha256"]), metrics, time.monotonic() - began)

