"""A small version, trained once for all tests that need a real one."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

from models.model import Model
from models.terms.extractor import TermsConfig
from tests.recipes import LABELS as FOUR_LABELS
from tests.recipes import recipe_pages
from tests.sharing import shared
from training.config import TrainingConfig
from training.train import Plan, Trained, train

settings.register_profile("lanmu", deadline=None)  # a busy machine is no failure
settings.load_profile("lanmu")

SEEDS = Path(__file__).resolve().parents[1] / "training" / "seeds"
EVERY = 8
"""Each so many-th written page is learned from: about forty, from all files."""

SMALL_TERMS = TermsConfig(word_buckets=1 << 15, char_buckets=1 << 15, tag_buckets=1 << 12)
"""Fewer buckets than the default, so that a training takes seconds."""

LIGHT = TrainingConfig(folds=4, context_folds=3, context_members=2, context_members_apart=1, tree_rounds=10)
"""Four trainings in the time of one, for tests that look at what is made of them; every part is there all the same."""


def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests of servers wait now and then."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files of slow tests: one that began last would leave the other processes with nothing to do."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


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


def copied(trained: Trained, registry: Path) -> Trained:
    """The same version in a registry that may be changed."""
    return replace(trained, folder=shutil.copytree(trained.folder, registry / trained.folder.name))


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path) -> Trained:
    """The small version, saved."""
    made = shared(
        tmp_path_factory, "small", lambda folder: train(Plan((small_seeds,), folder, "small", terms=SMALL_TERMS))
    )
    return copied(made, tmp_path_factory.mktemp("registry"))


@pytest.fixture(scope="session")
def fourth(tmp_path_factory: pytest.TempPathFactory, small_seeds: Path) -> Trained:
    """A small version that knows a fourth label, saved."""

    def make(folder: Path) -> Trained:
        (folder / "recipes").mkdir()
        (folder / "recipes" / "recipes.txt").write_text(recipe_pages(), "utf-8")
        paths = (small_seeds, folder / "recipes")
        return train(Plan(paths, folder / "registry", "fourth", labels=FOUR_LABELS, terms=SMALL_TERMS))

    return copied(shared(tmp_path_factory, "fourth", make), tmp_path_factory.mktemp("fourth"))


@pytest.fixture(scope="session")
def model(trained: Trained) -> Model:
    """The small version, ready to answer."""
    return Model.load(trained.folder)
