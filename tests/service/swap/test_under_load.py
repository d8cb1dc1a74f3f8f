"""The champion changes while clients ask: no request fails, and no two answers contradict each other."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from models.versions import Registry
from tests.recipes import RECIPE
from tests.service.server_process import ServerProcess
from tests.service.swap.conftest import WHO
from tests.service.swap.load import Load, under_load

SECONDS = 1.5
LABELS = {
    "small": {"tech_analysis", "opinion", "recommendation_teaser", "none"},
    "fourth": {"tech_analysis", "opinion", "recommendation_teaser", "recipe", "none"},
}


def returns_to_old(load: Load, old: str, new: str, start: float, end: float) -> int:
    """How many requests, begun after an answer by the new version had come, were still answered by the old."""
    phase = load.between(start, end)
    first = min(each.ended for each in phase if each.version == new)
    return sum(each.version == old and each.begun > first for each in phase)


def test_promotion_and_rollback_fail_no_request(start_server: Callable[..., ServerProcess]) -> None:
    """At 200 requests a second and more, all are answered, each by one version, and none by the old after the new."""
    server = start_server()
    with under_load(server.port, RECIPE) as load:
        time.sleep(SECONDS)
        promoting = time.monotonic()
        promoted = server.post("/v1/models/fourth/promote", {"why": "it knows recipes"})
        done = time.monotonic()
        time.sleep(SECONDS)
        undoing = time.monotonic()
        undone = server.post("/v1/models/rollback", {"why": "people want none"})
        undone_at = time.monotonic()
        time.sleep(SECONDS)

    assert [(200, True)] * 2 == [(each.status, each.json["serving"]) for each in (promoted, undone)]
    assert [] == load.failures
    assert {200} == {each.status for each in load.asked}
    assert load.rate >= 200
    assert [] == [each for each in load.asked if each.labels != LABELS[each.version]]
    assert {"fourth"} == {each.version for each in load.between(done, undoing)}
    assert {"small"} == {each.version for each in load.between(undone_at, undone_at + SECONDS)}
    assert 0 == returns_to_old(load, "small", "fourth", promoting, undoing)
    assert 0 == returns_to_old(load, "fourth", "small", undoing, undone_at + SECONDS)


def test_a_worker_killed_in_a_swap_takes_nothing_with_it(
    start_server: Callable[..., ServerProcess], registry: Registry
) -> None:
    """With a worker killed at each of several moments, the others turn, and its successor answers with the champion."""
    server = start_server()
    with under_load(server.port, RECIPE, reconnect=True) as load:
        for number, delay in enumerate((0.0, 0.05, 0.2, 0.4)):
            version = ("fourth", "small")[number % 2]
            registry.promote(version, **WHO)
            time.sleep(delay)
            victim = server.get("/readyz").json["workers"][number % 2]["pid"]
            os.kill(victim, signal.SIGKILL)
            wait_for(server, version, without=victim)

    assert {200} == {each.status for each in load.asked}
    assert [] == [each for each in load.asked if each.labels != LABELS[each.version]]
    assert len(load.failures) <= 4 * 4


def test_servers_that_share_a_registry_follow_each_other(start_server: Callable[..., ServerProcess]) -> None:
    """What is promoted through one is served by the other soon, each with a data folder of its own."""
    first, second = (start_server(name, LANMU_WORKERS="1") for name in ("first", "second"))

    promoted = first.post("/v1/models/fourth/promote", {"why": "it knows recipes"})
    deadline = time.monotonic() + 30
    while second.get("/readyz").json["model"] != "fourth" and time.monotonic() < deadline:
        time.sleep(0.05)

    assert promoted.json["serving"] is True
    answers = [server.post("/v1/classify", {"text": RECIPE}).json for server in (first, second)]
    assert [("fourth", "recipe")] * 2 == [(each["model"], each["results"][0]["label"]) for each in answers]


def wait_for(server: ServerProcess, version: str, without: int) -> None:
    """Wait until two workers serve a version, and none of them is the one that was killed."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        workers = server.get("/readyz").json["workers"]
        if [version] * 2 == [each["version"] for each in workers] and without not in {each["pid"] for each in workers}:
            return
        time.sleep(0.1)
    raise AssertionError(f"{version} is not served: {server.get('/readyz').json}")
