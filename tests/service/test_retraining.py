"""A training from the request to the verdict: the real server, its worker, the training program and the gate."""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from models.seeds.seed_pages import read_seed_pages
from models.versions import Registry, read_version
from service.jobs import Jobs
from tests.conftest import EVERY
from tests.service.jobs.workers import children, kill, until
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


def programs_of(pid: int, name: str) -> Iterator[int]:
    """The processes of `python -m training NAME` below a process."""
    for child in children(pid):
        try:
            command = Path(f"/proc/{child}/cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command[1:4] == ["-m", "training", name]:
            yield child
        yield from programs_of(child, name)


def struck(server: ServerProcess, name: str) -> bool:
    """Kill the programs of that name; whether there were any."""
    programs = list(programs_of(server.process.pid, name))
    for program in programs:
        kill(program)
    return bool(programs)


@pytest.mark.parametrize(
    ("store_url", "program", "stage"),
    [("sqlite", "train", "train: scoring"), ("postgresql", "gate", "")],
    indirect=["store_url"],
    ids=["before it has saved, sqlite", "when it has saved, postgresql"],
)
def test_a_training_is_killed_and_done_all_the_same(
    server: ServerProcess, store: Engine, registry: Registry, program: str, stage: str
) -> None:
    """The champion answers throughout, and in the end there is one new version, whole, with the gate's verdict.

    What the gate holds against each other is kept from being pruned, and nothing is when it is over.
    """
    jobs, pinned = Jobs(store), set[str]()
    path = server.post("/v1/trainings", {"why": "a test"}).headers["Location"]
    joined = server.post("/v1/trainings", {})

    def told() -> dict[str, Any]:
        assert server.post("/v1/classify", {"text": "显然，这次涨价毫无道理。"}).status == 200
        pinned.update(jobs.pinned())
        for version in registry.versions():
            read_version(registry.folder(version))
        answer: dict[str, Any] = server.get(path).json
        return answer

    if stage:
        until(lambda: str(server.get(path).json["stage"]).startswith(stage), TRAINING_S)
    until(lambda: struck(server, program), TRAINING_S)  # without a question between: the gate takes a second
    until(lambda: told()["state"] not in {"queued", "running"}, TRAINING_S)

    training = told()
    assert (True, path.rpartition("/")[2]) == (joined.json["joined"], joined.json["id"])
    assert ("done", 2) == (training["state"], training["attempts"]), training["error"]
    assert sorted(["small", training["version"]]) == sorted(registry.versions())
    assert registry.verdict(training["version"]) == training["verdict"]
    assert training["verdict"]["passed"] is training["promoted"]
    assert (training["version"] if training["promoted"] else "small") == registry.champion()
    assert set() == jobs.pinned()
    if program == "gate":  # between its tries there is time to look
        assert {"small", training["version"]} == pinned
    log = server.get(f"{path}/log").body.decode()
    assert 2 == log.count("reading the seeds\n")
    assert "sections out of fold" in log


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has processes keep off a core")
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # as for the database, the same as any other training
def test_a_training_leaves_a_core_to_the_answers(server: ServerProcess) -> None:
    """It keeps off one of those that the server may use, where there are several."""
    cores = sorted(os.sched_getaffinity(server.process.pid))
    path = server.post("/v1/trainings", {}).headers["Location"]
    until(lambda: list(programs_of(server.process.pid, "train")), TRAINING_S)

    kept = os.sched_getaffinity(next(programs_of(server.process.pid, "train")))
    cancelled = server.post(f"{path}/cancel", {})

    assert set(cores[1:] or cores) == kept
    assert 200 == cancelled.status


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


@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)  # as for the database, the same as any other training
def test_labels_that_are_mixed_up_are_not_promoted(
    server: ServerProcess, registry: Registry, seed_pages: list[str]
) -> None:
    """Whatever its figures are, the verdict names the new seeds, and the champion stays."""
    texts, labels = mixed_up(seed_pages[1 :: 4 * EVERY])
    seeds = [{"text": text, "label": label} for text, label in zip(texts, labels, strict=True)]
    added = server.post("/v1/seeds", {"seeds": seeds, "source": "a careless hand"})
    path = server.post("/v1/trainings", {"promote": True}).headers["Location"]
    until(lambda: server.get(path).json["state"] not in {"queued", "running"}, TRAINING_S)

    training = server.get(path).json
    assert (201, len(seeds)) == (added.status, added.json["added"])
    assert ("done", False, False) == (training["state"], training["verdict"]["passed"], training["promoted"])
    reason = next((each for each in training["verdict"]["reasons"] if "a careless hand" in each), "")
    assert "the labels look mixed up" in reason, training["verdict"]["sources"]
    assert "small" == registry.champion()
    assert {"small", training["version"]} == set(registry.versions())


def mixed_up(pages: list[str]) -> tuple[list[str], list[str]]:
    """Texts of seed pages, each a little changed, and their labels in another order."""
    reading = read_seed_pages("\n".join(pages).splitlines(keepends=True), "pages.txt")
    seeds = [seed for page in reading.pages for seed in page.seeds]
    labels = [seed.label for seed in seeds]
    random.Random(3).shuffle(labels)  # noqa: S311 - no secret
    return [f"{seed.text}（第二版）" for seed in seeds], labels
