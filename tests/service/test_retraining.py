"""A training from the request to the verdict: the real server, its worker, the training program and the gate."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from models.versions import Registry, read_version
from tests.service.jobs.workers import CHANCE, children, kill, until
from tests.service.server_process import ServerProcess

TRAINING_S = 400

pytestmark = pytest.mark.slow


@pytest.fixture
def registry(tmp_path: Path, make_small_registry: Callable[[Path], Registry]) -> Registry:
    """A registry whose champion is a small version."""
    return make_small_registry(tmp_path / "registry")


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


def test_a_training_is_killed_and_done_all_the_same(server: ServerProcess, registry: Registry) -> None:
    """Killed twice: the champion answers throughout, and in the end there is one new version, whole, with a verdict."""
    path = server.post("/v1/trainings", {"why": "a test"}).headers["Location"]
    joined = server.post("/v1/trainings", {})

    def told() -> dict[str, Any]:
        assert server.post("/v1/classify", {"text": "显然，这次涨价毫无道理。"}).status == 200
        for version in registry.versions():
            read_version(registry.folder(version))
        answer: dict[str, Any] = server.get(path).json
        return answer

    def reached(attempt: int, stage: str) -> bool:
        now = told()
        return (now["attempts"], now["stage"]) == (attempt, stage)

    for attempt, stage in enumerate(("train: scoring", "train: measuring and saving"), 1):
        until(partial(reached, attempt, stage), TRAINING_S)
        time.sleep(CHANCE.uniform(0, 0.5))
        for program in programs_of(server.process.pid):
            kill(program)
    until(lambda: told()["state"] not in {"queued", "running"}, TRAINING_S)

    training = told()
    assert (True, path.rpartition("/")[2]) == (joined.json["joined"], joined.json["id"])
    assert ("done", 3) == (training["state"], training["attempts"]), training["error"]
    assert sorted(["small", training["version"]]) == sorted(registry.versions())
    assert registry.verdict(training["version"]) == training["verdict"]
    assert training["verdict"]["passed"] is training["promoted"]
    assert (training["version"] if training["promoted"] else "small") == registry.champion()
    log = server.get(f"{path}/log").body.decode()
    assert 3 == log.count("reading the seeds\n")
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
