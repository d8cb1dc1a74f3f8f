"""What is shipped: the champion comes from the seeds beside it, and neither is heavy."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.seeds import SHIPPED_SEEDS
from models.versions import SHIPPED_MODELS, Registry, read_version
from training import SUMMING

MB = 1_000_000


def champion() -> Path:
    """The folder of the shipped champion."""
    registry = Registry(SHIPPED_MODELS)
    return registry.folder(registry.champion())


@pytest.mark.slow
def test_the_shipped_seeds_give_the_shipped_champion(tmp_path: Path) -> None:
    """Training on them, with the configuration as it stands, gives its weights bit for bit in any environment."""
    environment = {name: value for name, value in os.environ.items() if name not in SUMMING}

    subprocess.run([sys.executable, "-m", "training", "train", "--out", str(tmp_path)], env=environment, check=True)

    (trained,) = Registry(tmp_path).versions()
    shipped, again = (read_version(folder).metadata for folder in (champion(), Registry(tmp_path).folder(trained)))
    assert shipped["weights_sha256"] == again["weights_sha256"]


def test_the_champion_is_small() -> None:
    """Its folder has at most 12 MB, so that a clone stays light."""
    size = sum(file.stat().st_size for file in champion().iterdir())

    assert 0 < size <= 12 * MB


def test_the_extracted_seeds_are_small() -> None:
    """The file has at most 10 MB."""
    assert 0 < (SHIPPED_SEEDS / "real.seeds.xz").stat().st_size <= 10 * MB
