"""What is counted for Prometheus."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.service.server_process import ServerProcess


def value(exposition: str, name: str, **labels: str) -> float:
    """The value of one sample; 0 where it is absent."""
    samples = [sample for family in text_string_to_metric_families(exposition) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())


def test_requests_are_counted_by_route(client: FlaskClient) -> None:
    """A request raises the count of its route and status by one."""
    labels = {"method": "GET", "route": "/v1/models/<version>", "status": "404"}
    before = value(client.get("/metrics").text, "lanmu_requests_total", **labels)

    client.get("/v1/models/nope")

    assert value(client.get("/metrics").text, "lanmu_requests_total", **labels) == before + 1


def test_sections_are_counted_by_label_or_reason(client: FlaskClient) -> None:
    """An abstention is counted by its reason."""
    labels = {"label": "", "abstain_reason": "empty"}
    before = value(client.get("/metrics").text, "lanmu_sections_total", **labels)

    client.post("/v1/classify", json={"texts": ["", " "]})

    assert value(client.get("/metrics").text, "lanmu_sections_total", **labels) == before + 2


def test_the_version_that_answers_is_told(client: FlaskClient) -> None:
    """The loaded version has the value 1."""
    version = client.get("/readyz").get_json()["model"]

    assert value(client.get("/metrics").text, "lanmu_model_info", version=version) == 1


def test_any_worker_answers_for_all(server: ServerProcess) -> None:
    """The counts of all workers come together, whichever is asked."""
    labels = {"method": "GET", "route": "/openapi.json", "status": "200"}
    before = value(server.get("/metrics").body.decode(), "lanmu_requests_total", **labels)

    for _ in range(20):
        server.get("/openapi.json")

    assert value(server.get("/metrics").body.decode(), "lanmu_requests_total", **labels) == before + 20


def test_an_empty_file_of_a_killed_worker_is_passed_over(server: ServerProcess) -> None:
    """A worker that was killed while it made its file does not keep the others' counts from being told."""
    (folder,) = Path(server.folder, "var", "metrics").iterdir()
    (folder / "counter_999999.db").touch()

    answer = server.get("/metrics")

    assert answer.status == 200
    assert b"lanmu_requests_total" in answer.body
