"""The quality benchmark's own arithmetic, peers and pages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.quality.compare import CUT, PEERS, Training, absent_peers, compared
from benchmarks.quality.figures import DRAWS, Answers, Figure, answers_of, score
from benchmarks.quality.machine import surroundings
from benchmarks.quality.marker_rule import cut_at_marker, has_marker
from benchmarks.quality.pages import LabelledPage, parted, read_pages, settled, written_pages
from benchmarks.quality.peers import Peer, character_regression, majority, nbsvm, word_regression
from benchmarks.quality.table import Row, Run, markdown, plain

TECH, OPINION, TEASER, NONE = range(4)
LABELS = ("tech_analysis", "opinion", "recommendation_teaser", "none")
TEXTS = ("电池能量密度提高一成", "我认为这太荒唐了", "猜你喜欢更多文章", "首页登录版权所有")
PAGES = [
    LabelledPage("first", ("甲", "乙", "丙"), ("tech_analysis", None, "none")),
    LabelledPage("second", ("丁", "戊"), ("opinion", "none")),
]


def test_figures_are_those_of_the_definition() -> None:
    """Macro-F1 is over labels that are there, forced over sections of the three; what is not settled is passed over."""
    answers = Answers(np.array([TECH, OPINION, NONE, NONE, NONE]), np.array([TECH, TEASER, TECH, TECH, TECH]))

    scored = score(PAGES, answers)

    assert pytest.approx((1 + 0 + 2 * 2 / (2 + 3)) / 3) == scored.whole["four_way"]
    assert pytest.approx(1 / 2) == scored.whole["forced"]


def test_an_interval_holds_its_figure_and_a_way_is_not_ahead_of_itself() -> None:
    """Pages are drawn again for the interval, the same for every way."""
    right = score(PAGES * 9, Answers(np.array([0, 0, 3, 1, 3] * 9), np.array([0, 0, 0, 1, 0] * 9)))
    wrong = score(PAGES * 9, Answers(np.array([0, 0, 0, 1, 3] * 9), np.array([0, 0, 0, 0, 0] * 9)))

    figure = wrong.figure("four_way")

    assert DRAWS == len(wrong.drawn["four_way"])
    assert figure.low < figure.value < figure.high
    assert Figure(0.0, 0.0, 0.0) == wrong.lead(wrong, "four_way")
    assert 0 < right.lead(wrong, "four_way").value


@pytest.mark.parametrize("peer", [word_regression, character_regression, nbsvm], ids=["words", "characters", "nb-svm"])
def test_a_peer_learns_its_seeds(peer: Peer) -> None:
    """Each peer gives clear seeds back with their labels."""
    judge = peer(TEXTS * 3, LABELS * 3)

    assert [TECH, OPINION, TEASER, NONE] == answers_of(judge(TEXTS)).said.tolist()


def test_the_majority_gives_the_commonest_label() -> None:
    """Whatever is asked, and the commonest of the three where none is not allowed."""
    judge = majority(TEXTS, ["none", "opinion", "none", "opinion", "none"])

    answers = answers_of(judge(["随便什么", "另一段"]))

    assert ([NONE, NONE], [OPINION, OPINION]) == (answers.said.tolist(), answers.forced.tolist())


@pytest.mark.parametrize(
    "line", ["相关推荐", "【延伸阅读】", "猜你喜欢：", "正文\n热门文章\n标题", "您可能感兴趣的文章"]
)
def test_a_marker_is_known(line: str) -> None:
    """A line that is nothing but a marker is one, wherever it stands in a section."""
    assert has_marker(line)


@pytest.mark.parametrize("line", ["推荐算法怎样工作", "相关推荐系统的论文", "他喜欢热门文章", "首页", ""])
def test_prose_is_no_marker(line: str) -> None:
    """A line that only holds such words is none."""
    assert not has_marker(line)


def test_all_is_teaser_from_the_first_marker_of_a_page_on() -> None:
    """Sections before the marker, and those of the next page, keep what they had."""
    none = np.eye(4)[[NONE] * 6]
    pages = [
        LabelledPage("a", ("正文", "相关推荐", "标题"), LABELS[:3]),
        LabelledPage("b", ("一", "二", "三"), LABELS[:3]),
    ]

    cut = cut_at_marker(pages, none)

    assert [NONE, TEASER, TEASER, NONE, NONE, NONE] == cut.argmax(axis=1).tolist()


def test_pages_are_read_as_they_were_cut(tmp_path: Path) -> None:
    """Sections keep their order and text; one that is not settled stays on its page, and is not trained on."""
    sections = [{"start": 0, "end": 2, "label": "none"}, {"start": 2, "end": 4, "label": None}]
    file = tmp_path / "pages.jsonl"
    file.write_text(json.dumps({"page_id": "p", "text": "菜单正文", "sections": sections}), encoding="utf-8")

    pages = read_pages(file)

    assert [LabelledPage("p", ("菜单", "正文"), ("none", None))] == pages
    assert (["菜单"], ["none"]) == settled(pages)


@pytest.mark.slow
def test_every_way_is_trained_and_compared() -> None:
    """Lanmu comes first, alone and in the page, then its peers, which it is measured against; it beats the majority."""
    kept, held = parted(written_pages()[::6])

    rows = compared(Training("a few pages", kept), held, lambda _: None)

    ways = {name for name in PEERS if name not in absent_peers()}
    assert {"Lanmu", *ways} == {row.way for row in rows if row.judged == "alone"}
    assert {"Lanmu", *CUT.values()} == {row.way for row in rows if row.judged == "in page"}
    assert all(bool(row.leads) == (row.way != "Lanmu") for row in rows)
    assert 0 < next(row.leads["four_way"].low for row in rows if row.way == "majority")


def test_held_out_pages_are_not_trained_on() -> None:
    """Every page is on one side only, a fifth of them held out."""
    pages = [LabelledPage(str(number), (), ()) for number in range(10)]

    kept, held = parted(pages)

    assert [0, 5] == [int(page.id) for page in held]
    assert 8 == len(kept)
    assert not {page.id for page in kept} & {page.id for page in held}


def test_results_hold_figures_and_what_they_were_measured_with() -> None:
    """Table and Markdown page show figures with their intervals and what was left out; the page, the versions too."""
    figures = {"four_way": Figure(0.7, 0.6, 0.8), "forced": Figure(0.9, 0.85, 0.95)}
    row = Row(
        "seeds", "alone", "majority", figures, {"four_way": Figure(0.1, 0.05, 0.15), "forced": Figure(0, -0.1, 0.1)}
    )
    run = Run("pages", 2, 5, surroundings(), [row], ["fastText: left out"])

    for text in (plain(run), markdown(run)):
        assert re.search(r"majority.*0\.700 \[0\.600, 0\.800\].*\+0\.100 \[\+0\.050, \+0\.150\]", text)
        assert "fastText: left out" in text
    assert f"- Python: {run.surroundings['Python']}" in markdown(run)


def test_a_line_that_is_no_page_is_named(tmp_path: Path) -> None:
    """With its number, whatever is wrong with it."""
    file = tmp_path / "pages.jsonl"
    page = json.dumps({"page_id": "p", "text": "一段。", "sections": [{"start": 0, "end": 3, "label": "opinion"}]})
    file.write_text(f"{page}\n[1]\n", "utf-8")

    with pytest.raises(ValueError, match=r"pages\.jsonl:2: pages are JSON Lines of page_id, text and sections"):
        read_pages(file)
