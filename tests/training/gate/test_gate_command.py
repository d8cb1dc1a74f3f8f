"""`lanmu-train gate`, as a user runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.versions import Registry
from training.cli import main
from training.train import Trained


def run(*argv: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, [str(word) for word in argv])


@pytest.fixture
def registry(trained: Trained, tmp_path: Path) -> Path:
    """A registry whose champion is the small version."""
    shutil.copytree(trained.folder, tmp_path / "small")
    Registry(tmp_path).promote("small", who="ann", why="first")
    return tmp_path


def test_a_verdict_is_printed_and_kept(registry: Path, small_seeds: Path) -> None:
    """With what it was decided by, as tables for people; the exit code is 0 where the version passes."""
    result = run("gate", "small", "--registry", registry, "--only", "--seeds", small_seeds, "--who", "ben")

    assert 0 == result.exit_code, result.output
    assert "small against small on" in result.stdout
    assert "The challenger passes" in result.stdout
    verdict = Registry(registry).verdict("small")
    assert verdict is not None
    assert (True, "ben", "small", "small") == tuple(
        verdict[name] for name in ("passed", "who", "challenger", "champion")
    )


def test_stages_and_verdict_are_json_lines_where_asked(registry: Path, small_seeds: Path) -> None:
    """So that whoever started the gate can show how far it is."""
    result = run("gate", "small", "--registry", registry, "--only", "--seeds", small_seeds, "--progress", "json")

    *stages, last = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(number, 5) for number in range(6)] == [(stage["done"], stage["total"]) for stage in stages]
    assert last["verdict"]["passed"]


def test_a_champion_that_cannot_be_opened_lets_nothing_pass(registry: Path, small_seeds: Path) -> None:
    """A tampered one cannot be compared with: the verdict says so, and a person decides."""
    shutil.copytree(registry / "small", registry / "other")
    metadata = (registry / "other" / "model.json").read_text("utf-8")
    (registry / "other" / "model.json").write_text(metadata.replace("small", "smell"), "utf-8")
    (registry / "champion").write_text("other\n", "utf-8")

    result = run("gate", "small", "--registry", registry, "--only", "--seeds", small_seeds, "--json")

    assert 1 == result.exit_code
    (reason,) = [reason for reason in json.loads(result.stdout)["reasons"] if "cannot be opened" in reason]
    assert "model.json: is not the file that MANIFEST describes" in reason


@pytest.mark.parametrize(
    ("version", "seeds", "message"),
    [
        pytest.param("nobody", "first.txt", "no version 'nobody' in", id="no such version"),
        pytest.param("small", "empty.csv", "there are no seeds here", id="no seeds"),
    ],
)
def test_what_cannot_be_judged_is_neither_passed_nor_refused(
    registry: Path, small_seeds: Path, version: str, seeds: str, message: str
) -> None:
    """The exit code is 2, the reason is said, and no verdict is kept."""
    shutil.copytree(small_seeds, registry / ".seeds")
    (registry / ".seeds" / "empty.csv").write_text("text,label\n", "utf-8")

    result = run("gate", version, "--registry", registry, "--only", "--seeds", registry / ".seeds" / seeds)

    assert 2 == result.exit_code
    assert message in result.stderr
    assert Registry(registry).verdict("small") is None


def test_a_version_is_measured_on_frozen_seeds(registry: Path, small_seeds: Path) -> None:
    """`evaluate --frozen` gives the figures that the gate compares."""
    run("gate", "small", "--registry", registry, "--only", "--seeds", small_seeds)
    verdict = Registry(registry).verdict("small")

    result = run("evaluate", "--registry", registry, "--frozen", "--seeds", small_seeds, "--json")

    found = json.loads(result.stdout)
    assert verdict is not None
    assert verdict["frozen"] == found["frozen"]
    assert {verdict["table"][0]["challenger"]} == {found["alone"]["four_way"]["value"]}
    assert ("alone", "macro_f1") == (verdict["table"][0]["judged"], verdict["table"][0]["figure"])
