"""The gate's verdict, the shadow, the report and old versions, from the command line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import orjson
import pytest

from models.versions import Registry
from service.jobs import Jobs
from service.settings import Settings
from service.store import open_store, writing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.cli.conftest import Run

REFUSED = {"passed": False, "reasons": ["recall of 'opinion' fell by .04"]}


def test_what_the_gate_refused_is_promoted_by_force_only(run: Run, registry: Registry) -> None:
    """The reason is told, and with --force it stands in the history."""
    registry.record_verdict("second", REFUSED)

    refused = run("models", "promote", "second", "--why", "better")
    assert (1, "first") == (refused.exit_code, registry.champion())
    assert "the gate refused 'second': recall of 'opinion' fell by .04 (--force)" in refused.stderr

    assert 0 == run("models", "promote", "second", "--why", "better", "--force").exit_code
    assert "better (forced: the gate refused 'second': recall of 'opinion' fell by .04)" == registry.history()[-1].why


def test_the_list_tells_verdicts_and_figures(run: Run, registry: Registry) -> None:
    """A version that was never judged has none."""
    listed = [orjson.loads(line) for line in run("models", "list", "--json").output.splitlines()]

    figures = orjson.loads((registry.folder("first") / "model.json").read_bytes())["metrics"]["in_page"]
    assert [None, "passed"] == [each["verdict"] for each in listed]
    assert {figures["four_way"]} == {each["macro_f1"] for each in listed}
    assert "passed" in run("models", "list").output


def test_a_shadow_is_set_told_and_taken_away(run: Run, registry: Registry) -> None:
    """Without a version the command tells the present shadow."""
    assert "no shadow\n" == run("models", "shadow").output
    run("models", "shadow", "second", "--why", "a week", "--who", "bob")

    assert "bob: a week" in run("models", "shadow").output
    assert "no shadow\n" == run("models", "shadow", "--off").output
    assert registry.shadow() is None


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("second",), "--why is missing"),
        (("second", "--off", "--why", "x"), "not both"),
        (("third", "--why", "x"), "no version"),
    ],
    ids=["no reason", "both", "unknown"],
)
def test_a_wrong_shadow_is_refused(run: Run, registry: Registry, arguments: tuple[str, ...], reason: str) -> None:
    """What is wrong is named, and nothing changes."""
    result = run("models", "shadow", *arguments)

    assert result.exit_code != 0
    assert reason in result.stderr
    assert registry.shadow() is None


def test_old_versions_are_removed(run: Run, registry: Registry) -> None:
    """The champion stays, whatever is kept."""
    assert "removed second\n" == run("models", "prune", "--keep", 0).output
    assert "nothing to remove\n" == run("models", "prune").output
    assert ["first"] == registry.versions()


def test_what_a_job_needs_is_not_removed(run: Run, registry: Registry) -> None:
    """A batch that waits was ordered with a version; where there is no database, none is made to look."""
    database = Settings.load().database_file
    assert "removed second\n" == run("models", "prune", "--keep", 0).output
    assert not database.exists()
    shutil.copytree(registry.folder("first"), registry.folder("first").with_name("second"))
    engine = open_store(f"sqlite:///{database}")
    with writing(engine) as connection:
        job = Jobs.add_within(connection, "batch", {}, pins=["second"])

    assert "nothing to remove\n" == run("models", "prune", "--keep", 0).output
    Jobs(engine).cancel(job.id)
    engine.dispose()
    assert "removed second\n" == run("models", "prune", "--keep", 0).output


def test_a_report_is_written(run: Run, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped champion's is a page; a version without one says what to do."""
    result = run("models", "report", "second", "--out", tmp_path / "report.html")
    assert "'second' was saved without a report; train it again" in result.stderr
    assert ["first", "second"] == registry.versions()

    monkeypatch.delenv("LANMU_MODELS_DIR")
    run("models", "report", "--out", tmp_path / "report.html")

    assert "<!doctype html>" in (tmp_path / "report.html").read_text("utf-8")
