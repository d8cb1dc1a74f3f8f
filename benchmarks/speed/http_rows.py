"""Over HTTP: requests with one text and with fifty, beside a greeting and beside the naive ways."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.speed import servers
from benchmarks.speed.apps.answering import NAIVE as NAIVE_FILE
from benchmarks.speed.apps.answering import REGISTRY
from benchmarks.speed.bench import Bench
from benchmarks.speed.load import requests_a_second
from benchmarks.speed.material import Material
from benchmarks.speed.peers import SENSIBLE, NotLabellingError, absent
from benchmarks.speed.rounds import Burst, take_turns
from benchmarks.speed.rows import Growth, Row, Target

if TYPE_CHECKING:
    from benchmarks.speed.servers import Server

WORKERS = 2
MANY = 50
OURS = "Lanmu"
HELLO = "hello-world, Flask on the same server"
FLASK = "naive, Flask on gunicorn (threads)"
FASTAPI_NAIVE = "naive, FastAPI on uvicorn"
FASTAPI_OURS = "Lanmu's model, FastAPI on uvicorn"
TARGETS = {(1, HELLO): Target(0.6), (MANY, FLASK): Target(20)}


def compare_servers(bench: Bench) -> None:
    """All servers run at once, and one after the other has the load."""
    material, folder, report = bench.material, bench.folder, bench.report
    variables = {NAIVE_FILE: str(bench.naive), REGISTRY: str(material.registry)}
    texts = [text for text in material.texts if 80 <= len(text) <= 160][:MANY]  # noqa: PLR2004 - ordinary sections
    with ExitStack() as stack:
        found: dict[str, Server] = {
            OURS: stack.enter_context(servers.lanmu(folder / "lanmu", WORKERS, material.registry)),
            HELLO: stack.enter_context(servers.hello(folder, WORKERS)),
            FLASK: stack.enter_context(servers.naive_flask(folder, WORKERS, **variables)),
        }
        if reason := absent("fastapi", "uvicorn"):
            report.notes.append(f"FastAPI: {reason}")
        else:
            for name, factory in ((FASTAPI_NAIVE, "with_naive"), (FASTAPI_OURS, "with_compiled")):
                found[name] = stack.enter_context(servers.fastapi(folder, WORKERS, factory, **variables))
        _check_labels(found, material)
        for count in (1, MANY):
            body = {"text": texts[0]} if count == 1 else {"texts": texts}
            _compare(count, found, body, bench)
    _compare_workers({"texts": texts}, bench)


def _compare(count: int, found: dict[str, Server], body: dict[str, Any], bench: Bench) -> None:
    asked = {name: server for name, server in found.items() if count == 1 or name != HELLO}
    bursts: dict[str, Burst] = {
        name: partial(requests_a_second, server, None if name == HELLO else body, bench.scale.seconds)
        for name, server in asked.items()
    }
    rounds = take_turns(bursts, bench.scale.rounds, 1)
    what = f"HTTP, {WORKERS} workers, {'one text' if count == 1 else f'{count} texts'} a request"
    for name in asked:
        if name != OURS:
            ratio = rounds.ratio(OURS, name)
            figures = rounds.figure(OURS), rounds.figure(name)
            target = TARGETS.get((count, name))
            bench.report.rows.append(Row(what, OURS, figures[0], "requests/s", name, figures[1], ratio, target))


def _compare_workers(body: dict[str, Any], bench: Bench) -> None:
    """One worker and two of our own server, in turns."""
    registry = bench.material.registry
    with ExitStack() as stack:
        bursts: dict[str, Burst] = {}
        for count in (1, 2):
            server = stack.enter_context(servers.lanmu(bench.folder / f"workers-{count}", count, registry))
            bursts[str(count)] = partial(requests_a_second, server, body, bench.scale.seconds)
        rounds = take_turns(bursts, bench.scale.rounds, 1)
    rates = [MANY * median(rounds.figures[name]) for name in bursts]
    note = "the load's generator takes its share of the two cores"
    bench.report.growths.append(
        Growth("HTTP by workers, 50 texts a request", "workers", "texts/s", [1, 2], {OURS: rates}, note)
    )


def _check_labels(found: dict[str, Server], material: Material) -> None:
    """Raises NotLabellingError where a server does not label what it learned from."""
    texts, labels = material.texts[::40], material.labels[::40]
    for name, server in found.items():
        if name == HELLO:
            continue
        given = [result["label"] or "none" for result in server.post({"texts": texts})["results"]]
        share = sum(mine == true for mine, true in zip(given, labels, strict=True)) / len(texts)
        one = server.post({"text": texts[0]})["results"]
        if share < SENSIBLE - 0.15 or len(one) != 1:  # ours abstains where the threshold says so
            raise NotLabellingError(f"{name} gives only {share:.0%} of its own seeds their labels")
