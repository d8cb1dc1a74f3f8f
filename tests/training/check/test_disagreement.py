"""Sections that a model which did not see their page labels otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.seeds.seed import LABELS
from models.terms.extractor import TermExtractor, TermsConfig
from training.check.disagreement import Disagreement, disagreements_of
from training.check.material import Material, read_material
from training.extracted import LabelledPage, extract, pack

PAGE = """=== p
[opinion]
真好。
[none]
首页
[tech_analysis]
水车靠水流推动叶片。
[recommendation_teaser]
相关阅读
"""


@pytest.fixture
def material(tmp_path: Path) -> Material:
    """A written page with one section of each label, and an extracted page with two sections."""
    (tmp_path / "few.txt").write_text(PAGE, encoding="utf-8")
    extractor = TermExtractor(TermsConfig())
    page = LabelledPage("q", "site", ("上一篇", "下一篇"), ("none", "none"))
    (tmp_path / "x.seeds.xz").write_bytes(pack(extract([page], extractor), extractor.config.fingerprint()))
    return read_material([tmp_path], LABELS)


def test_lists_strong_disagreements_strongest_first(material: Material) -> None:
    """A written section is named by file and line, an extracted one by page and row; a weak case is left out."""
    chances = np.eye(4)[material.dataset.target]
    chances[0] = [0.05, 0.10, 0.05, 0.80]  # opinion, likelier none by .70
    chances[1] = [0.40, 0.20, 0.10, 0.30]  # none, likelier tech_analysis by .10
    chances[5] = [0.00, 0.00, 0.95, 0.05]  # none, likelier recommendation_teaser by .90

    found = disagreements_of(material, chances)

    assert [
        Disagreement("x.seeds.xz page 1 row 2", "none", "recommendation_teaser", 0.95, 0.05, ""),
        Disagreement("few.txt:2", "opinion", "none", 0.8, 0.1, "真好。"),
    ] == found


def test_agreement_lists_nothing(material: Material) -> None:
    """A model that gives every section its own label disagrees with none."""
    assert disagreements_of(material, np.eye(4)[material.dataset.target]) == []
