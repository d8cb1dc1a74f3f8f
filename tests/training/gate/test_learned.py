"""What a version tells of what it learned from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from models.seeds.seed import Seed, SeedPage
from models.terms.extractor import TermExtractor
from models.versions import InvalidVersionError
from tests.conftest import SMALL_TERMS
from training.dataset import dataset_of
from training.gate.frozen import digest_of
from training.gate.learned import LEARNED, learned_lines, read_learned
from training.train import Trained


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Pages of one unit are counted together, each label with what was the likeliest."""
    pages = [SeedPage(str(number), (Seed("甲", "opinion", ""), Seed("乙", "none", "")), "") for number in range(2)]
    dataset = dataset_of(pages, (), ("opinion", "none"), TermExtractor(SMALL_TERMS))
    chances = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.4, 0.6]])

    (tmp_path / LEARNED).write_bytes(learned_lines(["site:x", "site:x"], dataset, ("opinion", "none"), chances))

    expected = Counter({("opinion", "opinion"): 1, ("opinion", "none"): 1, ("none", "none"): 2})
    assert {digest_of("site:x"): expected} == read_learned(tmp_path)


def test_a_trained_version_tells_all_that_it_learned_from(trained: Trained) -> None:
    """Every section of its corpus is in the file."""
    learned = read_learned(trained.folder)

    assert learned is not None
    assert trained.metrics["in_page"].sections == sum(said.total() for said in learned.values())


def test_an_older_version_tells_nothing(tmp_path: Path) -> None:
    """Which is not the same as having learned from nothing."""
    assert read_learned(tmp_path) is None


@pytest.mark.parametrize(
    "line", ["", "0123", "0123 opinion", "0123 opinion>none:-1", "0123 opinion>none:x", "食谱 食>谱:1"]
)
def test_a_damaged_file_is_refused(tmp_path: Path, line: str) -> None:
    """Its line is named."""
    (tmp_path / LEARNED).write_text(f"0123456789abcdef none>none:1\n{line}\n", "utf-8")

    with pytest.raises(InvalidVersionError, match="line 2 is no unit with its labels"):
        read_learned(tmp_path)
