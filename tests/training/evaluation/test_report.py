"""report.html: whole, readable in two languages, and sufficient to itself."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from models.terms.extractor import TermExtractor
from tests.conftest import LIGHT, SMALL_TERMS
from training.extracted import LabelledPage, extract, pack
from training.saving import Run
from training.train import Plan, Trained, train

VOID = {"meta", "input", "br"}


class Parsed(HTMLParser):
    """A page taken apart; a tag that is closed before those inside it is an error."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes, and that the tag is open."""
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the attributes."""
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note the text by the tag it stands in."""
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def values(self, name: str) -> list[str]:
        """What an attribute is, wherever it stands."""
        return [value for _, found, value in self.attributes if found == name]


@pytest.fixture(scope="module")
def html(trained: Trained) -> str:
    """The small version's report."""
    return (trained.folder / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def report(html: str) -> Parsed:
    """The same, taken apart."""
    return Parsed(html)


def test_every_part_is_there(report: Parsed) -> None:
    """Every tag is closed in its order, and every part of the report has something to show."""
    assert [] == report.open
    assert {
        "figures", "labels", "confusion", "reliability", "risk", "learning", "groups", "terms", "mistakes",
    } <= set(report.values("id"))  # fmt: skip
    assert 3 == report.values("role").count("img")


def test_it_needs_no_other_file(html: str, report: Parsed) -> None:
    """No link, image, script or import: it reads without a network."""
    styles = "".join(report.texts["style"])

    assert [] == [name for _, name, _ in report.attributes if name in {"src", "href", "data", "action", "srcset"}]
    assert "@import" not in styles
    assert "url(" not in styles
    assert "script" not in {tag for tag, _, _ in report.attributes} | set(report.texts)
    assert len(html.encode()) < 300_000


def test_it_is_in_chinese_and_english(report: Parsed) -> None:
    """Whatever is said in one is said in the other."""
    classes = report.values("class")

    assert classes.count("en") == classes.count("zh") > 50
    assert {"混淆矩阵：行为真实类别，列为模型回答", "Reliability of given labels", "可靠性曲线（已作答）"} <= set(
        report.texts["span"]
    )


def test_it_tells_the_figures_of_the_training(html: str, trained: Trained) -> None:
    """The confusion's counts and the figures stand in it."""
    for metrics in trained.metrics.values():
        assert f"<td>{metrics.four_way:.3f}<br>" in html
        assert f'<td class="hit">{metrics.confusion[0][0]}</td>' in html


def test_it_quotes_seeds_as_text(html: str, run: Run) -> None:
    """The worst mistakes stand in it, and what they hold of HTML is shown, not followed."""
    quoted = "".join(Parsed(html).texts["blockquote"])

    assert any(seed.text in quoted for page in run.corpus.pages for seed in page.seeds)


def test_extracted_seeds_show_no_text(run: Run, tmp_path: Path) -> None:
    """Where no seed has text, there are no words and no mistakes to show, and all else is."""
    pages = [
        LabelledPage(page.id, page.id, tuple(s.text for s in page.seeds), tuple(s.label for s in page.seeds))
        for page in run.corpus.pages
    ]
    file = tmp_path / "ours.seeds.xz"
    file.write_bytes(pack(extract(pages, TermExtractor(SMALL_TERMS)), SMALL_TERMS.fingerprint()))

    folder = train(Plan((file,), tmp_path / "registry", "textless", config=LIGHT, terms=SMALL_TERMS)).folder

    report = Parsed((folder / "report.html").read_text("utf-8"))
    assert {"terms", "mistakes"}.isdisjoint(report.values("id"))
    assert {"figures", "groups", "learning"} <= set(report.values("id"))
    assert "blockquote" not in report.texts
