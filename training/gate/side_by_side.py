"""The page that shows what a challenger does otherwise than the champion on the frozen pages that have their text."""

from __future__ import annotations

from collections.abc import Sequence

from models.model import Model
from models.seeds.seed import SeedPage
from models.versions import Registry
from training.evaluation.comparison import compare_models, compared_labels
from training.evaluation.comparison_page import comparison_page
from training.evaluation.pages import Page


def keep_comparison(versions: Registry, champion: Model, challenger: Model, frozen: Sequence[SeedPage]) -> None:
    """Compare two versions on frozen pages and keep the page in the registry, where the service shows it.

    A section whose label neither of them knows is not compared. Nothing is kept where no page has its text.

    Raises RegistryError where it cannot be kept.
    """
    known = compared_labels(champion, challenger)
    pages = [
        Page(
            page.id,
            tuple(seed.text for seed in page.seeds),
            tuple(seed.label if seed.label in known else None for seed in page.seeds),
        )
        for page in frozen
    ]
    if champion.version == challenger.version or not any(label for page in pages for label in page.labels):
        return
    page = comparison_page(compare_models(champion, challenger, pages), seen=False)
    versions.record_comparison(champion.version, challenger.version, page.encode("utf-8", "backslashreplace"))
