"""Copies of frozen seeds are not learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from models.seeds.seed import Seed, SeedPage
from models.terms.extractor import TermExtractor, TermsConfig
from tests.training.gate.conftest import page_of, parted_pages
from training.corpus import Corpus
from training.dataset import Dataset, dataset_of
from training.gate.frozen import is_frozen
from training.gate.parting import MOST_COPIES, Parted, part
from training.gate.repeats import repeats_between


def test_no_learned_section_repeats_a_frozen_one(parted: Parted) -> None:
    """In the shipped seeds, real ones too."""
    learned, frozen = parted.training.dataset, parted.frozen.dataset
    extractor = TermExtractor(TermsConfig())
    both = Dataset(
        counts=sparse.vstack([frozen.counts, learned.counts], format="csr"),
        facts=np.vstack([frozen.facts, learned.facts]),
        target=np.concatenate([frozen.target, learned.target]),
        pages=np.concatenate([frozen.pages[:-1], learned.pages + len(frozen.target)]),
        groups=(*frozen.groups, *learned.groups),
        written=0,
    )

    found = repeats_between(both, np.arange(len(both.target)) < len(frozen.target), extractor)

    assert [] == found.ours.tolist()


def frozen_page(shipped: Corpus) -> SeedPage:
    """A frozen page of more than six sections."""
    return next(page for page in shipped.pages if is_frozen(f"page:{page.id}") and len(page.seeds) > 6)


def free_name(prefix: str) -> str:
    """A page id that is not frozen."""
    return next(f"{prefix}-{number}" for number in range(100) if not is_frozen(f"page:{prefix}-{number}"))


def changed(text: str) -> str:
    """A text with one character in twenty changed: no copy, but near one."""
    return "".join("某" if place % 20 == 19 else character for place, character in enumerate(text))


@pytest.mark.parametrize("change", [str, changed], ids=["copied", "changed a little"])
def test_a_copy_of_a_frozen_page_is_not_learned(shipped: Corpus, change: type[str]) -> None:
    """Under whatever name it comes, with its short lines too."""
    page = frozen_page(shipped)
    seeds = tuple(Seed(change(seed.text), seed.label, seed.place) for seed in page.seeds)
    copy = replace(page, id=free_name("copy"), seeds=seeds)

    parted = parted_pages([*shipped.pages, copy])

    assert len(copy.seeds) == parted.left_out
    assert copy.id not in {kept.id for kept in parted.training.corpus.pages}


def test_a_page_that_quotes_a_frozen_one_loses_only_the_quotation(shipped: Corpus) -> None:
    """The rest of it is learned, in its order."""
    long = max(frozen_page(shipped).seeds, key=lambda seed: len(seed.text))
    own = [
        ("none", "".join(chr(0x4E00 + (37 * place + 711 * number) % 20_000) for place in range(300)))
        for number in (1, 2)
    ]
    quoting = page_of(free_name("quoting"), own[0], (long.label, long.text), own[1])

    parted = parted_pages([*shipped.pages, quoting])

    (left,) = [page for page in parted.training.corpus.pages if page.id == quoting.id]
    assert [text for _, text in own] == [seed.text for seed in left.seeds]
    assert 1 == parted.left_out


def test_a_stock_phrase_is_learned_and_not_tested(shipped: Corpus) -> None:
    """What many pages repeat would cost them all a section, and tells nothing of a version that knows it."""
    long = max(frozen_page(shipped).seeds, key=lambda seed: len(seed.text))
    many = [
        page_of(free_name(f"many{number}"), (long.label, long.text), ("none", f"第{number}页的页脚"))
        for number in range(MOST_COPIES + 1)
    ]

    parted = parted_pages([*shipped.pages, *many])

    assert 0 == parted.left_out
    assert 1 == (~parted.tested).sum()
    assert {page.id for page in many} <= {page.id for page in parted.training.corpus.pages}


def test_an_extracted_copy_of_a_frozen_page_is_not_learned(shipped: Corpus, parted: Parted) -> None:
    """Extracted seeds are compared by their terms; a copy of a frozen site is frozen with it."""
    extractor = TermExtractor(TermsConfig())
    again = (*shipped.extracted, parted.frozen.corpus.extracted[0])
    corpus = Corpus((), again, shipped.labels)

    found = part(corpus, dataset_of((), again, corpus.labels, extractor), extractor)

    assert 2 * len(parted.frozen.corpus.extracted[0].labels) == len(found.frozen.dataset.target)
    assert not set(found.training.units) & set(parted.frozen.units)
