"""A small version of invented content, and ways to run a second process on it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pytest

from models.versions import write_version

if TYPE_CHECKING:
    from pathlib import Path


class Save(Protocol):
    """What the fixture `save` gives."""

    def __call__(self, name: str = "first", **changes: object) -> Path:
        """Save a version of that name; the changes go to `write_version`."""


class Start(Protocol):
    """What the fixture `start` gives."""

    def __call__(self, script: str, *argv: object) -> subprocess.Popen[str]:
        """Start a Python process that runs `script` with `argv`."""


@pytest.fixture
def weights() -> dict[str, np.ndarray]:
    """Arrays of several types and shapes."""
    return {
        "scores": np.linspace(-2, 2, 24, dtype=np.float32).reshape(6, 4),
        "buckets": np.arange(7, dtype=np.uint32),
        "none": np.zeros((0, 3), dtype=np.float16),
        "one": np.array(1.5),
        "mask": np.array([True, False]),
    }


@pytest.fixture
def save(tmp_path: Path, weights: dict[str, np.ndarray]) -> Save:
    """Save a version in the test's own folder."""

    def save_version(name: str = "first", **changes: object) -> Path:
        parts: dict[str, Any] = {
            "weights": weights,
            "metadata": {"created": "2026-11-23T12:00:00+00:00", "labels": ["opinion", "none"]},
            "golden": [{"text": "显然不妥。", "label": "opinion"}, {"text": "目录", "label": None}],
            "extra": {"card.md": "# 首版\n".encode(), "pipeline.joblib": b"a pickle that nobody opens"},
        }
        return write_version(tmp_path, name, **{**parts, **changes})

    return save_version


@pytest.fixture
def start() -> Start:
    """Start a second process; the test waits for it or kills it."""

    def start_process(script: str, *argv: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", script, *map(str, argv)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    return start_process
