"""The command, run in this process, and a registry to run it on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner

from models.versions import Registry
from service.cli.main import lanmu
from service.settings import SHIPPED_MODELS

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


class Run(Protocol):
    """What the fixture `run` gives."""

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Result:
        """Run `lanmu` with these arguments."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command with all it writes in the test's own folder."""
    monkeypatch.setenv("LANMU_DATA_DIR", str(tmp_path / "var"))
    runner = CliRunner()

    def run_lanmu(*arguments: object, stdin: bytes | None = None) -> Result:
        return runner.invoke(lanmu, [str(argument) for argument in arguments], input=stdin, prog_name="lanmu")

    return run_lanmu


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry of two copies of the shipped champion, the first of which answers."""
    shipped = Registry(SHIPPED_MODELS)
    folder = tmp_path / "registry"
    for version in ("first", "second"):
        shutil.copytree(shipped.folder(shipped.champion()), folder / version)
    monkeypatch.setenv("LANMU_MODELS_DIR", str(folder))
    made = Registry(folder)
    made.promote("first", who="ann", why="the first")
    return made
