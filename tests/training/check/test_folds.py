"""Pages and sites in the folds."""

from __future__ import annotations

from pathlib import Path

from models.seeds.seed import LABELS
from training.check.folds import in_two, parting_of
from training.check.material import read_material


def test_names_in_two_folds() -> None:
    """A name whose sections lie in two folds is found."""
    assert ["b"] == in_two(["a", "a", "b", "c", "b"], [0, 0, 1, 2, 2])


def test_a_corpus_is_parted_cleanly(corpus: Path) -> None:
    """The folds of forty pages part none of them."""
    parting = parting_of(read_material([corpus], LABELS))

    assert (40, 40, [], []) == (parting.pages, parting.sites, parting.parted_pages, parting.parted_sites)


def test_copies_under_other_names_are_found(corpus: Path) -> None:
    """Pages that stand in the corpus again under other names are trained on and tested on, and are named."""
    text = (corpus / "some.txt").read_text(encoding="utf-8")
    (corpus / "two.txt").write_text(text.replace("=== a-", "=== again-"), encoding="utf-8")

    parting = parting_of(read_material([corpus], LABELS))

    assert (40, 80) == (parting.pages, parting.sites)
    assert "a-001" in parting.parted_pages
