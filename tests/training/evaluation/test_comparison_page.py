"""The page that puts two versions side by side."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from models.model import Model
from models.seeds.seed import Seed, SeedPage
from models.versions import Registry
from tests.recipes import DISHES, MENU, STEPS
from training.evaluation.comparison import Comparison, compare_models
from training.evaluation.comparison_page import comparison_page, trend_of
from training.evaluation.figures import Figure
from training.evaluation.pages import Page
from training.gate.side_by_side import keep_comparison
from training.train import Trained

PAGES = [
    Page(f"cook-{number}", (STEPS[0].format(dish=dish), MENU), ("recipe", "none")) for number, dish in enumerate(DISHES)
]


@pytest.fixture(scope="module")
def compared(model: Model, fourth: Trained) -> Comparison:
    """The small version, and one that knows recipes besides, on pages with recipes."""
    return compare_models(model, Model.load(fourth.folder), PAGES)


def test_a_label_that_only_one_version_knows_is_compared(compared: Comparison) -> None:
    """The other never gives it: every recipe that is found now is one that got better."""
    recipes = [flip for flip in compared.flips if flip.label == "recipe" and flip.second == "recipe"]

    assert "recipe" in compared.labels
    assert 0 == compared.by_label[0]["recipe"]["recall"]
    assert len(recipes) / len(PAGES) == compared.by_label[1]["recipe"]["recall"] > 0
    assert {"better"} == {flip.kind for flip in recipes}
    assert all(flip.why_second for flip in recipes)


def test_the_page_shows_every_flip_with_its_words(compared: Comparison) -> None:
    """Text, true label and words stand on it; nothing is loaded from elsewhere, no script runs."""
    page = comparison_page(compared, seen=False)

    articles = re.findall(r"<article class=\"(\w+)\">", page)
    assert sorted(flip.kind for flip in compared.flips) == sorted(articles)
    assert all(f"<mark>{word}</mark>" in page for flip in compared.flips for word in flip.why_second)
    assert re.findall(r"<script|https?://|\son\w+=", page) == []


def test_texts_on_the_page_are_text(model: Model) -> None:
    """Markup in a section is shown, not obeyed."""
    page = Page("evil", ("<script>alert(1)</script>我认为显然不妥。",), ("tech_analysis",))

    html = comparison_page(compare_models(model, model, [page]), seen=True)

    assert "<script>" not in html


@pytest.mark.parametrize(
    ("name", "lead", "trend"),
    [
        ("four_way", Figure(0.02, 0.01, 0.03), "better"),
        ("four_way", Figure(-0.02, -0.03, -0.01), "worse"),
        ("four_way", Figure(0.02, -0.01, 0.05), "same"),
        ("ece", Figure(-0.02, -0.03, -0.01), "better"),
    ],
    ids=["above", "below", "holds 0", "less error"],
)
def test_a_difference_counts_beyond_chance(name: str, lead: Figure, trend: str) -> None:
    """Where the interval holds 0, nothing is called better or worse; a smaller error is better."""
    assert trend == trend_of(name, lead)


@pytest.fixture
def versions(tmp_path: Path) -> Registry:
    """A registry that has both versions by name."""
    for name in ("small", "fourth"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "MANIFEST").touch()
    return Registry(tmp_path)


def test_the_gate_keeps_a_comparison(versions: Registry, model: Model, fourth: Trained) -> None:
    """The service reads there what training wrote; a label that neither version knows is passed over."""
    challenger = Model.load(fourth.folder)
    seeds = [Seed(text, label, "test") for text, label in ((STEPS[0].format(dish="豆腐"), "recipe"), (MENU, "rumour"))]

    keep_comparison(versions, model, challenger, [SeedPage("cook", tuple(seeds), "test")])
    keep_comparison(versions, model, model, [SeedPage("cook", tuple(seeds), "test")])
    keep_comparison(versions, challenger, model, [])

    assert [("small", "fourth")] == versions.comparisons()
    page = versions.comparison("small", "fourth")
    assert page is not None
    assert "1 sections of 1 pages" in page.decode()
