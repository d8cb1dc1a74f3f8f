"""Training without a part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.model import Model
from models.terms.emit import GROUPS
from models.terms.extractor import TermExtractor
from models.terms.facts import FAMILY
from tests.conftest import SMALL_TERMS
from training.corpus import Corpus
from training.evaluation.ablation import VARIANTS, WHOLE, Variant, ablate, judged_by, material_of, reduced
from training.evaluation.pages import judge, pages_of
from training.extracted import LabelledPage, extract
from training.saving import Run


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    """The small version's extractor."""
    return TermExtractor(SMALL_TERMS)


@pytest.mark.parametrize("variant", [v for v in VARIANTS if v.groups != GROUPS], ids=lambda variant: variant.name)
def test_a_group_that_is_left_out_has_no_terms(run: Run, extractor: TermExtractor, variant: Variant) -> None:
    """And the others keep all of theirs."""
    counts = reduced(run.dataset, variant, extractor).counts

    for group in GROUPS:
        kept = counts[:, extractor.group(group)].nnz
        assert (run.dataset.counts[:, extractor.group(group)].nnz if group in variant.groups else 0) == kept


def test_without_the_lexicon_neither_terms_nor_facts_know_it(run: Run, extractor: TermExtractor) -> None:
    """Its classes are gone, and the facts that count its words; the other facts and their terms stay."""
    dataset = reduced(run.dataset, Variant("lexicon off", lexicon=False), extractor)

    shape, before = (each.counts[:, extractor.group("shape")].tocsc() for each in (dataset, run.dataset))
    edge = 16 * FAMILY
    assert 0 == dataset.counts[:, extractor.group("classes")].nnz
    assert 0 == shape[:, edge:].nnz < before[:, edge:].nnz
    assert shape[:, :edge].nnz == before[:, :edge].nnz > 0
    assert not dataset.facts[:, FAMILY:].any()
    assert np.array_equal(dataset.facts[:, :FAMILY], run.dataset.facts[:, :FAMILY])


def test_pages_are_judged_as_the_saved_version_judges_them(run: Run, model: Model) -> None:
    """The fitted model and the version made of it give the same probabilities."""
    alone, in_page = judged_by(run.fitted, run.dataset)

    answers = judge(model, pages_of(run.corpus.pages))

    assert np.abs(answers["alone"].chances - alone).max() < 1e-4
    assert np.abs(answers["in_page"].chances - in_page).max() < 1e-4


def test_every_variant_is_set_against_the_first(run: Run, extractor: TermExtractor) -> None:
    """Words are worth something; the whole against itself is worth nothing."""
    without_words = Variant("shape alone", ("shape",))
    pages = pages_of(run.corpus.pages[:6])

    rows = ablate(material_of(run.corpus, extractor, pages), variants=(WHOLE, without_words))

    found = {(row.variant, row.tested_on, row.judged): row for row in rows}
    assert 8 == len(found)
    assert 0 == found["all", "seeds", "alone"].leads["four_way"].high
    assert found["shape alone", "seeds", "alone"].leads["four_way"].high < 0
    assert found["shape alone", "seeds", "alone"].figures["four_way"].value > 0.25
    assert found["all", "pages", "in_page"].figures["four_way"].value > 0.9  # these pages it has seen


def test_each_form_of_seeds_is_tested_on_both(run: Run, extractor: TermExtractor) -> None:
    """Every section is judged by a model that did not see it, and keeps its place."""
    half = len(run.corpus.pages) // 2
    labelled = [
        LabelledPage(page.id, page.id, tuple(s.text for s in page.seeds), tuple(s.label for s in page.seeds))
        for page in run.corpus.pages[half:]
    ]
    corpus = Corpus(run.corpus.pages[:half], (extract(labelled, extractor),), run.corpus.labels)
    variants = (WHOLE, *(variant for variant in VARIANTS if variant.seeds != "both"))

    rows = ablate(material_of(corpus, extractor), variants=variants)

    forced = {row.variant: row.figures["forced"].value for row in rows if row.judged == "alone"}
    assert {"all", "written seeds only", "extracted seeds only"} == set(forced)
    assert all(0.5 < value <= 0.98 for value in forced.values())


def test_a_form_that_the_corpus_lacks_is_left_out(run: Run, extractor: TermExtractor) -> None:
    """And said to be."""
    told: list[str] = []
    written = replace(WHOLE, name="written seeds only", seeds="written")

    assert [] == ablate(material_of(run.corpus, extractor), told.append, (written,))
    assert ["written seeds only: left out, the corpus has too few such seeds of some label"] == told
