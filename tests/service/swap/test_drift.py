"""Live traffic beside what the champion was trained on."""

from __future__ import annotations

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from models.versions import Registry
from service.drift import ABSTAINED, expected_shares, stability_index

FOREIGN = "鷫鷞麏麚黮黤 爨龘靐齉 籲灪麤龖"
"""Characters that no seed has."""


def watch(app: Flask) -> None:
    """Do what the thread beside the answers does, until nothing is left."""
    while app.extensions["lanmu"].observer.step():
        pass


def test_live_answers_stand_beside_those_of_training(app: Flask) -> None:
    """Shares add up to one on both sides; traffic of one kind only is far from the training's."""
    client = app.test_client()
    client.post("/v1/classify", json={"texts": ["首页 | 菜谱 | 食材"] * 250})

    drift = client.get("/v1/models/drift").get_json()

    assert drift["expected"].keys() == {"tech_analysis", "opinion", "recommendation_teaser", ABSTAINED}
    assert (pytest.approx(1), pytest.approx(1)) == (sum(drift["expected"].values()), sum(drift["seen"].values()))
    assert drift["sections"] >= 250
    assert drift["distance"] > 0.25


@pytest.mark.parametrize(("path", "field"), [("/v1/classify", "texts"), ("/v1/moderations", "input")])
def test_unknown_words_of_live_traffic_are_counted(path: str, field: str, app: Flask) -> None:
    """A sample of requests is looked at, whichever way they are answered: what training never saw is not known."""
    client = app.test_client()
    observer = app.extensions["lanmu"].observer
    known, unknown = app.extensions["lanmu"].champion.model().known_words([FOREIGN, "我认为这显然是错的。"])
    before = client.get("/v1/models/drift").get_json()["words"]
    for _ in range(16):
        client.post(path, json={field: [FOREIGN, "我认为这显然是错的。"]})
    watch(app)

    drift = client.get("/v1/models/drift").get_json()

    assert observer is not None
    assert before + known + unknown == drift["words"]
    assert known > 0
    assert unknown > 0
    assert 0 < drift["unknown_expected"] < 1


def test_drift_is_a_metric(app: Flask, registry: Registry) -> None:
    """Prometheus gets the same shares, and can warn."""
    client = app.test_client()
    families = {family.name: family for family in text_string_to_metric_families(client.get("/metrics").text)}

    shares = {
        sample.labels["label"]: sample.value
        for sample in families["lanmu_drift_share"].samples
        if sample.labels["of"] == "training"
    }

    metadata = app.extensions["lanmu"].champion.model().metadata
    assert expected_shares(metadata) == pytest.approx(shares)
    assert registry.champion() == metadata["version"]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [({"a": 0.5, "b": 0.5}, 0.0), ({"a": 0.6, "b": 0.4}, 0.0405), ({"a": 1.0}, 3.452)],
    ids=["the same", "a little off", "one kind only"],
)
def test_the_stability_index_grows_with_the_difference(seen: dict[str, float], expected: float) -> None:
    """It is the population stability index of credit scoring."""
    assert pytest.approx(expected, rel=0.01) == stability_index({"a": 0.5, "b": 0.5}, seen)


@pytest.mark.parametrize(
    "metadata", [{}, {"labels": []}, {"labels": ["a"], "metrics": {"in_page": {"confusion": [[0]]}}}]
)
def test_a_version_that_tells_no_figures_has_no_expectation(metadata: dict[str, object]) -> None:
    """Drift is not told of it, and nothing fails."""
    assert {} == expected_shares(metadata)
