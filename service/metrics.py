"""What the service counts, for Prometheus.

With PROMETHEUS_MULTIPROC_DIR set, which `service.serve` does, every worker writes its counts into files of that folder,
and any worker can answer for all.
"""

from __future__ import annotations

import os
from collections import Counter as Tally
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from service.crew import FOLDER

if TYPE_CHECKING:
    from models.judging.decision import Meaning

REQUESTS = Counter("lanmu_requests", "Requests answered.", ["method", "route", "status"])
LATENCY = Histogram(
    "lanmu_request_seconds",
    "From the request's first byte in the application to its answer.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
SECTIONS = Counter("lanmu_sections", "Texts and sections judged.", ["version", "label", "abstain_reason"])
MODEL = Gauge("lanmu_model_info", "1 for the version that answers.", ["version"], multiprocess_mode="livemax")
SWAPS = Counter(
    "lanmu_model_swaps", "Versions that a process took over to (done) or could not load (refused).", ["outcome"]
)
REFUSED = Gauge(
    "lanmu_model_refused", "1 while a process cannot load the registry's champion.", multiprocess_mode="livemax"
)
WORDS = Counter("lanmu_words", "Words of a sample of requests, by whether training knew them.", ["version", "known"])
SHADOWED = Counter("lanmu_shadow_sections", "Sections that the shadow scored, too.", ["version"])
DISAGREEMENTS = Counter(
    "lanmu_shadow_disagreements", "Sections that the shadow judged otherwise.", ["version", "said", "shadow_said"]
)
DROPPED = Counter("lanmu_shadow_dropped", "Requests that the shadow did not score: too many at a time, or too large.")


def workers_folder() -> Path | None:
    """The folder that the workers of one server share; None where this process answers alone."""
    return Path(os.environ[FOLDER]) if os.environ.get(FOLDER) else None


class WorkersCollector(MultiProcessCollector):
    """The counts of all workers. A file that a killed worker left empty is passed over: the library fails on it."""

    def collect(self) -> Iterable[Metric]:
        """The metrics of all workers, merged."""
        files = [str(path) for path in Path(self._path).glob("*.db") if path.stat().st_size > 0]
        merged: Iterable[Metric] = self.merge(files, accumulate=True)  # type: ignore[no-untyped-call]
        return merged


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(_registry())


def totals(name: str, by: str, **labels: str) -> dict[str, float]:
    """The sums of a metric's samples in all workers that have some labels, for each value of another label."""
    sums: Tally[str] = Tally()
    for family in _registry().collect():
        for sample in family.samples:
            if sample.name == name and labels.items() <= sample.labels.items():
                sums[sample.labels.get(by, "")] += sample.value  # type: ignore[assignment] # counts may be floats
    return dict(sums)


def _registry() -> CollectorRegistry:
    if FOLDER not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    WorkersCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def show_version(version: str | None, previous: str | None) -> None:
    """Tell which version this process answers with from now on, and with which no more."""
    if previous is not None:
        MODEL.labels(previous).set(0)
    if version is not None:
        MODEL.labels(version).set(1)


def count_swap(outcome: str) -> None:
    """Count a version that took over (`done`), or could not (`refused`)."""
    SWAPS.labels(outcome).inc()


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the rule that matched, never the path: there are endless paths."""
    requests, latency = _of_route(method, route, status)
    requests.inc()
    latency.observe(seconds)


@cache
def _of_route(method: str, route: str, status: int) -> tuple[Counter, Histogram]:
    """The counters of one kind of request: to find them by their labels takes as long as to count."""
    return REQUESTS.labels(method, route, str(status)), LATENCY.labels(route)


def count_sections(version: str, answers: Iterable[Meaning]) -> None:
    """Count judged texts by label, or by the reason for having none."""
    for (label, reason), number in Tally(answers).items():
        _of_sections(version, label or "", reason or "").inc(number)


@cache
def _of_sections(version: str, label: str, reason: str) -> Counter:
    """The counter of one kind of answer; see `_of_route`."""
    return SECTIONS.labels(version, label, reason)


def count_words(version: str, known: int, unknown: int) -> None:
    """Count words that training knew, and words that it did not."""
    WORDS.labels(version, "yes").inc(known)
    WORDS.labels(version, "no").inc(unknown)


def count_shadowed(version: str, sections: int, disagreements: Iterable[tuple[str, str]]) -> None:
    """Count what the shadow scored, and where it differs: what the champion said, and what the shadow would."""
    SHADOWED.labels(version).inc(sections)
    for (said, shadow_said), number in Tally(disagreements).items():
        DISAGREEMENTS.labels(version, said, shadow_said).inc(number)


def count_dropped() -> None:
    """Count a request that the shadow did not score."""
    DROPPED.inc()
