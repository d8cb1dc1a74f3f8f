"""Promoting and rolling back over HTTP: who may, what is checked, what is told."""

from __future__ import annotations

import gc
import shutil
import weakref
from pathlib import Path

import pytest
from flask import Flask

from models.versions import Registry
from service.app import create_app
from service.jobs import Jobs
from service.keys import Scope, create_key
from service.parts import EXTENSION
from service.settings import Settings
from service.store import writing
from tests.recipes import RECIPE
from tests.service.swap.conftest import WHO

WHY = {"why": "it knows recipes"}
PROMOTE = "/v1/models/fourth/promote"


def test_the_new_label_comes_and_goes(app: Flask) -> None:
    """After a promotion answers name the fourth label, after a rollback they do not; the history tells both."""
    client = app.test_client()
    labels = []
    for call in (None, PROMOTE, "/v1/models/rollback"):
        if call:
            assert client.post(call, json=WHY).get_json()["serving"] is True
        labels.append(client.post("/v1/classify", json={"text": RECIPE}).get_json()["results"][0]["label"])

    history = client.get("/v1/models/history").get_json()["history"]

    assert "recipe" == labels[1]
    assert "recipe" not in {labels[0], labels[2]}
    assert [("promote", "fourth", "small"), ("rollback", "small", "fourth")] == [
        (each["action"], each["version"], each["previous"]) for each in history[1:]
    ]
    assert {("open service", "it knows recipes")} == {(each["who"], each["why"]) for each in history[1:]}


def test_versions_are_listed_with_their_verdicts(app: Flask, registry: Registry) -> None:
    """The list says which is the champion, what the gate said, and what speaks against a promotion."""
    registry.record_verdict("fourth", {"passed": False, "reasons": ["slower"]})

    listed = {each["version"]: each for each in app.test_client().get("/v1/models").get_json()["models"]}

    assert {"small": True, "fourth": False} == {version: each["champion"] for version, each in listed.items()}
    assert {"passed": False, "reasons": ["slower"]} == listed["fourth"]["verdict"]
    assert ("the gate refused 'fourth': slower", None) == (listed["fourth"]["objection"], listed["small"]["objection"])


@pytest.mark.parametrize("verdict", [{"passed": False, "reasons": ["slower"]}, None], ids=["refused", "not judged"])
def test_what_nothing_vouches_for_needs_force(
    app: Flask, registry: Registry, models_dir: Path, verdict: dict[str, object] | None
) -> None:
    """Without `force` it is a conflict; with it, the history says that it was forced."""
    (models_dir / "verdicts" / "fourth.json").unlink()
    if verdict is not None:
        registry.record_verdict("fourth", verdict)
    client = app.test_client()

    refused = client.post(PROMOTE, json=WHY)
    forced = client.post(PROMOTE, json=WHY | {"force": True})

    assert (409, 200) == (refused.status_code, forced.status_code)
    assert "'fourth' is not promoted:" in refused.get_json()["detail"]
    assert registry.history()[-1].why.startswith("it knows recipes (forced: ")


@pytest.mark.parametrize(
    ("scopes", "body", "status"),
    [
        ([Scope.PREDICT], {}, 403),
        ([Scope.TRAIN], {}, 200),
        ([Scope.TRAIN], {"force": True}, 403),
        ([Scope.ADMIN], {"force": True}, 200),
    ],
    ids=["predict", "train", "train forces", "admin forces"],
)
def test_who_may_promote(
    app: Flask, registry: Registry, scopes: list[Scope], body: dict[str, object], status: int
) -> None:
    """Whoever may train may promote what the gate passed; to overrule it takes an admin. The history names the key."""
    made = create_key(app.extensions["lanmu"].engine, "ops", scopes)
    if body:
        registry.record_verdict("fourth", {"passed": False, "reasons": ["slower"]})

    answer = app.test_client().post(PROMOTE, json=WHY | body, headers={"X-API-Key": made.token})

    assert status == answer.status_code
    assert (registry.champion() == "fourth") == (status == 200)
    assert (f"ops ({made.key.prefix})" == registry.history()[-1].who) == (status == 200)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/models/nope/promote", WHY, 404),
        ("/v1/models/..%2fsmall/promote", WHY, 404),
        (PROMOTE, {}, 422),
        (PROMOTE, {"why": ""}, 422),
        (PROMOTE, {"why": "x" * 501}, 422),
        (PROMOTE, {"why": "x", "force": "yes"}, 422),
        ("/v1/models/rollback", WHY, 409),
        ("/v1/models/rollback", {"why": 1}, 422),
    ],
)
def test_wrong_calls_change_nothing(
    app: Flask, registry: Registry, path: str, body: dict[str, object], status: int
) -> None:
    """An unknown version, a missing reason, a rollback with nothing before: each is refused with a problem."""
    answer = app.test_client().post(path, json=body)

    assert (status, "application/problem+json") == (answer.status_code, answer.content_type)
    assert ["small"] == [change.version for change in registry.history()]


def test_old_versions_go_after_a_promotion(models_dir: Path, tmp_path: Path, registry: Registry) -> None:
    """LANMU_KEEP_VERSIONS newest stay, and the champion with its predecessor in any case."""
    for name in ("old1", "old2"):
        (models_dir / name).mkdir()
        (models_dir / name / "MANIFEST").touch()
    app = create_app(Settings(data_dir=tmp_path / "var", models_dir=models_dir, keep_versions=1))

    answer = app.test_client().post(PROMOTE, json=WHY).get_json()

    assert ["old1", "old2"] == answer["removed"]
    assert {"small", "fourth"} == set(registry.versions())


def test_a_version_that_a_job_needs_stays(models_dir: Path, tmp_path: Path, registry: Registry) -> None:
    """A batch was ordered with it and is not over."""
    (models_dir / "old").mkdir()
    (models_dir / "old" / "MANIFEST").touch()
    app = create_app(Settings(data_dir=tmp_path / "var", models_dir=models_dir, keep_versions=1))
    with writing(app.extensions[EXTENSION].engine) as connection:
        Jobs.add_within(connection, "batch", {}, pins=["old"])

    answer = app.test_client().post(PROMOTE, json=WHY).get_json()

    assert [] == answer["removed"]
    assert "old" in registry.versions()


@pytest.mark.usefixtures("registry")
def test_without_the_database_nothing_is_removed(models_dir: Path, tmp_path: Path) -> None:
    """It cannot tell what jobs need; the promotion is done and told all the same."""
    (models_dir / "old").mkdir()
    (models_dir / "old" / "MANIFEST").touch()
    app = create_app(Settings(data_dir=tmp_path / "var", models_dir=models_dir, keep_versions=1))
    client = app.test_client()
    assert 200 == client.get("/v1/models").status_code  # the service is open, which is known for some seconds
    app.extensions[EXTENSION].engine.dispose()
    shutil.rmtree(tmp_path / "var")
    (tmp_path / "var").write_text("in the way")

    answer = client.post(PROMOTE, json=WHY).get_json()

    assert ("fourth", []) == (answer["champion"], answer["removed"])
    assert (models_dir / "old").is_dir()


def test_a_report_can_do_nothing_but_show_itself(app: Flask, models_dir: Path) -> None:
    """It comes with a policy that lets nothing run or load; a tampered one does not come at all."""
    client = app.test_client()

    answer = client.get("/v1/models/small/report")
    (models_dir / "small" / "report.html").write_text("<script>alert(1)</script>")
    tampered = client.get("/v1/models/small/report")

    assert (200, "text/html; charset=utf-8") == (answer.status_code, answer.content_type)
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "nosniff" == answer.headers["X-Content-Type-Options"]
    assert (409, True) == (tampered.status_code, "report.html" in tampered.get_json()["detail"])


def test_a_comparison_is_served_where_there_is_one(app: Flask, registry: Registry) -> None:
    """Where there is none, the answer says how to make it."""
    client = app.test_client()
    missing = client.get("/v1/models/small/comparison/fourth")
    registry.record_comparison("small", "fourth", "<p>并排".encode())

    found = client.get("/v1/models/small/comparison/fourth")

    assert (404, True) == (missing.status_code, "lanmu-train compare small fourth" in missing.get_json()["detail"])
    assert (200, "<p>并排") == (found.status_code, found.text)
    assert found.headers["Content-Security-Policy"].startswith("sandbox;")


def test_a_version_that_is_gone_goes_on_answering(app: Flask, models_dir: Path, registry: Registry) -> None:
    """A champion whose files are removed answers until the process ends: its arrays stay mapped."""
    (models_dir / "small").rename(models_dir / ".away")
    champion = app.extensions["lanmu"].champion
    champion.look()

    answer = app.test_client().post("/v1/classify", json={"text": RECIPE})

    assert (200, "small") == (answer.status_code, answer.get_json()["model"])
    assert WHO["who"] == registry.history()[0].who


def test_a_version_under_another_name_is_not_served(app: Flask, models_dir: Path) -> None:
    """A champion file that leads to a version of another name is told as trouble, and tried again now and then only."""
    (models_dir / "fourth").rename(models_dir / "other")
    (models_dir / "champion").write_text("other\n")
    champion = app.extensions["lanmu"].champion

    steps = [champion.look() for _ in range(3)]

    assert ([False] * 3, "small") == (steps, champion.version)
    assert "holds 'fourth'; name the folder so" in champion.trouble
    assert "degraded" == app.test_client().get("/readyz").get_json()["status"]


def test_a_lost_champion_file_is_told(app: Flask, models_dir: Path) -> None:
    """What answered goes on, and /readyz says what is missing until it is there again."""
    (models_dir / "champion").rename(models_dir / ".away")
    champion, client = app.extensions["lanmu"].champion, app.test_client()
    champion.look()
    lost = client.get("/readyz")
    (models_dir / ".away").rename(models_dir / "champion")
    champion.look()

    assert (200, "degraded", "small") == (lost.status_code, lost.get_json()["status"], lost.get_json()["model"])
    assert lost.get_json()["checks"]["champion"].startswith("no champion in")
    assert "ok" == client.get("/readyz").get_json()["status"]


def test_the_model_before_is_released(app: Flask) -> None:
    """Once a version is replaced and its last request is answered, its memory is free."""
    champion = app.extensions["lanmu"].champion
    before = weakref.ref(champion.model())

    app.test_client().post(PROMOTE, json=WHY)
    gc.collect()

    assert "fourth" == champion.model().version
    assert before() is None
