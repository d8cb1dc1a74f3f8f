"""Two real versions that differ in their labels, and a registry of both."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask

from models.versions import Registry
from service.app import create_app
from service.settings import Settings
from tests.service.server_process import ServerProcess
from training.train import Trained

WHO = {"who": "ann", "why": "for a test"}


@pytest.fixture
def registry(tmp_path: Path, trained: Trained, fourth: Trained) -> Registry:
    """Both versions; `small` is the champion, and the gate has passed `fourth`."""
    folder = tmp_path / "registry"
    shutil.copytree(trained.folder, folder / "small")
    shutil.copytree(fourth.folder, folder / "fourth")
    made = Registry(folder)
    made.promote("small", **WHO)
    made.record_verdict("fourth", {"passed": True, "reasons": []})
    return made


@pytest.fixture
def models_dir(registry: Registry) -> Path:
    """Where the registry is."""
    return registry.folder("small").parent


@pytest.fixture
def app(models_dir: Path, tmp_path: Path) -> Flask:
    """The application on that registry, in this process."""
    return create_app(Settings(data_dir=tmp_path / "var", models_dir=models_dir))


@pytest.fixture
def start_server(models_dir: Path, tmp_path: Path) -> Iterator[Callable[..., ServerProcess]]:
    """Start the server with two workers on that registry."""
    with ExitStack() as stack:

        def start(name: str = "server", **variables: str) -> ServerProcess:
            folder = tmp_path / name
            folder.mkdir(exist_ok=True)
            settings = {"LANMU_MODELS_DIR": str(models_dir), "OMP_NUM_THREADS": "1"} | variables
            return stack.enter_context(ServerProcess.started(folder, **settings))

        yield start
