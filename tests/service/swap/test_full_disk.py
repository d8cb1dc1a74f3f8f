"""The registry's disk is full while a version is promoted: nothing is half done, and it goes on when there is room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.versions import NoChampionError, Registry, RegistryUnwritableError
from service.app import create_app
from service.settings import Settings
from tests.service.swap.conftest import WHO
from tests.small_disk import fill, small_disk
from training.train import Trained

MIB = 1 << 20
ALMOST_A_BLOCK = 3950
"""With a reason of so many letters the history's next line needs another block of the disk."""

WHY = {"why": "it knows recipes"}


@pytest.fixture
def disk(tmp_path: Path, trained: Trained, fourth: Trained) -> Iterator[Path]:
    """A file system of its own with a registry of two versions and 256 KiB of room."""
    size = sum(file.stat().st_size for version in (trained, fourth) for file in version.folder.iterdir())
    with small_disk(tmp_path / "disk", size + MIB + 256 * 1024) as folder:
        shutil.copytree(trained.folder, folder / "small")
        shutil.copytree(fourth.folder, folder / "fourth")
        yield folder


@pytest.mark.parametrize("left", [0, 4096], ids=["no room at all", "room for one of two files"])
def test_a_promotion_on_a_full_disk_changes_nothing(disk: Path, tmp_path: Path, left: int) -> None:
    """It is a clear failure; champion and history stay as they were; with room again, it works."""
    registry = Registry(disk)
    registry.promote("small", who="ann", why="x" * ALMOST_A_BLOCK)
    registry.record_verdict("fourth", {"passed": True, "reasons": []})
    client = create_app(Settings(data_dir=tmp_path / "var", models_dir=disk)).test_client()
    before = (disk / "history.jsonl").read_bytes()
    filler = fill(disk, left)

    failed = client.post("/v1/models/fourth/promote", json=WHY)
    answer = client.post("/v1/classify", json={"text": "我认为这显然不妥。"})

    assert 503 == failed.status_code
    assert "cannot be changed: No space left on device" in failed.get_json()["detail"]
    assert ("small", before) == (registry.champion(), (disk / "history.jsonl").read_bytes())
    assert [] == [file.name for file in disk.iterdir() if file.name.startswith(".champion")]
    assert (200, "small") == (answer.status_code, answer.get_json()["model"])

    filler.unlink()
    assert client.post("/v1/models/fourth/promote", json=WHY).get_json()["serving"] is True
    assert "fourth" == registry.champion()


def test_a_first_promotion_on_a_full_disk_leaves_no_champion(disk: Path) -> None:
    """Where nothing answered before, nothing does after, and no history tells otherwise."""
    registry = Registry(disk)
    (disk / ".lock").touch()
    filler = fill(disk, 0)

    with pytest.raises(RegistryUnwritableError, match="No space left on device"):
        registry.promote("small", **WHO)

    with pytest.raises(NoChampionError):
        registry.champion()
    assert [] == registry.history()
    filler.unlink()
    registry.promote("small", **WHO)
    assert "small" == registry.champion()
