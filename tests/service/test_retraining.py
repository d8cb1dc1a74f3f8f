"""A training from the request to the verdict: the real server, its worker, the training program and the gate."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.versions import Registry, read_version
from tests.service.jobs.workers import children, kill, until
from tests.service.server_process import ServerProcess
from training.train import Trained

TRAINING_S = 400

pytestmark = pytest.mark.slow


@pytest.fixture
def registry(tmp_path: Path, trained: Trained) -> Registry:
    """A registry whose champion is a small version."""
    shutil.copytree(trained.folder, tmp_path / "registry" / "small")
    made = Registry(tmp_path / "registry")
    made.promote("small", who="ann", why="for a test")
    return made


@pytest.fixture
def server(tmp_path: Path, store_url: str, registry: Registry, small_seeds: Path) -> Iterator[ServerProcess]:
    """A server that trains on some forty pages, by the worker beside it."""
    (tmp_path / "server").mkdir()
    places = {
        "LANMU_DATABASE_URL": store_url,
        "LANMU_MODELS_DIR": str(registry.folder("small").parent),
        "LANMU_TRAINING_SEEDS": str(small_seeds),
    }
    with ServerProcess.started(tmp_path / "server", LANMU_WORKER="on", **places) as running:
        yield running


def programs_of(pid: int) -> Iterator[int]:
    """The processes of `python -m training` below a process."""
    for child in children(pid):
        try:
            command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command[1:3] == ["-m", "training"]:
            yield child
        yield from programs_of(child)


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # a training takes its time; jobs are tested on both
def test_a_training_is_killed_and_done_all_the_same(server: ServerProcess, registry: Registry) -> None:
    """The champion answers throughout, and in the end there is one new version, whole, with the gate's verdict."""
    path = server.post("/v1/trainings", {"why": "a test"}).headers["Location"]
    until(lambda: server.get(path).json["stage"] == "train: scoring")
    joined = server.post("/v1/trainings", {})
    for program in programs_of(server.process.pid):
        kill(program)

    def told() -> dict[str, Any]:
        assert server.post("/v1/classify", {"text": "显然，这次涨价毫无道理。"}).status == 200
        for version in registry.versions():
            read_version(registry.folder(version))
        answer: dict[str, Any] = server.get(path).json
        return answer

    until(lambda: told()["state"] not in {"queued", "running"}, TRAINING_S)

    training = told()
    assert (True, path.rpartition("/")[2]) == (joined.json["joined"], joined.json["id"])
    assert ("done", 2) == (training["state"], training["attempts"]), training["error"]
    assert sorted(["small", training["version"]]) == sorted(registry.versions())
    assert registry.verdict(training["version"]) == training["verdict"]
    assert training["verdict"]["passed"] is training["promoted"]
    assert (training["version"] if training["promoted"] else "small") == registry.champion()
    log = server.get(f"{path}/log").body.decode()
    assert 2 == log.count("reading the seeds\n")
    assert "sections out of fold" in log


def test_a_training_without_enough_seeds_says_so(server: ServerProcess, small_seeds: Path) -> None:
    """It fails for good, and the seeds are named; nothing is tried again."""
    for file in small_seeds.iterdir():
        file.rename(file.with_suffix(".aside"))
    try:
        path = server.post("/v1/trainings", {}).headers["Location"]
        until(lambda: server.get(path).json["state"] == "failed")
    finally:
        for file in small_seeds.iterdir():
            file.rename(file.with_suffix(".txt"))

    told = server.get(path).json
    assert 1 == told["attempts"]
    assert "seeds" in told["error"]
