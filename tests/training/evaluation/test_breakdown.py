"""Groups of sections."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.answers import answers_of
from training.evaluation.breakdown import FEWEST, breakdown, forms, lengths, subjects
from training.saving import Run

LABELS = ("opinion", "teaser", "none")


def test_each_group_has_figures_of_its_own() -> None:
    """Largest first; a group of too few sections, and sections without a group, are left out."""
    target = np.zeros(70, np.int64)
    chances = np.tile([0.8, 0.1, 0.1], (70, 1))
    chances[:10] = [0.1, 0.8, 0.1]
    groups = ["hard"] * 20 + ["easy"] * 30 + ["rare"] * (FEWEST - 1) + [""]

    easy, hard = breakdown(answers_of(chances, target, np.arange(70), LABELS, {}), groups)

    assert ("easy", 30, 1.0, 1.0, 1.0) == (easy.name, easy.sections, easy.four_way, easy.accuracy, easy.right)
    assert ("hard", 20, 0.5, 0.5) == (hard.name, hard.sections, hard.accuracy, hard.right)
    assert 2 * 10 / (20 + 10) == pytest.approx(hard.four_way)


def test_lengths_are_those_of_the_texts(run: Run) -> None:
    """Read back from the facts, since extracted seeds have no text."""
    texts = [seed.text for page in run.corpus.pages for seed in page.seeds]
    visible = [len("".join(text.split())) for text in texts]

    found = lengths(run.dataset)

    ends = {"1–20": 20, "21–60": 60, "61–150": 150, "151–400": 400, "401–": 10**9}
    assert [next(name for name, end in ends.items() if count <= end) for count in visible] == found


def test_subjects_and_forms_are_told_of_every_section(run: Run) -> None:
    """One group for each row of the dataset."""
    sections = len(run.dataset.target)

    assert ["written"] * sections == forms(run.dataset)
    assert sections == len(subjects(run.corpus, run.dataset))
    assert "software, data" in subjects(run.corpus, run.dataset)
