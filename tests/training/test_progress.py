"""`lanmu-train train --progress json`: what programs that started a training read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.versions import read_version
from training.cli import main
from training.progress import STAGES, say_as_json


def run(*argv: object) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["train", "--progress", "json", *map(str, argv)])


def test_stages_come_in_order_and_the_version_last(small_seeds: Path, tmp_path: Path) -> None:
    """Each a JSON line on standard output; what people read goes to standard error."""
    result = run("--only", "--seeds", small_seeds / "first.txt", "--out", tmp_path)

    *stages, last = map(json.loads, result.stdout.splitlines())
    assert [{"stage": stage, "done": done, "total": 5} for done, stage in enumerate(STAGES)] == stages
    assert {"version", "seconds"} == set(last)
    assert last["version"] == read_version(tmp_path / last["version"]).metadata["version"]
    assert "sections out of fold" in result.stderr


def test_why_there_is_no_version_is_told(tmp_path: Path) -> None:
    """As the last line, for programs and for people, with status 1."""
    seeds = tmp_path / "seeds.jsonl"
    seeds.write_text('{"text": "锅里放两勺油。", "label": "recipe"}\n', "utf-8")

    result = run("--only", "--seeds", seeds, "--out", tmp_path / "registry")

    told = json.loads(result.stdout.splitlines()[-1])
    assert 1 == result.exit_code
    assert ["error"] == list(told)
    assert "seeds.jsonl:1: unknown label 'recipe'" in told["error"]
    assert told["error"] in result.stderr


@pytest.mark.parametrize("message", ["85 sections on 13 pages are frozen", "the scoring is over"])
def test_what_begins_no_stage_is_told_to_people_only(capsys: pytest.CaptureFixture[str], message: str) -> None:
    """A stage is known by how its message begins."""
    say_as_json(message)

    assert ("", f"{message}\n") == capsys.readouterr()
