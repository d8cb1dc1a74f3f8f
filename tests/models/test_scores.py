"""The compiled scorer answers what scikit-learn's own pipeline answers."""

from __future__ import annotations

import joblib
import numpy as np
import pytest
from scipy import sparse
from sklearn.pipeline import Pipeline

from models.model import Model
from models.parts import parts_of, term_rows
from models.seeds.seed_pages import read_seed_pages
from models.terms.extractor import TermExtractor
from models.terms.kernel import Weights
from models.versions import read_version
from training.train import Trained

CLOSE = 1e-5


@pytest.fixture(scope="module")
def texts(seed_pages: list[str]) -> list[str]:
    """Every section of the written seeds, most of which the small version has not seen."""
    lines = "\n".join(seed_pages).splitlines()
    return [seed.text for page in read_seed_pages(lines, "seeds").pages for seed in page.seeds]


@pytest.fixture(scope="module")
def pipeline(trained: Trained) -> Pipeline:
    """The scikit-learn pipeline that was saved beside the small version."""
    return joblib.load(trained.folder / "pipeline.joblib")


@pytest.fixture(scope="module")
def parts(trained: Trained) -> tuple[TermExtractor, Weights]:
    """What the small version scores with."""
    opened = parts_of(read_version(trained.folder))
    return opened.extractor, opened.weights


def test_scores_are_those_of_the_pipeline(
    pipeline: Pipeline, parts: tuple[TermExtractor, Weights], texts: list[str]
) -> None:
    """To 1e-5, on every section of the written seeds, and with the same likeliest label on 99.9 % of them."""
    extractor, weights = parts
    expected = pipeline.decision_function(texts)

    given = extractor.score(texts, weights).scores

    assert len(texts) > 2000
    assert CLOSE >= np.abs(expected - given).max()
    assert np.mean(expected.argmax(axis=1) == given.argmax(axis=1)) >= 0.999


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("𠮷野家的𠮷字", id="above U+FFFF"),
        pytest.param("好\ud83d的\x00", id="lone surrogate and NUL"),
        pytest.param("显然" * 5000, id="one word again and again"),
        pytest.param("qwertyuiop", id="nothing that training knew"),
    ],
)
def test_awkward_texts_score_as_in_the_pipeline(
    pipeline: Pipeline, parts: tuple[TermExtractor, Weights], text: str
) -> None:
    """Also where a text has hardly a known term, or one 5,000 times."""
    extractor, weights = parts

    assert pipeline.decision_function([text])[0] == pytest.approx(extractor.score([text], weights).scores[0], abs=CLOSE)


def test_labels_are_those_of_the_pipeline(pipeline: Pipeline, model: Model, texts: list[str]) -> None:
    """Calibration aside, the model's likeliest label is the pipeline's on nearly every section."""
    alone = parts_of(read_version(model._saved.folder)).alone  # noqa: SLF001 - the calibration is no public part
    labels = [*model.labels, "none"]
    expected = alone.probabilities(pipeline.decision_function(texts)).argmax(axis=1)

    given = [labels.index(max(result.probabilities, key=result.probabilities.__getitem__)) for result in
             model.classify(texts)]  # fmt: skip

    assert np.mean(expected == given) >= 0.999


def test_scoring_counts_words_and_those_that_training_knew(
    parts: tuple[TermExtractor, Weights], texts: list[str]
) -> None:
    """They are the different terms of the words group, and those of them that have a weight."""
    extractor, weights = parts
    words, some = extractor.group("words"), [*texts[:50], "", "qwertyuiop"]
    buckets = [extractor.count([text]).buckets for text in some]
    expected = [each[(each >= words.start) & (each < words.stop)] for each in buckets]

    scored = extractor.score(some, weights)

    assert [each.size for each in expected] == scored.words.tolist()
    assert [np.count_nonzero(weights.idf[each]) for each in expected] == scored.known.tolist()


@pytest.mark.parametrize("labels", [2, 3, 4, 5, 8, 9])
def test_scores_of_any_number_of_labels(parts: tuple[TermExtractor, Weights], texts: list[str], labels: int) -> None:
    """Four labels are summed at once; fewer, more, and a rest give what NumPy does."""
    extractor, shipped = parts
    weight = np.random.default_rng(labels).normal(size=(extractor.buckets, labels)).astype(np.float16)
    rows = term_rows(shipped.idf, weight)
    bias = np.linspace(-1.0, 1.0, labels)
    expected = bias + unit_rows(extractor, shipped, texts[:200]) @ weight.astype(np.float64)

    given = extractor.score(texts[:200], Weights(rows.view(np.int16), bias, shipped.scale)).scores

    assert given.shape == (200, labels)
    assert np.abs(expected - given).max() < CLOSE


def unit_rows(extractor: TermExtractor, weights: Weights, texts: list[str]) -> sparse.csr_matrix:
    """Scaled TF-IDF by NumPy: each group's part of a row has the group's length."""
    counted = extractor.count(texts)
    row = np.repeat(np.arange(len(texts)), np.diff(counted.pointers))
    group = np.searchsorted(extractor.bases, counted.buckets, side="right") - 1
    value = (1 + np.log(counted.counts.astype(np.float64))) * weights.idf[counted.buckets]
    square = np.zeros((len(texts), len(weights.scale)))
    np.add.at(square, (row, group), value**2)
    value *= weights.scale[group] / np.sqrt(np.where(square > 0, square, 1))[row, group]
    return sparse.csr_matrix((value, (row, counted.buckets)), shape=(len(texts), extractor.buckets))
