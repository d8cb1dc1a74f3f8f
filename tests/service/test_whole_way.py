"""The whole way under load: seeds of a fourth label come in, a training learns them, it is promoted, it is undone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from models.versions import Registry
from tests.recipes import another_recipe, recipe_records
from tests.service.jobs.workers import until
from tests.service.server_process import ServerProcess
from tests.service.swap.load import Load, under_load
from training.train import Plan, train

EVERY = 2
"""Each so many-th written page is learned from: of fewer, a version does not behave well enough for the gate."""

A_SECOND = 260
"""Requests that are sent; at least 200 of them must be answered in every part of the way."""

LEAST = 200
SECONDS = 4.0
TRAINING_S = 400
SHIPPED_LABELS = {"tech_analysis", "opinion", "recommendation_teaser", "none"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Way:
    """What was seen on the way. moments : when each part began, and the last one's end, in monotonic seconds."""

    added: dict[str, Any]
    training: dict[str, Any]
    undone: dict[str, Any]
    load: Load
    moments: list[float]

    @property
    def version(self) -> str:
        """The one that the training made."""
        return str(self.training["version"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seed_pages: list[str]) -> Iterator[ServerProcess]:
    """A server whose champion has learned from the seeds that it trains on, and which promotes what passes the gate."""
    folder = tmp_path_factory.mktemp("way")
    (folder / "seeds").mkdir()
    (folder / "seeds" / "pages.txt").write_text("\n".join(seed_pages[::EVERY]), "utf-8")
    train(Plan((folder / "seeds",), folder / "registry", "small"))
    Registry(folder / "registry").promote("small", who="ann", why="for a test")
    with ServerProcess.started(folder, LANMU_WORKER="on", LANMU_PROMOTE="auto", **places_in(folder)) as running:
        yield running


def places_in(folder: Path) -> dict[str, str]:
    """The settings that say where the registry and the seeds are."""
    return {"LANMU_MODELS_DIR": str(folder / "registry"), "LANMU_TRAINING_SEEDS": str(folder / "seeds")}


def recipe_lines() -> bytes:
    """Two hundred seeds of a label that no version knows, and some more."""
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in recipe_records()).encode()


@pytest.fixture(scope="module")
def way(server: ServerProcess) -> Way:
    """Add two hundred recipes, train, wait until the new version answers, and roll back; requests go on throughout."""
    with under_load(server.port, another_recipe(), a_second=A_SECOND) as load:
        moments = [time.monotonic()]
        added = server.send("POST", "/v1/seeds?source=kitchen", recipe_lines(), {"Content-Type": "application/jsonl"})
        path = server.post("/v1/trainings", {"why": "two hundred recipes"}).headers["Location"]
        until(lambda: server.get(path).json["state"] not in {"queued", "running"}, TRAINING_S)
        training = server.get(path).json
        assert training["promoted"], training["verdict"]["reasons"]
        until(lambda: {training["version"]} == {each["version"] for each in server.get("/readyz").json["workers"]})
        moments.append(time.monotonic())
        time.sleep(SECONDS)
        moments.append(time.monotonic())
        undone = server.post("/v1/models/rollback", {"why": "people want none"})
        time.sleep(SECONDS)
        moments.append(time.monotonic())
    return Way(added.json, training, undone.json, load, moments)


def test_the_gate_promotes_the_training_by_itself(way: Way, server: ServerProcess) -> None:
    """Two hundred seeds were added; the verdict is clear, and the history tells who, when and why."""
    history = server.get("/v1/models/history").json["history"]

    assert (240, ["recipe"]) == (way.added["added"], way.added["new_labels"])
    assert ("done", 1, True) == (way.training["state"], way.training["attempts"], way.training["verdict"]["passed"])
    assert {"recipe": True} == {each["label"]: each["holds"] for each in way.training["verdict"]["new_labels"]}
    assert [("promote", "small"), ("promote", way.version), ("rollback", "small")] == [
        (each["action"], each["version"]) for each in history
    ]
    assert ("open service", "two hundred recipes") == (history[1]["who"], history[1]["why"])


def test_answers_name_the_new_label_until_it_is_undone(way: Way, server: ServerProcess) -> None:
    """Before the promotion none does, then all do, and after the rollback none."""
    began, promoted, undoing, end = way.moments
    by_version = {
        version: {each.label for each in way.load.asked if each.version == version} for version in versions(way)
    }

    assert {"small", way.version} == set(by_version)
    assert {"recipe"} == by_version[way.version]
    assert "recipe" not in by_version["small"]
    assert "small" == way.load.between(began, promoted)[0].version
    assert {way.version} == {each.version for each in way.load.between(promoted, undoing)}
    assert ("small", True) == (way.undone["champion"], way.undone["serving"])
    assert "small" == way.load.between(undoing, end)[-1].version
    assert "recipe" not in server.post("/v1/classify", {"text": another_recipe()}).json["results"][0]["probabilities"]


def test_no_request_fails_on_the_way(way: Way) -> None:
    """At 200 a second and more, while the training runs too, and each answer is one version's."""
    labels = {"small": SHIPPED_LABELS, way.version: SHIPPED_LABELS | {"recipe"}}

    assert [] == way.load.failures
    assert {200} == {each.status for each in way.load.asked}
    assert [] == [each for each in way.load.asked if each.labels != labels[each.version]]
    assert LEAST <= min(way.load.rate_between(*part) for part in pairwise(way.moments))


def test_by_hand_nothing_is_promoted_until_somebody_does(way: Way, server: ServerProcess, tmp_path: Path) -> None:
    """With LANMU_PROMOTE=manual the gate lets the same version pass, and it waits."""
    places = places_in(server.folder)
    with ServerProcess.started(tmp_path, LANMU_WORKER="on", LANMU_PROMOTE="manual", **places) as by_hand:
        by_hand.send("POST", "/v1/seeds", recipe_lines(), {"Content-Type": "application/jsonl"})
        path = by_hand.post("/v1/trainings", {}).headers["Location"]
        until(lambda: by_hand.get(path).json["state"] not in {"queued", "running"}, TRAINING_S)
        training, champion = by_hand.get(path).json, Registry(server.folder / "registry").champion()
        promoted = by_hand.post(f"/v1/models/{way.version}/promote", {"why": "it may"})

    assert (way.version, True, False) == (training["version"], training["verdict"]["passed"], training["promoted"])
    assert ("small", 200, way.version) == (champion, promoted.status, promoted.json["champion"])


def versions(way: Way) -> set[str]:
    """Which versions answered."""
    return {each.version for each in way.load.asked}
