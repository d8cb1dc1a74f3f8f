"""`lanmu-train check` as it is called."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from training.cli import main

SENTENCE = "修水车的老匠人上个月收了今生最后一个徒弟"
PLANTED = f"""
=== planted-1 | subject: water wheels | register: village blog, 2016
[opinion]
{SENTENCE},这手艺早该有人接。
=== planted-2
[none]
{SENTENCE}，这手艺早该有人接。
"""


def promised(output: str) -> dict[str, str]:
    """Promise → holds or broken, as printed."""
    rows = re.findall(r"^(\S.*?) {2,}(holds|broken) ", output, re.MULTILINE)
    return dict(rows)


def test_a_sound_corpus_passes(corpus: Path) -> None:
    """Every promise holds of forty real pages; each is printed with its figure, and the command ends with 0."""
    answer = CliRunner().invoke(main, ["check", str(corpus), "--no-fit"])

    assert 0 == answer.exit_code
    assert "0 of 40 pages, 0 of 40 sites" in answer.stdout
    assert {
        "every seed can be trained on": "holds",
        "near-duplicate pairs": "holds",
        "no page and no site in two folds": "holds",
        "distinct character 5-grams": "holds",
    } == promised(answer.stdout)


def test_broken_promises_end_with_one(corpus: Path, tmp_path: Path) -> None:
    """A near-duplicate conflict and a shared sentence are named with their places, and the command ends with 1."""
    (corpus / "planted.txt").write_text(PLANTED, encoding="utf-8")
    (tmp_path / "other.txt").write_text(f"{SENTENCE},这手艺早该有人接。", encoding="utf-8")
    arguments = ["check", str(corpus), "--no-fit", "--json", "--against", str(tmp_path / "other.txt")]

    answer = CliRunner().invoke(main, arguments)

    found = json.loads(answer.stdout)
    broken = [promise["name"] for promise in found["promises"] if not promise["holds"]]
    assert 1 == answer.exit_code
    assert "no sentence shared with other text" in broken
    assert ["planted.txt:3", "planted.txt:6"] == [match["place"] for match in found["sharing"]["shared"]]
    assert [("planted.txt:6", "planted.txt:3", "none", "opinion")] == [
        (pair["place"], pair["earlier"], pair["label"], pair["earlier_label"]) for pair in found["conflicts"]
    ]


def test_refused_seeds_are_all_named(corpus: Path) -> None:
    """Seeds that a training would refuse are listed with place and reason, and break a promise."""
    (corpus / "bad.jsonl").write_text('{"text": "好", "label": "opinon"}\n{"text": 5}\n', encoding="utf-8")

    answer = CliRunner().invoke(main, ["check", str(corpus), "--no-fit", "--json"])

    problems = json.loads(answer.stdout)["problems"]
    assert 1 == answer.exit_code
    assert ["bad.jsonl:2", "bad.jsonl:1"] == [problem["place"] for problem in problems]
    assert "unknown label 'opinon'" in problems[1]["reason"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["."], "there are no seeds here", id="no seeds"),
        pytest.param(["seeds", "--against", "empty"], "file to compare with", id="nothing to compare"),
        pytest.param(["seeds", "--lexicon", "bad.tsv"], "bad.tsv:1: expected a word, a tab and a class", id="lexicon"),
    ],
)
def test_says_what_cannot_be_checked(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    """What cannot be checked is said, with the remedy, and without a traceback."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "bad.tsv").write_text("水车\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path if corpus.exists() and arguments != ["."] else tmp_path / "empty")

    answer = CliRunner().invoke(main, ["check", "--no-fit", *arguments])

    assert 1 == answer.exit_code
    assert message in answer.stderr
    assert "Traceback" not in answer.output


@pytest.mark.slow
def test_runs_as_a_process_with_fits(corpus: Path, tmp_path: Path) -> None:
    """The command fits models, prints plain tables to a pipe and writes a page that needs nothing else."""
    page = tmp_path / "check.html"
    command = [sys.executable, "-m", "training", "check", str(corpus), "--html", str(page)]

    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    html = page.read_text(encoding="utf-8")
    assert (0, True) == (ran.returncode, "\x1b" not in ran.stdout)
    assert re.search(r"^written +100% .*written +0\.\d{3} +0\.\d{3}$", ran.stdout, re.MULTILINE)
    assert (1, 7) == (html.count("<polyline"), len(re.findall(r'aria-label="Sections by ', html)))
    assert not re.search(r"""(?:src|href)=|@import|url\(""", html)
