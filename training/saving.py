"""From a fitted model to a saved version."""

from __future__ import annotations

import io
import platform
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib
import numpy as np

from models.model import Model
from models.parts import FORMAT, described_terms, parts_of, term_rows
from models.replay import golden_answers
from models.terms.emit import GROUPS
from models.terms.extractor import TermExtractor, TermsConfig
from models.versions import InvalidVersionError, Registry, read_version, weights_hash, write_version
from training.card import card_of
from training.evaluation.figures import described, figures_of
from training.gate.learned import LEARNED, learned_lines
from training.pipeline import whole_pipeline
from training.report import answers_unseen, report_of
from training.unknown_words import unknown_share

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from sklearn.pipeline import Pipeline

    from models.seeds.seed import SeedPage
    from training.config import TrainingConfig
    from training.corpus import Corpus
    from training.dataset import Dataset
    from training.fit import Fitted
    from training.gate.parting import Parted
    from training.metrics import Metrics

LIBRARIES = ("numpy", "scipy", "scikit-learn", "numba", "jieba", "safetensors", "joblib")
GOLDEN_TEXTS = 24
GOLDEN_PAGES = 3


def weights_of(fitted: Fitted, config: TrainingConfig) -> dict[str, NDArray[Any]]:
    """The arrays of weights.safetensors; `models.parts` reads them."""
    idf = np.concatenate([fitted.tfidf.named_transformers_[group].idf_ for group in GROUPS])  # in the order of buckets
    arrays = {
        "terms.rows": term_rows(idf, np.where(idf > 0, fitted.svc.coef_, 0.0).T),
        "terms.bias": fitted.svc.intercept_.astype(np.float64),
        "terms.scale": np.array([config.scales[group] for group in GROUPS]),
        "alone.matrix": fitted.alone.matrix,
        "alone.offset": fitted.alone.offset,
        "context.mean": fitted.context.network.mean,
        "context.scale": fitted.context.network.scale,
        "context.matrix": fitted.context.calibration.matrix,
        "context.offset": fitted.context.calibration.offset,
    }
    for number, (weights, biases) in enumerate(fitted.context.network.layers):
        arrays |= {f"context.weight{number}": weights, f"context.bias{number}": biases}
    # Float32 is fine enough, and hides the last bits in which processors differ.
    singles = {name for name in arrays if name.startswith(("alone.", "context."))} | {"terms.bias"}
    rounded = {name: array.astype(np.float32) if name in singles else array for name, array in arrays.items()}
    return rounded | {f"context.tree.{name}": array for name, array in vars(fitted.context.trees).items()}


@dataclass(frozen=True)
class Run:
    """A training that has been fitted and measured, ready to be saved.

    parted : what was learned from, and what was not.
    metrics : out-of-fold figures, `alone` and `in_page`.
    """

    parted: Parted
    terms: TermsConfig
    config: TrainingConfig
    fitted: Fitted
    metrics: Mapping[str, Metrics]

    @property
    def corpus(self) -> Corpus:
        """The seeds that were learned from."""
        return self.parted.training.corpus

    @property
    def dataset(self) -> Dataset:
        """The same as rows."""
        return self.parted.training.dataset


def metadata_of(run: Run, name: str, digest: str) -> dict[str, Any]:
    """model.json."""
    return {
        "format": FORMAT,
        "version": name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "labels": list(run.corpus.labels),
        "thresholds": run.fitted.thresholds,
        "terms": described_terms(run.terms),
        "context": {"layers": len(run.fitted.context.network.layers)},
        "training": run.config.described(),
        "corpus": run.corpus.described(),
        "frozen": run.parted.described(),
        "metrics": {kind: figures.described() for kind, figures in run.metrics.items()},
        "intervals": {kind: described(figures_of(answers)) for kind, answers in answers_unseen(run).items()},
        "unknown_words": round(unknown_words(run), 4),
        "weights_sha256": digest,
        "libraries": {library: installed(library) for library in LIBRARIES},
        "python": platform.python_version(),
    }


def unknown_words(run: Run) -> float:
    """The share of a new page's words that the version does not know, as far as its seeds can tell."""
    words = TermExtractor(run.terms).group("words")
    return unknown_share(run.dataset, words, run.config.fewest_sections)


def golden_questions(pages: Sequence[SeedPage]) -> tuple[list[str], list[list[str]]]:
    """Texts and pages to replay: some of the written seeds, spread evenly over them."""
    texts = [seed.text for page in pages for seed in page.seeds]
    long = [page for page in pages if len(page.seeds) > 1] or list(pages)
    return (
        texts[:: max(1, len(texts) // GOLDEN_TEXTS)][:GOLDEN_TEXTS],
        [[seed.text for seed in page.seeds] for page in long[:: max(1, len(long) // GOLDEN_PAGES)][:GOLDEN_PAGES]],
    )


def save(run: Run, registry: Path, name: str | None, key: bytes | None) -> Path:
    """Write a version into the registry's folder and return where it stands.

    name : the version's name; None makes one of the day and the weights' hash, or gives back the version that the
        registry already has with these weights.
    key : signs the version.

    Raises
    ------
    VersionWriteError
        When it cannot be written; nothing of it is left behind.
    """
    weights = weights_of(run.fitted, run.config)
    digest = weights_hash(weights)
    if name is None:
        twin = same_weights(registry, digest, key)
        if twin is not None:
            return twin
        name = f"{datetime.now(UTC):%Y%m%d}-{digest[:8]}"
    metadata = metadata_of(run, name, digest)
    with tempfile.TemporaryDirectory() as aside:
        # Its golden answers are those that it gives when it is read back.
        draft = write_version(Path(aside), name, weights=weights, metadata=metadata, golden=[])
        golden = golden_answers(Model.load(draft), *golden_questions(run.corpus.pages))
        report = report_of(run, metadata, parts_of(read_version(draft)))
    extra = {
        "card.md": card_of(metadata).encode(),
        LEARNED: learned_lines(run.parted.training.units, run.dataset, run.corpus.labels, run.fitted.context_unseen),
        "report.html": report.encode("utf-8", "backslashreplace"),
        "pipeline.joblib": pickled(whole_pipeline(run.terms, run.fitted.tfidf, run.fitted.svc)),
    }
    return write_version(registry, name, weights=weights, metadata=metadata, golden=golden, extra=extra, key=key)


def same_weights(registry: Path, digest: str, key: bytes | None) -> Path | None:
    """A version of the registry whose weights have this hash."""
    versions = Registry(registry, key=key)
    for name in versions.versions():
        folder = versions.folder(name)
        with suppress(InvalidVersionError):  # a damaged one is no twin
            if read_version(folder, key=key).metadata.get("weights_sha256") == digest:
                return folder
    return None


def pickled(pipeline: Pipeline) -> bytes:
    """What joblib writes of a pipeline."""
    buffer = io.BytesIO()
    # Two thirds of what zlib leaves; a higher level takes long and gains little.
    joblib.dump(pipeline, buffer, compress=("xz", 1))
    return buffer.getvalue()
