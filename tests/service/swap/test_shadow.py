"""A challenger scores live traffic without answering."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from models.versions import Registry
from service.app import create_app
from service.settings import Settings
from tests.recipes import RECIPE
from tests.service.jobs.workers import until
from tests.service.server_process import ServerProcess
from tests.service.swap.load import under_load

PAGE = f"首页 | 菜谱 | 食材\n\n{RECIPE}\n\n我认为这道菜显然被高估了，谁会相信一勺糖就能提鲜？\n"
PUT = {"version": "fourth", "why": "a day beside the champion"}


def watch(app: Flask) -> None:
    """Do what the thread beside the answers does, until nothing is left."""
    observer = app.extensions["lanmu"].observer
    while observer.step():
        pass


def test_disagreements_are_counted_and_listed_without_their_texts(app: Flask) -> None:
    """The answer is the champion's; what the shadow says otherwise is known by hash and place."""
    client = app.test_client()
    client.put("/v1/models/shadow", json=PUT)
    watch(app)

    answer = client.post("/v1/classify", json={"texts": [RECIPE, "首页 | 菜谱 | 食材"]}).get_json()
    watch(app)
    told = client.get("/v1/models/shadow").get_json()

    assert "small" == answer["model"]
    assert ("fourth", "open service") == (told["shadow"]["version"], told["shadow"]["who"])
    assert told["sections"] >= 2
    (found,) = [each for each in told["latest"] if each["sha256"] == hashlib.sha256(RECIPE.encode()).hexdigest()]
    assert ("recipe", None, None, None) == (found["shadow_said"], found["text"], found["start"], found["end"])
    assert 'lanmu_shadow_disagreements_total{said="' in client.get("/metrics").text


def test_a_section_of_a_page_is_told_by_its_place(models_dir: Path, tmp_path: Path) -> None:
    """With LANMU_SHADOW_TEXTS the text is kept, too, and it is the one that stands there."""
    app = create_app(Settings(data_dir=tmp_path / "var", models_dir=models_dir, shadow_texts=True))
    client = app.test_client()
    client.put("/v1/models/shadow", json=PUT)
    watch(app)

    client.post("/v1/pages", json={"page": PAGE})
    watch(app)
    latest = client.get("/v1/models/shadow").get_json()["latest"]

    assert [each["text"] for each in latest] == [PAGE[each["start"] : each["end"]] for each in latest]
    assert "recipe" in {each["shadow_said"] for each in latest}


def test_a_promoted_shadow_is_none_any_more(app: Flask, registry: Registry) -> None:
    """The champion has nothing to differ from, and is refused as a shadow."""
    client = app.test_client()
    client.put("/v1/models/shadow", json=PUT)
    client.post("/v1/models/fourth/promote", json={"why": "it knows recipes"})

    refused = client.put("/v1/models/shadow", json=PUT)

    assert registry.shadow() is None
    assert 409 == refused.status_code
    assert "'fourth' is the champion" in refused.get_json()["detail"]


def test_a_shadow_can_be_taken_away(app: Flask) -> None:
    """Without one, nothing is scored twice."""
    client = app.test_client()
    client.put("/v1/models/shadow", json=PUT)

    answer = client.delete("/v1/models/shadow").get_json()
    watch(app)
    before = client.get("/v1/models/shadow").get_json()["sections"]
    client.post("/v1/classify", json={"text": RECIPE})
    watch(app)

    assert (None, before) == (answer["shadow"], client.get("/v1/models/shadow").get_json()["sections"])


@pytest.mark.parametrize(
    "body", [{}, {"version": "fourth"}, {"version": "fourth", "why": ""}, {"version": 4, "why": "x"}]
)
def test_a_shadow_needs_a_version_and_a_reason(app: Flask, body: dict[str, object]) -> None:
    """What lacks one is told so, with a pointer."""
    answer = app.test_client().put("/v1/models/shadow", json=body)

    assert 422 == answer.status_code
    assert answer.get_json()["pointer"].startswith("/")


def test_a_broken_shadow_file_hides_no_version(app: Flask, models_dir: Path) -> None:
    """The list goes on; the shadow's own address names the file and the remedy, and taking it away mends it."""
    (models_dir / "shadow").write_text("{")
    client = app.test_client()
    watch(app)

    listed, told = client.get("/v1/models"), client.get("/v1/models/shadow")
    mended = client.delete("/v1/models/shadow")

    assert (200, 409, 200) == (listed.status_code, told.status_code, mended.status_code)
    assert "shadow names no shadow; remove the file" in told.get_json()["detail"]


def test_the_shadow_of_a_busy_server_breaks_no_answer(start_server: Callable[..., ServerProcess]) -> None:
    """Under load every request is answered by the champion; what the shadow cannot take is dropped and counted."""
    server = start_server()
    assert 200 == server.send("PUT", "/v1/models/shadow", b'{"version": "fourth", "why": "x"}', JSON).status
    until(lambda: 2 == len(list(server.folder.rglob("shadow-*.json"))))  # both processes have looked

    with under_load(server.port, RECIPE) as load:
        time.sleep(2)
    until(lambda: watched(server) >= len(load.asked) and server.get("/v1/models/shadow").json["latest"], 120)
    told = server.get("/v1/models/shadow").json

    assert ([], {200}, {"small"}) == (
        load.failures,
        {each.status for each in load.asked},
        {each.version for each in load.asked},
    )
    assert {"recipe"} == {each["shadow_said"] for each in told["latest"]}
    assert told["disagreements"] == told["sections"] > 0
    assert len(load.asked) == told["sections"] + told["dropped"]


def watched(server: ServerProcess) -> int:
    """How many requests the shadow scored or let go."""
    told = server.get("/v1/models/shadow").json
    return int(told["sections"] + told["dropped"])


JSON = {"Content-Type": "application/json"}
