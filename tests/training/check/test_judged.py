"""What models say of seeds: wrong labels and learning curves."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from models.seeds import SHIPPED_SEEDS
from models.seeds.seed import LABELS
from training.check.disagreement import STRONG
from training.check.findings import Judged, judged_of, why_unfit
from training.check.material import read_material

MENU = "\n首页 | 要闻 |"
WRONG = f"[opinion]{MENU}"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judged, str]:
    """What models say of two shipped files, where a menu is labelled opinion; and the place of that menu."""
    folder = tmp_path_factory.mktemp("planted")
    shutil.copy(SHIPPED_SEEDS / "b.txt", folder)
    text = (SHIPPED_SEEDS / "a.txt").read_text(encoding="utf-8").replace(f"[none]{MENU}", WRONG, 1)
    (folder / "a.txt").write_text(text, encoding="utf-8")
    place = f"a.txt:{text[: text.index(WRONG)].count(chr(10)) + 1}"
    return judged_of(read_material([folder], LABELS)), place


def test_a_wrong_label_is_listed(planted: tuple[Judged, str]) -> None:
    """A section with a wrong label is listed with its place and the label that it should have."""
    judged, place = planted

    (found,) = [row for row in judged.disagreements if row.place == place]

    assert ("opinion", "none") == (found.label, found.suggested)


def test_the_strongest_come_first(planted: tuple[Judged, str]) -> None:
    """Disagreements are sorted by how much likelier the suggested label is, and all are strong."""
    strengths = [row.strength for row in planted[0].disagreements]

    assert sorted(strengths, reverse=True) == pytest.approx(strengths, abs=0.002)
    assert min(strengths) >= STRONG - 0.001


def test_the_curve_has_every_share(planted: tuple[Judged, str]) -> None:
    """Written seeds alone have one curve of four points, tested on written sections, that rises."""
    points = {point.share: point for point in planted[0].curve}

    assert {("written", "written")} == {(point.trained_on, point.tested_on) for point in planted[0].curve}
    assert [0.1, 0.25, 0.5, 1.0] == sorted(points)
    assert points[0.1].sections < points[0.25].sections < points[0.5].sections < points[1.0].sections
    assert points[1.0].four_way > points[0.1].four_way


def test_too_few_seeds_are_not_fitted(tmp_path: Path) -> None:
    """Where there are too few seeds no model is fitted, and the reason names label, number and limit."""
    (tmp_path / "few.txt").write_text("=== p\n[opinion]\n真好。\n[none]\n首页\n", encoding="utf-8")

    reason = why_unfit(read_material([tmp_path], LABELS))

    assert (
        "'opinion' has 1 sections on 1 pages; it takes 20 on 5; 'none' has 1 sections on 1 pages; it takes 20 on 5"
        == reason
    )
