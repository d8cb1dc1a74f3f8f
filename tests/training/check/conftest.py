"""Small corpora of real seed pages, with faults planted into them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import Seed, SeedPage

PageOf = Callable[..., SeedPage]


@pytest.fixture
def page_of() -> PageOf:
    """Make a page of (label, text) pairs; the places are the page's name and the row."""

    def build(name: str, *sections: tuple[str, str]) -> SeedPage:
        seeds = tuple(Seed(text, label, f"{name}:{row}") for row, (label, text) in enumerate(sections, 1))
        return SeedPage(name, seeds, f"{name}:1")

    return build


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A folder with the first forty pages of a shipped file."""
    pages = (SHIPPED_SEEDS / "a.txt").read_text(encoding="utf-8").split("\n=== ")
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / "some.txt").write_text("\n=== ".join(pages[:40]) + "\n", encoding="utf-8")
    return folder
