"""Versions are listed, checked, promoted and rolled back from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from models.versions import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.cli.conftest import Run


def test_a_star_marks_the_champion(run: Run, registry: Registry) -> None:
    """The list shows every version, and which of them answers."""
    lines = run("models", "list").output.splitlines()

    assert [line.split()[:2] for line in lines if "first" in line] == [["*", registry.champion()]]
    assert [line.split()[0] for line in lines if "second" in line] == ["second"]


def test_the_list_as_json_names_the_champion(run: Run, registry: Registry) -> None:
    """Programs get one object for each version."""
    listed = [orjson.loads(line) for line in run("models", "list", "--json").output.splitlines()]

    assert [(each["version"], each["champion"]) for each in listed] == [("first", True), ("second", False)]
    assert registry.versions() == ["first", "second"]


def test_an_empty_registry_says_how_to_fill_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no version, the list names the folder and the program that makes one."""
    monkeypatch.setenv("LANMU_MODELS_DIR", str(tmp_path / "none"))

    assert run("models", "list").stderr == f"no versions in {tmp_path / 'none'}: train one with lanmu-train\n"


def test_a_version_tells_of_itself(run: Run, registry: Registry) -> None:
    """`show` prints model.json, the champion's by default."""
    metadata = orjson.loads((registry.folder("first") / "model.json").read_bytes())

    assert orjson.loads(run("models", "show").output) == metadata
    assert orjson.loads(run("models", "show", "second").output) == {**metadata, "version": "second"}


def test_a_promotion_and_its_undoing_are_in_the_history(run: Run, registry: Registry) -> None:
    """Who changed the champion, when and why can be read afterwards."""
    assert run("models", "promote", "second", "--why", "更好", "--who", "bob").exit_code == 0
    assert registry.champion() == "second"
    assert run("models", "rollback", "--why", "更差", "--who", "bob").output == "first answers from now on\n"
    assert registry.champion() == "first"

    told = [orjson.loads(line) for line in run("models", "history", "--json").output.splitlines()]

    assert [(each["action"], each["version"], each["who"], each["why"]) for each in told] == [
        ("promote", "first", "ann", "the first"),
        ("promote", "second", "bob", "更好"),
        ("rollback", "first", "bob", "更差"),
    ]
    assert "更好" in run("models", "history").output


def test_a_time_is_in_one_piece(run: Run, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the rest of the history is, in a terminal of 80 columns."""
    monkeypatch.setattr("service.cli.parts.PLAIN_WIDTH", 80)
    registry.promote("second", who="somebody-with-a-long-name", why="fewer teasers missed " * 20)

    shown = run("models", "history").output

    assert [change.time in shown for change in registry.history()] == [True, True]


def test_verify_names_every_version_that_is_not_to_be_trusted(run: Run, registry: Registry) -> None:
    """Each version gets a line; the exit code is 3 where one of them is damaged."""
    assert run("models", "verify").output == "first: ok\nsecond: ok\n"
    (registry.folder("second") / "golden.jsonl").write_text("{}\n")

    result = run("models", "verify")

    assert result.exit_code == 3
    assert result.output.startswith("first: ok\nsecond: ")
    assert "golden.jsonl: has 3 bytes, where MANIFEST says" in result.output


def test_a_damaged_version_is_not_promoted(run: Run, registry: Registry) -> None:
    """The champion stays, and the error names the file."""
    (registry.folder("second") / "weights.safetensors").unlink()

    result = run("models", "promote", "second", "--why", "better")

    assert (result.exit_code, "weights.safetensors: is missing" in result.output) == (1, True)
    assert registry.champion() == "first"


def test_with_a_key_unsigned_versions_do_not_answer(
    run: Run, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LANMU_MODEL_KEY reaches every command that opens a version."""
    monkeypatch.setenv("LANMU_MODEL_KEY", "a key for tests")

    results = [
        run("models", "show"),
        run("models", "promote", "second", "--why", "better"),
        run("classify", "-", stdin=b""),
    ]

    assert [(result.exit_code, "is not signed" in result.output) for result in results] == [(1, True)] * 3
    assert registry.champion() == "first"


def test_an_unknown_version_is_answered_with_those_there_are(run: Run, registry: Registry) -> None:
    """A typing error is easily mended."""
    result = run("models", "promote", "frist", "--why", "better")

    assert (result.exit_code, f"there are: {', '.join(registry.versions())}" in result.output) == (1, True)


def test_rolling_back_the_first_champion_is_refused(run: Run, registry: Registry) -> None:
    """There has to be something to go back to."""
    result = run("models", "rollback", "--why", "worse")

    assert (result.exit_code, "no version before 'first' is left" in result.output) == (1, True)
    assert registry.champion() == "first"
