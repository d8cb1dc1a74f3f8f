"""What the service counts, for Prometheus.

With PROMETHEUS_MULTIPROC_DIR set, which `service.serve` does, every worker writes its counts into files of that folder,
and any worker can answer for all.
"""

from __future__ import annotations

import os
from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

REQUESTS = Counter("lanmu_requests", "Requests answered.", ["method", "route", "status"])
LATENCY = Histogram(
    "lanmu_request_seconds",
    "From the request's first byte in the application to its answer.",
    ["route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
SECTIONS = Counter("lanmu_sections", "Texts and sections judged.", ["label", "abstain_reason"])
MODEL = Gauge("lanmu_model_info", "1 for the version that answers.", ["version"], multiprocess_mode="livemax")


class WorkersCollector(MultiProcessCollector):
    """The counts of all workers. A file that a killed worker left empty is passed over: the library fails on it."""

    def collect(self) -> Iterable[Metric]:
        """The metrics of all workers, merged."""
        files = [str(path) for path in Path(self._path).glob("*.db") if path.stat().st_size > 0]
        merged: Iterable[Metric] = self.merge(files, accumulate=True)  # type: ignore[no-untyped-call]
        return merged


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    WorkersCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request. `route` is the rule that matched, never the path: there are endless paths."""
    REQUESTS.labels(method, route, str(status)).inc()
    LATENCY.labels(route).observe(seconds)


def count_sections(results: Iterable[Mapping[str, Any]]) -> None:
    """Count judged texts by label, or by the reason for having none."""
    tally = Tally((result["label"] or "", result["abstain_reason"] or "") for result in results)
    for (label, reason), number in tally.items():
        SECTIONS.labels(label, reason).inc(number)
