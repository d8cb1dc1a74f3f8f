"""Which seeds are frozen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.seeds.seed import SeedPage
from models.terms.extractor import TermExtractor
from tests.conftest import SMALL_TERMS
from tests.training.gate.conftest import page_of, parted_pages
from training.corpus import Corpus
from training.dataset import dataset_of
from training.gate.frozen import FEWEST_SECTIONS, SHARES, is_frozen, units_of
from training.gate.parting import Parted


def test_the_frozen_set_is_what_it_was(parted: Parted) -> None:
    """Versions are compared on it for as long as it has its name: a change of the rule needs another name."""
    found = [page.id for page in parted.frozen.corpus.pages]

    assert ["a-001", "a-007", "a-020", "a-023", "a-029", "b-008", "b-013"] == found[:7]


def test_every_label_is_frozen_sixty_times(parted: Parted) -> None:
    """Written and real sections together; real ones stand on some twenty pages of a dozen sites."""
    sites = {unit for unit in parted.frozen.units if unit.startswith("site:")}

    assert all(count >= 60 for count in parted.frozen.corpus.sections().values())
    assert 600 <= len(parted.frozen.dataset.target) <= 1_000
    assert len(sites) >= 12
    assert len(parted.frozen.corpus.extracted[0].page_sizes) >= 20


def test_no_page_and_no_site_is_on_both_sides(shipped: Corpus, parted: Parted) -> None:
    """Nor is any section of one side lost."""
    learned, frozen = parted.training, parted.frozen

    assert not set(learned.units) & set(frozen.units)
    assert not set(learned.dataset.groups) & set(frozen.dataset.groups)
    assert shipped.sections().total() == len(learned.dataset.target) + len(frozen.dataset.target) + parted.left_out


def test_more_seeds_move_none_of_the_old_ones(shipped: Corpus, parted: Parted) -> None:
    """A frozen page stays frozen whatever else there is: the hash looks at one unit alone."""
    others = [replace(page, id=f"new-{page.id}") for page in shipped.pages[:50]]
    extractor = TermExtractor(SMALL_TERMS)
    more = Corpus((*shipped.pages, *others), (), shipped.labels)

    units = units_of(more, dataset_of(more.pages, (), more.labels, extractor))[: len(shipped.pages)]

    assert {unit for unit in parted.frozen.units if unit.startswith("page:")} == {
        unit for unit in units if is_frozen(unit)
    }


@pytest.mark.parametrize("kind", list(SHARES))
def test_the_share_that_is_frozen_is_the_one_stated(kind: str) -> None:
    """Of twenty thousand units, to within three standard errors."""
    share = np.mean([is_frozen(f"{kind}:{number}") for number in range(20_000)])

    assert share == pytest.approx(SHARES[kind], abs=3 * (SHARES[kind] / 20_000) ** 0.5)


def test_a_text_without_a_page_is_known_by_its_words() -> None:
    """The line it stands on may change, and so may its blanks and the width of its marks."""
    extractor = TermExtractor(SMALL_TERMS)
    pages = (page_of("a.jsonl:1", ("none", "同一段话，没有变。")), page_of("b.csv:9", ("none", " 同一段话,没有变。\n")))

    one, other = units_of(Corpus(pages, (), ("none",)), dataset_of(pages, (), ("none",), extractor))

    assert one == other


def lone(label: str, count: int, start: int = 0) -> list[SeedPage]:
    """Texts without a page that have nothing in common."""
    made = (
        "".join(chr(0x4E00 + (number * 97 + place * 331) % 20_000) for place in range(30))
        for number in range(start, start + count)
    )
    return [page_of(f"{label}-{number}", (label, text)) for number, text in enumerate(made)]


def test_a_label_with_few_seeds_is_learned_whole() -> None:
    """Below sixty sections none is frozen, and from then on its share is."""
    plenty = lone("none", 300)
    few, enough = lone("recipe", FEWEST_SECTIONS - 1, 1_000), lone("recipe", 200, 1_000)

    before = parted_pages([*plenty, *few], ("recipe", "none"))
    after = parted_pages([*plenty, *enough], ("recipe", "none"))

    assert 0 == before.frozen.corpus.sections()["recipe"] < before.frozen.corpus.sections()["none"]
    assert 10 <= after.frozen.corpus.sections()["recipe"] <= 40


def test_nothing_is_frozen_where_that_is_asked(shipped: Corpus) -> None:
    """For experiments: everything is learned from."""
    found = parted_pages(shipped.pages, salt=None)

    assert found.described() is None
    assert shipped.pages == found.training.corpus.pages
    assert 0 == len(found.frozen.dataset.target)
