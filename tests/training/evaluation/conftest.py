"""A small training, fitted but not yet saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.parts import Parts, parts_of
from models.seeds.seed import LABELS
from models.terms.extractor import TermExtractor
from models.versions import read_version
from tests.conftest import SMALL_TERMS
from tests.sharing import shared
from training.config import TrainingConfig
from training.corpus import read_corpus
from training.dataset import dataset_of
from training.fit import fit
from training.gate.parting import part
from training.metrics import measure
from training.saving import Run
from training.train import Trained


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path) -> Run:
    """The small training with all that it knows of pages not seen."""
    return shared(tmp_path_factory, "run", lambda _: run_of(small_seeds))


def run_of(seeds: Path) -> Run:
    """What a training on these seeds fits and measures."""
    extractor, config = TermExtractor(SMALL_TERMS), TrainingConfig()
    corpus = read_corpus((seeds,), LABELS, SMALL_TERMS.fingerprint())
    parted = part(corpus, dataset_of(corpus.pages, corpus.extracted, corpus.labels, extractor), extractor)
    corpus, dataset = parted.training.corpus, parted.training.dataset
    fitted = fit(dataset, corpus.labels, extractor, config, lambda _: None)
    unseen = {"alone": fitted.alone_unseen, "in_page": fitted.context_unseen}
    metrics = {
        kind: measure(chances, dataset.target, corpus.labels, fitted.thresholds) for kind, chances in unseen.items()
    }
    return Run(parted, SMALL_TERMS, config, fitted, metrics)


@pytest.fixture(scope="session")
def parts(trained: Trained) -> Parts:
    """What the small version judges with."""
    return parts_of(read_version(trained.folder))
