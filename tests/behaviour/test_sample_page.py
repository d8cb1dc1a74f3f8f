"""The page that Lanmu began with: an article with its analysis, its opinions and seven teasers below it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("LANMU_SHARED", Path(__file__).resolve().parents[3] / "shared" / "data"))
TEASER = "recommendation_teaser"
MARKER = "相关推荐"


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """What `lanmu classify --json` says of the page, with the page's text."""
    page = SHARED / "sample_page.txt"
    if not page.exists():
        pytest.skip(f"no sample page at {page}; set LANMU_SHARED to its folder")
    command = [str(Path(sys.executable).parent / "lanmu"), "classify", "--json", str(page)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def marker_end(answer: dict[str, Any]) -> int:
    """Where the marker line ends."""
    return int(answer["text"].index(MARKER)) + len(MARKER)


def test_the_sections_cover_the_page(answer: dict[str, Any]) -> None:
    """Each section begins where the one before ends, and the last ends with the page."""
    bounds = [0, *(section["end"] for section in answer["sections"])]

    assert [section["start"] for section in answer["sections"]] == bounds[:-1]
    assert len(answer["text"]) == bounds[-1]


def test_the_seven_teasers_are_seven_teasers(answer: dict[str, Any]) -> None:
    """What stands below the marker is seven sections, each a teaser."""
    below = [section["label"] for section in answer["sections"] if section["start"] >= marker_end(answer)]

    assert [TEASER] * 7 == below


def test_nothing_of_the_article_is_a_teaser(answer: dict[str, Any]) -> None:
    """No section above the marker is a teaser, and both other labels are given there."""
    above = {section["label"] for section in answer["sections"] if section["end"] <= answer["text"].index(MARKER)}

    assert TEASER not in above
    assert {"tech_analysis", "opinion"} <= above
