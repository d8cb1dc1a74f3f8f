"""The disk is full while a training saves its version, or while seeds are added: clear failures, nothing half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from models.versions import Registry, read_version
from service.app import create_app
from service.settings import Settings
from tests.service.jobs.workers import until
from tests.service.server_process import ServerProcess
from tests.small_disk import fill, small_disk

MIB = 1 << 20
TRAINING_S = 400
SEED = {"text": "先把莲藕切片，焯水三分钟，再用米醋拌匀。", "label": "none"}
OTHER = {"text": "先把豆角切段，焯水五分钟，再用蒜末拌匀。", "label": "none"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    with small_disk(tmp_path / "disk", 64 * MIB) as folder:
        yield folder


@pytest.mark.slow
def test_a_version_that_finds_no_room_is_not_saved(
    disk: Path, tmp_path: Path, small_seeds: Path, make_small_registry: Callable[[Path], Registry]
) -> None:
    """The training says why, the champion answers, nothing of the version is visible; with room it is saved."""
    registry = make_small_registry(disk / "registry")
    filler = fill(disk, 256 * 1024)
    places = {"LANMU_MODELS_DIR": str(disk / "registry"), "LANMU_TRAINING_SEEDS": str(small_seeds)}
    with ServerProcess.started(tmp_path, LANMU_WORKER="on", LANMU_WORKERS="1", **places) as server:
        failed = trained(server)
        left_behind = sorted(file.name for file in (disk / "registry").iterdir() if file.is_dir())
        answer = server.post("/v1/classify", {"text": "显然，这次涨价毫无道理。"})
        filler.unlink()
        done = trained(server)

    assert ("failed", 1, None) == (failed["state"], failed["attempts"], failed["version"])
    assert "No space left on device" in failed["error"]
    assert ["small"] == left_behind
    assert (200, "small") == (answer.status, answer.json["model"])
    assert "done" == done["state"]
    assert {"small", done["version"]} == set(registry.versions())
    read_version(registry.folder(done["version"]))


def trained(server: ServerProcess) -> dict[str, Any]:
    """What became of a training."""
    path = server.post("/v1/trainings", {}).headers["Location"]
    until(lambda: server.get(path).json["state"] not in {"queued", "running"}, TRAINING_S)
    told: dict[str, Any] = server.get(path).json
    return told


def test_seeds_that_find_no_room_are_refused(disk: Path, tmp_path: Path) -> None:
    """503 says why; what was there stays, nothing of the refused is there, and with room they are added."""
    client = create_app(Settings(data_dir=disk / "var", models_dir=tmp_path)).test_client()
    assert 201 == client.post("/v1/seeds", json={"seeds": [SEED]}).status_code
    filler = fill(disk)
    many = [OTHER, *({"text": f"{number}号{SEED['text']}", "label": "none"} for number in range(2000))]

    refused = client.post("/v1/seeds", json={"seeds": many})
    listed = client.get("/v1/seeds").get_json()["seeds"]

    assert (503, "The database cannot be written: its disk is full") == (
        refused.status_code, refused.get_json()["detail"],
    )  # fmt: skip
    assert [SEED["text"]] == [seed["text"] for seed in listed]
    filler.unlink()
    assert 2001 == client.post("/v1/seeds", json={"seeds": many}).get_json()["added"]
