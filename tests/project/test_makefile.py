"""The task menu, as a newcomer meets it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

READ_BY_MAKE = ["Makefile", "pyproject.toml", "requirements.lock", "requirements-build.lock"]


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `make` in the folder, untouched by a `make` that runs these tests."""
    environment = {"HOME": str(folder), "PATH": "/usr/local/bin:/usr/bin:/bin"}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def bare_folder(root: Path, tmp_path: Path) -> Path:
    """A folder with what `make` reads and no `.venv`."""
    for name in READ_BY_MAKE:
        shutil.copy(root / name, tmp_path / name)
    return tmp_path


def test_make_alone_prints_every_task(root: Path) -> None:
    """The menu names each task that the Makefile declares, with a few words on it."""
    declared = re.search(r"^\.PHONY: menu (.*)$", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert declared is not None

    menu = make(root).stdout

    assert declared.group(1).split() == re.findall(r"^  make (\w+) +\S", menu, re.MULTILINE)


def test_the_menu_is_aligned_and_narrow(root: Path) -> None:
    """Each description starts in the same column, and no line is wider than a terminal of 100."""
    lines = [line for line in make(root).stdout.splitlines() if line.startswith("  make ")]

    starts = {match.end() for line in lines if (match := re.match(r"  make \w+ +", line))}

    assert len(starts) == 1
    assert max(map(len, lines)) <= 100


def test_a_missing_python_is_named_with_the_remedy(bare_folder: Path) -> None:
    """Without a Python that is new enough, set-up stops, says which was tried and how to name another."""
    result = make(bare_folder, "setup", "PYTHON=python-of-nowhere")

    assert result.returncode != 0
    assert "needs Python 3.11 or newer, and python-of-nowhere is" in result.stdout
    assert "make setup PYTHON=" in result.stdout
    assert not (bare_folder / ".venv").exists()


def test_an_old_python_is_refused(bare_folder: Path) -> None:
    """A Python before 3.11 is refused by its version, before anything is made."""
    old = bare_folder / "old-python"
    old.write_text('#!/bin/sh\ncase "$1" in --version) echo Python 3.10.1 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)

    result = make(bare_folder, "setup", f"PYTHON={old}")

    assert f"needs Python 3.11 or newer, and {old} is Python 3.10.1." in result.stdout
    assert not (bare_folder / ".venv").exists()


def test_clean_keeps_data_and_downloads(bare_folder: Path) -> None:
    """`make clean` takes what can be made again; what the service wrote and the packages that were fetched stay."""
    for name in ("var/lanmu.db", ".cache/wheels/a.whl", ".cache/ruff/b", ".venv/bin/python", "models/__pycache__/c"):
        (bare_folder / name).parent.mkdir(parents=True)
        (bare_folder / name).touch()

    assert make(bare_folder, "clean").returncode == 0

    left = {str(path.relative_to(bare_folder)) for path in bare_folder.rglob("*") if path.is_file()}
    assert {"var/lanmu.db", ".cache/wheels/a.whl"} == left - set(READ_BY_MAKE)
