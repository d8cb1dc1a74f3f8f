"""Seeds are added, listed, withdrawn and exported from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.seeds.records import read_jsonl
from tests.service.cli.conftest import Run

TEXT = "钠离子电池用铝箔代替铜箔，因为钠不与铝形成合金。"


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A CSV file of two seeds."""
    file = tmp_path / "ours.csv"
    file.write_text(f"text,label\n{TEXT},tech_analysis\n显然不值这个价。,opinion\n", "utf-8")
    return file


def test_a_file_is_added_once(run: Run, ours: Path) -> None:
    """The second time says so, and changes nothing."""
    first, second = run("seeds", "add", ours, "--who", "ann"), run("seeds", "add", ours)

    assert (0, "ours.csv: 2 added\n") == (first.exit_code, first.stdout)
    assert (0, "ours.csv: 0 added, 2 known\n") == (second.exit_code, second.stdout)
    listed = [json.loads(line) for line in run("seeds", "list", "--json").stdout.splitlines()]
    assert [("ann", "ours.csv", "tech_analysis"), ("ann", "ours.csv", "opinion")] == [
        (seed["who"], seed["source"], seed["label"]) for seed in listed
    ]


def test_bad_rows_are_named_and_the_exit_code_is_3(run: Run, tmp_path: Path) -> None:
    """The others are added."""
    (tmp_path / "more.jsonl").write_text('{"text": "一段", "label": "none"}\nnonsense\n', "utf-8")

    result = run("seeds", "add", tmp_path / "more.jsonl")

    assert (3, "more.jsonl: 1 added\n") == (result.exit_code, result.stdout)
    assert result.stderr.startswith("left out: more.jsonl:2: not JSON")


def test_a_contradiction_waits_for_a_decision(run: Run, ours: Path, tmp_path: Path) -> None:
    """Both are named; the decision settles it."""
    run("seeds", "add", ours)
    (tmp_path / "other.txt").write_text(f"=== p\n[none]\n首页\n[opinion]\n{TEXT}\n", "utf-8")

    waits = run("seeds", "add", tmp_path / "other.txt")
    settled = run("seeds", "add", tmp_path / "other.txt", "--on-conflict", "replace")

    assert (3, "other.txt: 0 added, 2 waiting\n") == (waits.exit_code, waits.stdout)
    assert "the text is 'opinion' here and 'tech_analysis' (seed" in waits.stderr
    assert "--on-conflict keep, replace or both" in waits.stderr
    assert (0, "other.txt: 2 added, 1 withdrawn\n") == (settled.exit_code, settled.stdout)


def test_what_is_withdrawn_is_not_exported(run: Run, ours: Path, tmp_path: Path) -> None:
    """The rest is, in a form that is read again."""
    run("seeds", "add", ours)
    first = json.loads(run("seeds", "list", "--json").stdout.splitlines()[0])["id"]

    withdrawn = run("seeds", "withdraw", first)
    exported = run("seeds", "export", tmp_path / "out.jsonl")

    assert f"{first} (tech_analysis) is withdrawn\n" == withdrawn.stdout
    assert f"1 seeds written to {tmp_path / 'out.jsonl'}\n" == exported.stderr
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert ["显然不值这个价。"] == [seed.text for page in read_jsonl(lines, "out").pages for seed in page.seeds]
    assert lines == run("seeds", "export", "-").stdout.splitlines()


def test_seeds_are_listed_as_a_table(run: Run, ours: Path) -> None:
    """A line for each, and only those of the label that was asked for."""
    run("seeds", "add", ours, "--who", "ann")

    lines = run("seeds", "list", "--label", "opinion").stdout.splitlines()

    assert 2 == len(lines)
    assert ["active", "opinion", "显然不值这个价。", "ours.csv", "ann"] == lines[1].split()[1:6]


def test_an_id_is_listed_in_one_piece(run: Run, tmp_path: Path) -> None:
    """However long the rest is: `withdraw` takes what was copied from there."""
    own = tmp_path / "a-very-long-name-of-a-file-with-seeds-from-the-newsroom.csv"
    own.write_text("text,label\n" + "显然不值这个价。" * 20 + ",our_own_rather_long_label\n", "utf-8")
    run("seeds", "add", own, "--who", "somebody-with-a-long-name")

    listed = run("seeds", "list").stdout.splitlines()[1].split()[0]

    assert 0 == run("seeds", "withdraw", listed).exit_code


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        pytest.param("a.xml", 2, "'a.xml' is of an unknown form; known are .jsonl, .csv, .txt", id="form"),
        pytest.param("a.seeds.xz", 2, "train with them by `lanmu-train train --seeds a.seeds.xz`", id="extracted"),
        pytest.param("a.csv", 1, "a.csv: the seeds are not utf-8 at byte 0", id="bytes"),
    ],
)
def test_what_is_no_file_of_seeds_is_refused(run: Run, tmp_path: Path, name: str, code: int, message: str) -> None:
    """With the remedy."""
    (tmp_path / name).write_bytes(b"\xff")

    result = run("seeds", "add", tmp_path / name)

    assert code == result.exit_code
    assert message in " ".join(result.stderr.split())


def test_an_unknown_seed_cannot_be_withdrawn(run: Run) -> None:
    """The error names the command that lists them."""
    result = run("seeds", "withdraw", "nobody")

    assert (1, "Error: There is no seed 'nobody'; GET /v1/seeds or `lanmu seeds list` shows those there are\n") == (
        result.exit_code,
        result.stderr,
    )
