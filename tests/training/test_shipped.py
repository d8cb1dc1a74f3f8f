"""What is shipped: the champion comes from the seeds beside it, and neither is heavy."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.seeds import SHIPPED_SEEDS
from models.versions import SHIPPED_MODELS, Registry, read_version
from training.train import Plan, train

MB = 1_000_000


def champion() -> Path:
    """The folder of the shipped champion."""
    registry = Registry(SHIPPED_MODELS)
    return registry.folder(registry.champion())


@pytest.mark.slow
def test_the_shipped_seeds_give_the_shipped_champion(tmp_path: Path) -> None:
    """Training on them, with the configuration as it stands, gives its weights bit for bit."""
    trained = train(Plan((SHIPPED_SEEDS,), tmp_path))

    assert read_version(champion()).metadata["weights_sha256"] == trained.weights_sha256


def test_the_champion_is_small() -> None:
    """Its folder has at most 12 MB, so that a clone stays light."""
    size = sum(file.stat().st_size for file in champion().iterdir())

    assert 0 < size <= 12 * MB


def test_the_extracted_seeds_are_small() -> None:
    """The file has at most 10 MB."""
    assert 0 < (SHIPPED_SEEDS / "real.seeds.xz").stat().st_size <= 10 * MB
