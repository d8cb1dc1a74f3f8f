"""The shipped seeds, parted once, and small corpora of one's own."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import LABELS, Seed, SeedPage
from models.terms.extractor import TermExtractor, TermsConfig
from tests.conftest import SMALL_TERMS
from training.corpus import Corpus, read_corpus
from training.dataset import dataset_of
from training.gate.frozen import FROZEN
from training.gate.parting import Parted, part


@pytest.fixture(scope="session")
def shipped() -> Corpus:
    """All seeds that come with Lanmu."""
    return read_corpus([SHIPPED_SEEDS], LABELS, TermsConfig().fingerprint())


@pytest.fixture(scope="session")
def parted(shipped: Corpus) -> Parted:
    """The shipped seeds, parted."""
    extractor = TermExtractor(TermsConfig())
    return part(shipped, dataset_of(shipped.pages, shipped.extracted, shipped.labels, extractor), extractor)


def page_of(name: str, *sections: tuple[str, str]) -> SeedPage:
    """A page of (label, text)."""
    return SeedPage(name, tuple(Seed(text, label, f"{name}:1") for label, text in sections), f"{name}:1")


def parted_pages(pages: Sequence[SeedPage], labels: Sequence[str] = LABELS, salt: str | None = FROZEN) -> Parted:
    """Written pages, parted."""
    extractor = TermExtractor(SMALL_TERMS)
    corpus = Corpus(tuple(pages), (), tuple(labels))
    return part(corpus, dataset_of(corpus.pages, (), corpus.labels, extractor), extractor, salt)
