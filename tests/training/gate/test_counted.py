"""Scoring counted seeds."""

from __future__ import annotations

import numpy as np
import pytest

from models.model import Model
from models.seeds.seed import LABELS
from training.dataset import dataset_of
from training.evaluation.pages import judge, pages_of
from training.gate.contender import Contender
from training.gate.parting import Parted
from training.train import Trained


@pytest.fixture(scope="module")
def contender(trained: Trained) -> Contender:
    """The small version before the gate."""
    return Contender.load(trained.folder, None)


@pytest.mark.parametrize("judged", ["alone", "in_page"])
def test_counted_seeds_are_answered_as_their_text_is(
    contender: Contender, model: Model, parted: Parted, judged: str
) -> None:
    """What the gate measures is what the service would answer."""
    pages = parted.frozen.corpus.pages

    counted = contender.judge(dataset_of(pages, (), LABELS, contender.parts.extractor), LABELS)[judged]
    read = judge(model, pages_of(pages))[judged]

    assert np.abs(counted.chances - read.chances).max() < 1e-5
    assert (counted.said == read.said).mean() >= 0.999
    assert counted.target.tolist() == read.target.tolist()


def test_a_label_that_a_version_does_not_know_is_never_its_answer(contender: Contender, parted: Parted) -> None:
    """Labels may stand in any order, as long as none is last."""
    labels = ("opinion", "recipe", "tech_analysis", "recommendation_teaser", "none")
    pages = parted.frozen.corpus.pages
    usual = contender.judge(dataset_of(pages, (), LABELS, contender.parts.extractor), LABELS)["in_page"]

    found = contender.judge(dataset_of(pages, (), labels, contender.parts.extractor), labels)["in_page"]

    assert [LABELS[number] for number in usual.said] == [labels[number] for number in found.said]
    assert found.chances[:, 1].max() < 1e-5
