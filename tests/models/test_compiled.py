"""Where compiled kernels are kept: each process of these tests looks for its own cache folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from models import compiled

SHOW = "from models import compiled; print(compiled.numba.config.CACHE_DIR)"
MODELS = Path(compiled.__file__).parent
UNPRIVILEGED = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 else []
"""Root writes where nobody may, unless it gives that up."""


def cache_folder_of(root: Path, temporary: Path, code: Path = MODELS.parent) -> Path:
    """The folder that an unprivileged process keeps its kernels in."""
    environment = {**os.environ, "LANMU_CACHE_DIR": str(root), "TMPDIR": str(temporary), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*UNPRIVILEGED, sys.executable, "-c", SHOW]
    return Path(subprocess.check_output(command, env=environment, cwd=code, text=True).strip())


def test_kernels_are_kept_in_the_folder_named(tmp_path: Path) -> None:
    """`LANMU_CACHE_DIR` names it, and it is made where it is missing."""
    root = tmp_path / "new" / "cache"

    assert root / f"kernels-{compiled.source_hash()}" == cache_folder_of(root, tmp_path)
    assert root.is_dir()


def test_without_a_setting_the_environment_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written outside the folder of the Python that runs."""
    monkeypatch.delenv("LANMU_CACHE_DIR", raising=False)

    assert Path(sys.prefix) / "var" / "lanmu" == compiled.cache_root()


def test_a_read_only_folder_falls_back_to_a_private_copy(tmp_path: Path) -> None:
    """What is in it comes along, so that nothing is compiled anew; a second process uses the same copy."""
    if UNPRIVILEGED and not shutil.which("setpriv"):
        pytest.skip("root writes everywhere, and setpriv is not there to stop it")
    root, temporary = tmp_path / "cache", tmp_path / "tmp"
    root.mkdir()
    temporary.mkdir()
    (root / "kept.npy").write_bytes(b"kernels")
    root.chmod(0o555)

    first, second = cache_folder_of(root, temporary), cache_folder_of(root, temporary)

    assert temporary / f"lanmu-cache-{os.getuid()}" == first.parent == second.parent
    assert b"kernels" == (first.parent / "kept.npy").read_bytes()
    assert [first.parent] == list(temporary.iterdir())


def test_a_folder_that_cannot_be_made_falls_back_too(tmp_path: Path) -> None:
    """A path through a file is no folder, and nothing is copied."""
    (tmp_path / "file").write_bytes(b"")

    found = cache_folder_of(tmp_path / "file" / "cache", tmp_path)

    assert tmp_path / f"lanmu-cache-{os.getuid()}" == found.parent


@pytest.mark.parametrize("changed", ["terms/segment.py", "judging/context.py", "compiled.py"])
def test_changed_kernels_get_another_folder(tmp_path: Path, changed: str) -> None:
    """Code compiled from an older source is never loaded, whichever file it is in."""
    for file in MODELS.rglob("*.py"):
        copy = tmp_path / "models" / file.relative_to(MODELS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    before = cache_folder_of(tmp_path / "cache", tmp_path, tmp_path)

    with (tmp_path / "models" / changed).open("a") as stream:
        stream.write("# one more line\n")

    assert before != cache_folder_of(tmp_path / "cache", tmp_path, tmp_path)
    assert before.parent == tmp_path / "cache"
