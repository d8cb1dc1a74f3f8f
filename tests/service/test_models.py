"""GET /v1/models: the saved versions."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def test_the_champion_is_listed(client: FlaskClient) -> None:
    """One version is the champion, and it is the one that answers."""
    answer = client.get("/v1/models").get_json()

    assert [version["version"] for version in answer["models"] if version["champion"]] == [answer["model"]]


def test_a_version_shows_its_metadata(client: FlaskClient) -> None:
    """A version's own address tells what its model.get_json() says."""
    champion = client.get("/readyz").get_json()["model"]

    answer = client.get(f"/v1/models/{champion}").get_json()

    assert (answer["version"], answer["champion"]) == (champion, True)
    assert answer["metadata"]["version"] == champion


@pytest.mark.parametrize("version", ["nope", "..", "%2e%2e", "champion", "a%00b", "栏目"])
def test_an_unknown_version_is_404(client: FlaskClient, version: str) -> None:
    """Whatever is no version of the registry is not found, files and folders beside it too."""
    assert client.get(f"/v1/models/{version}").status_code == 404
