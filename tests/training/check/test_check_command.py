"""`lanmu-train check` as it is called."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from training.cli import main

SENTENCE = "修水车的老匠人上个月收了今生最后一个徒弟"
COPIES = f"""
=== planted-1 | subject: water wheels | register: village blog, 2016
[opinion]
{SENTENCE},这手艺早该有人接。
[none]
首页
=== planted-2
[none]
{SENTENCE}，这手艺早该有人接。
"""


def test_a_sound_corpus_passes(corpus: Path) -> None:
    """Every promise holds of real pages; each is printed with its figure, and the command ends with 0."""
    answer = CliRunner().invoke(main, ["check", str(corpus), "--no-fit"])

    assert 0 == answer.exit_code
    assert "no page and no site in two folds  holds   0 of 40 pages, 0 of 40 sites" in " ".join(
        answer.stdout.split("Promises")[1].split("\n")
    )
