"""A small version, trained once for all tests that need a real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from models.model import Model
from models.terms.extractor import TermsConfig
from tests.recipes import LABELS as FOUR_LABELS
from tests.recipes import recipe_pages
from training.train import Plan, Trained, train

settings.register_profile("lanmu", deadline=None)  # a busy machine is no failure
settings.load_profile("lanmu")

SEEDS = Path(__file__).resolve().parents[1] / "training" / "seeds"
EVERY = 8
"""Each so many-th written page is learned from: about forty, from all files."""

SMALL_TERMS = TermsConfig(word_buckets=1 << 15, char_buckets=1 << 15, tag_buckets=1 << 12)
"""Fewer buckets than the default, so that a training takes seconds."""


@pytest.fixture(scope="session")
def seed_pages() -> list[str]:
    """Every written page that comes with Lanmu, as it stands in its file."""
    files = [file.read_text(encoding="utf-8") for file in sorted(SEEDS.glob("*.txt"))]
    return ["=== " + page for text in files for page in f"\n{text}".split("\n=== ")[1:]]


@pytest.fixture(scope="session")
def small_seeds(tmp_path_factory: pytest.TempPathFactory, seed_pages: list[str]) -> Path:
    """A folder of two files with some forty of the written pages."""
    folder = tmp_path_factory.mktemp("seeds")
    chosen = seed_pages[::EVERY]
    (folder / "first.txt").write_text("\n".join(chosen[::2]), encoding="utf-8")
    (folder / "second.txt").write_text("\n".join(chosen[1::2]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path) -> Trained:
    """The small version, saved."""
    return train(Plan((small_seeds,), tmp_path_factory.mktemp("registry"), "small", terms=SMALL_TERMS))


@pytest.fixture(scope="session")
def fourth(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path) -> Trained:
    """A small version that knows a fourth label, saved."""
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "recipes.txt").write_text(recipe_pages(), "utf-8")
    registry = tmp_path_factory.mktemp("fourth")
    return train(Plan((small_seeds, folder), registry, "fourth", labels=FOUR_LABELS, terms=SMALL_TERMS))


@pytest.fixture(scope="session")
def model(trained: Trained) -> Model:
    """The small version, ready to answer."""
    return Model.load(trained.folder)
