"""Drift: how live traffic differs from what the champion was trained on.

Live figures are counted since the server started, for each version by itself. The training's figures are those of pages
that the model had not seen, as model.json has them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from service.metrics import totals

ABSTAINED = "abstained"

FEWEST = 200
"""Sections below which live shares say little."""

SMALLEST = 1e-3
"""A share is taken for this at least, so that what never came does not weigh without end."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Live traffic beside the training's.

    sections : judged live. expected, seen : the share of each label, and of abstentions.
    distance : population stability index of the two; from .1 worth a look, from .25 another kind of traffic. None where
        too few sections were judged.
    unknown_expected, unknown_seen : the share of words that the version does not know. words : looked at live.
    """

    version: str
    sections: int
    expected: dict[str, float]
    seen: dict[str, float]
    distance: float | None
    unknown_expected: float | None
    unknown_seen: float | None
    words: int


def drift_of(version: str, metadata: Mapping[str, Any]) -> Drift:
    """What was counted of a version's answers, beside its model.json."""
    expected = expected_shares(metadata)
    counts = totals("lanmu_sections_total", "label", version=version)
    counts[ABSTAINED] = counts.pop("", 0.0)
    sections = sum(counts.values())
    seen = {label: counts.get(label, 0.0) / sections for label in expected} if sections else {}
    words = totals("lanmu_words_total", "known", version=version)
    every = sum(words.values())
    return Drift(
        version,
        round(sections),
        expected,
        seen,
        stability_index(expected, seen) if sections >= FEWEST and expected else None,
        metadata.get("unknown_words"),
        words.get("no", 0.0) / every if every else None,
        round(every),
    )


def expected_shares(metadata: Mapping[str, Any]) -> dict[str, float]:
    """How often each label was answered in training on unseen pages, and how often none; empty where it is not told."""
    try:
        labels, confusion = metadata["labels"], metadata["metrics"]["in_page"]["confusion"]
        answers = [sum(column) for column in zip(*confusion, strict=True)]
        return {
            ABSTAINED if place == len(labels) - 1 else label: count / sum(answers)
            for place, (label, count) in enumerate(zip(labels, answers, strict=True))
        }
    except (KeyError, TypeError, ValueError, ZeroDivisionError):  # a version that was written by hand
        return {}


def stability_index(expected: Mapping[str, float], seen: Mapping[str, float]) -> float:
    """The population stability index: the sum over labels of (seen - expected) ln(seen / expected).

    >>> stability_index({"a": 0.5, "b": 0.5}, {"a": 0.5, "b": 0.5})
    0.0
    """
    pairs = [(max(share, SMALLEST), max(seen.get(label, 0.0), SMALLEST)) for label, share in expected.items()]
    return sum((live - trained) * math.log(live / trained) for trained, live in pairs)


def drift_exposition(drift: Drift) -> bytes:
    """Drift in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Families(drift))
    return generate_latest(registry)


@dataclass(frozen=True, slots=True, eq=False)
class _Families:
    drift: Drift

    def collect(self) -> list[Metric]:
        """The gauges of one drift."""
        share = GaugeMetricFamily("lanmu_drift_share", "Share of answers.", labels=["label", "of"])
        for name, shares in (("training", self.drift.expected), ("live", self.drift.seen)):
            for label, value in shares.items():
                share.add_metric([label, name], value)
        unknown = GaugeMetricFamily("lanmu_drift_unknown_words", "Share of words not known.", labels=["of"])
        for name, known in (("training", self.drift.unknown_expected), ("live", self.drift.unknown_seen)):
            if known is not None:
                unknown.add_metric([name], known)
        distance = GaugeMetricFamily("lanmu_drift_distance", "Population stability index of live answers to training.")
        if self.drift.distance is not None:
            distance.add_metric([], self.drift.distance)
        return [share, unknown, distance]
