"""Groups that sections are counted in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.seeds.seed import SeedPage
from models.terms.extractor import TermExtractor, TermsConfig
from training.check.counting import counts_of, length_group
from training.check.groups import register_group, subject_group, years_group
from training.extracted import LabelledPage, extract

PageOf = Callable[..., SeedPage]


@pytest.mark.parametrize(
    ("group", "text", "expected"),
    [
        pytest.param(register_group, "wechat account, 2019", "self-media", id="register"),
        pytest.param(register_group, "newspaper portal article", "newspaper, magazine", id="the first register named"),
        pytest.param(register_group, "stone tablet", "(other)", id="another register"),
        pytest.param(subject_group, "lithium batteries in winter", "energy", id="subject"),
        pytest.param(subject_group, "", "(not told)", id="no subject"),
        pytest.param(years_group, "forum, 2009, read again in 2016", "2015–2019", id="the last year"),
        pytest.param(years_group, "forum", "(not told)", id="no year"),
    ],
)
def test_groups(group: Callable[[str], str], text: str, expected: str) -> None:
    """Free words of a header fall into a few groups."""
    assert expected == group(text)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, "0–9"), (9, "0–9"), (10, "10–19"), (199, "100–199"), (800, "800+"), (10**6, "800+")],
)
def test_lengths(length: int, expected: str) -> None:
    """A length falls into the step that begins at or below it."""
    assert expected == length_group(length)


def test_counts(page_of: PageOf) -> None:
    """Written and extracted sections are counted by form, file and length, written ones by layout too."""
    page = page_of("w.txt", ("none", "首页 | 新闻 | 体育 | 财经 | 汽车"), ("opinion", "这笔钱花得太冤枉了。" * 5))
    part = extract([LabelledPage("p", "s", ("好" * 130,), ("opinion",))], TermExtractor(TermsConfig()))

    counts = {counted.by: counted.groups for counted in counts_of([page], [("x.seeds.xz", part)])}

    assert {"written": {"none": 1, "opinion": 1}, "extracted": {"opinion": 1}} == counts["form"]
    assert {"w.txt": {"none": 1, "opinion": 1}, "x.seeds.xz": {"opinion": 1}} == counts["file"]
    assert {"20–49": {"none": 1}, "50–99": {"opinion": 1}, "100–199": {"opinion": 1}} == counts["length"]
    assert {"menu": {"none": 1}, "prose": {"opinion": 1}} == counts["layout"]


def test_half_precision_keeps_the_step() -> None:
    """A length read back from half precision is in the step it was in, at the edges too."""
    edges = np.array([9, 10, 19, 20, 49, 50, 99, 100])

    back = np.rint(np.expm1(np.log1p(edges).astype(np.float16).astype(np.float64))).astype(int)

    assert [length_group(length) for length in edges] == [length_group(length) for length in back.tolist()]
