"""What is fitted copes with labels that are rare, or on few sites."""

from __future__ import annotations

from pathlib import Path

from models.model import Model
from models.seeds.seed_pages import read_seed_pages
from models.terms.extractor import TermExtractor
from tests.conftest import SMALL_TERMS
from training.extracted import LabelledPage, extract, pack
from training.train import Plan, train


def test_seeds_of_two_sites_are_enough(seed_pages: list[str], tmp_path: Path) -> None:
    """Pages of two sites make two folds, and the other three are empty: a model comes of it all the same."""
    pages = read_seed_pages("\n".join(seed_pages[::8]).splitlines(), "seeds").pages
    labelled = [
        LabelledPage(page.id, f"site-{number % 2}", *zip(*((s.text, s.label) for s in page.seeds), strict=True))
        for number, page in enumerate(pages)
    ]
    file = tmp_path / "ours.seeds.xz"
    file.write_bytes(pack(extract(labelled, TermExtractor(SMALL_TERMS)), SMALL_TERMS.fingerprint()))

    trained = train(Plan((file,), tmp_path, "two-sites", terms=SMALL_TERMS))

    assert "two-sites" == Model.load(trained.folder).version
    assert trained.metrics["alone"].forced > 0.6
