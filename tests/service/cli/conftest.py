"""The command, run in this process, and a registry to run it on."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from typing import TYPE_CHECKING, Protocol

import pytest
from click.testing import CliRunner

from models.versions import SHIPPED_MODELS, Registry, read_version, write_version
from service.cli.main import lanmu

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result


class Run(Protocol):
    """What the fixture `run` gives."""

    def __call__(self, *arguments: object, stdin: bytes | None = None) -> Result:
        """Run `lanmu` with these arguments."""


@pytest.fixture
def press_ctrl_c() -> Iterator[Callable[[subprocess.Popen[bytes]], int]]:
    """Interrupt a process, and give its exit code."""
    # A shell that runs the tests in the background has them ignore interrupts, and a process started now would too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def interrupt(process: subprocess.Popen[bytes]) -> int:
        for _ in range(10):
            process.send_signal(signal.SIGINT)
            # A signal that comes just before a blocking read is seen after it only: people press again, and so do we.
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(timeout=5)
        process.kill()
        return process.wait()

    yield interrupt
    signal.signal(signal.SIGINT, before)


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
    saved = read_version(shipped.folder(shipped.champion()))
    for version in ("first", "second"):
        write_version(folder, version, weights=saved.weights, metadata=saved.metadata, golden=saved.golden)
    monkeypatch.setenv("LANMU_MODELS_DIR", str(folder))
    made = Registry(folder)
    made.promote("first", who="ann", why="the first")
    made.record_verdict("second", {"passed": True, "reasons": []})
    return made
