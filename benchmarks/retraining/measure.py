"""A run: the service idle, then retraining, then idle again, as often as is asked for."""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.retraining.load import Load, quantile, steady_load
from benchmarks.speed import servers
from benchmarks.speed.material import written_anew
from benchmarks.speed.servers import Server, ServerError
from models.seeds.seed import SeedPage

WORKERS = 2
NEW_SECTIONS = 200
"""So many new seeds come before each training; without any it would find nothing to learn."""

LEAST_SHARE = 0.98
"""A run in which fewer of the requests were answered in their time was no steady load."""

UNDER_WAY_S = 1.0
"""How long answers are waited for that are under way when a part ends."""

LOOK_S = 1.0
LONGEST_S = 3600

Say = Callable[[str], None]


@dataclass(frozen=True)
class Scale:
    """How much is measured.

    rounds : trainings. a_second : requests. idle_s : how long the service is watched before, between and after.
    seeds : what every training begins with; None are the shipped ones.
    """

    rounds: int = 3
    a_second: float = 200
    idle_s: float = 20
    seeds: Path | None = None


@dataclass(frozen=True)
class Part:
    """A time that was watched. p50, p99 : in milliseconds. rate : answers a second."""

    p50: float
    p99: float
    rate: float


@dataclass(frozen=True)
class Round:
    """One training, in seconds from the request to the verdict, and the answers meanwhile.

    idle_p99 : the mean of those before and after. verdict : what the gate said, in a sentence.
    """

    seconds: float
    before: Part
    during: Part
    after: Part
    verdict: str

    @property
    def idle_p99(self) -> float:
        """The mean of before and after, in milliseconds."""
        return (self.before.p99 + self.after.p99) / 2

    @property
    def ratio(self) -> float:
        """How many times the idle p99 that of the training is."""
        return self.during.p99 / self.idle_p99


def measure(registry: Path, pages: Sequence[SeedPage], scale: Scale, folder: Path, say: Say) -> list[Round]:
    """Measure.

    registry : whose champion answers; it is copied. pages : whose texts are asked about, and made new seeds of.
    folder : for whatever is written meanwhile.

    Raises ServerError where a request fails, the load is not kept up, or a training comes to no verdict.
    """
    shutil.copytree(registry, folder / "registry")
    chosen = {} if scale.seeds is None else {"LANMU_TRAINING_SEEDS": str(scale.seeds)}
    texts = [seed.text for page in pages for seed in page.seeds]
    settings = {"LANMU_WORKER": "on", "LANMU_PROMOTE": "manual", **chosen}  # the same version answers throughout
    with (
        servers.lanmu(folder / "server", WORKERS, folder / "registry", **settings) as server,
        steady_load(server, texts, scale.a_second) as load,
    ):
        time.sleep(min(2.0, scale.idle_s))  # the first answers are slower
        before = _idle(load, scale)
        rounds = []
        for number in range(scale.rounds):
            say(f"training {number + 1} of {scale.rounds}")
            _add_seeds(server, pages, number)
            began = time.monotonic()
            training = _train(server, load)
            ended = time.monotonic()
            during, after = _part(load, began, ended, scale), _idle(load, scale)
            rounds.append(Round(ended - began, before, during, after, _said(training)))
            say(f"{rounds[-1].seconds:.1f} s, p99 {during.p99:.2f} ms, idle {rounds[-1].idle_p99:.2f} ms")
            before = after
    return rounds


def _idle(load: Load, scale: Scale) -> Part:
    began = time.monotonic()
    time.sleep(scale.idle_s)
    return _part(load, began, time.monotonic(), scale)


def _part(load: Load, start: float, end: float, scale: Scale) -> Part:
    time.sleep(0.1)
    wanted, deadline = LEAST_SHARE * scale.a_second * (end - start), time.monotonic() + UNDER_WAY_S
    while len(found := load.latencies(start, end)) < wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    rate = len(found) / (end - start)
    if rate < LEAST_SHARE * scale.a_second:
        raise ServerError(
            f"{rate:.0f} requests a second were answered of the {scale.a_second:.0f} that were to be sent"
        )
    return Part(1000 * quantile(found, 0.5), 1000 * quantile(found, 0.99), rate)


def _add_seeds(server: Server, pages: Sequence[SeedPage], number: int) -> None:
    """Add seeds that are new, each round others."""
    turned = [*pages[number + 1 :], *pages[: number + 1]]
    text = written_anew(turned, NEW_SECTIONS).replace("=== anew-", f"=== round-{number}-")
    added = _send(server, "/v1/seeds?on_conflict=keep", text.encode(), "text/plain")
    if not added["added"]:
        raise ServerError(f"no seed was new: {added}")


def _train(server: Server, load: Load) -> dict[str, Any]:
    """Have a training done."""
    training: dict[str, Any] = _send(server, "/v1/trainings", b"", "application/json")
    deadline = time.monotonic() + LONGEST_S
    while training["state"] in {"queued", "running"} and not load.failures and time.monotonic() < deadline:
        time.sleep(LOOK_S)
        training = json.loads(server.get(f"/v1/trainings/{training['id']}")[1])
    if training["verdict"] is None:
        raise ServerError(f"the training came to no verdict: {training['state']}, {training['error']}, {load.failures}")
    return training


def _said(training: dict[str, Any]) -> str:
    passed = "passed" if training["verdict"]["passed"] else "not passed"
    return f"{passed}: {training['verdict']['reasons'][0]}"


def _send(server: Server, path: str, body: bytes, media_type: str) -> Any:
    asked = urllib.request.Request(f"{server.url}{path}", body, {"Content-Type": media_type})  # noqa: S310 - our own server
    with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)
