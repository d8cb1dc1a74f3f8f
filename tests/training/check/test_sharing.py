"""Sentences that seeds share with other text."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from models.seeds.seed import SeedPage
from training.check.sharing import NothingToCompareError, Shared, sharing_of

PageOf = Callable[..., SeedPage]

SENTENCE = "山坡上的信号塔在雷雨夜里倒了一座"
OTHER = "镇上的人第二天才发现电话打不通"
AS_JSON = json.dumps({"id": 7, "parts": [{"body": f"{OTHER}。{SENTENCE}!"}]}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        pytest.param("a.txt", f"开头\n{OTHER}。{SENTENCE}。", "a.txt:2", id="text"),
        pytest.param("a.jsonl", f'{{"id": 1}}\n{AS_JSON}\n', "a.jsonl:2", id="any string in JSON Lines"),
        pytest.param("a.html", f"<p>开头</p><p><b>山坡上</b>{SENTENCE[3:]}</p>", "a.html:2", id="HTML across elements"),
    ],
)
def test_finds_a_shared_sentence(tmp_path: Path, page_of: PageOf, name: str, text: str, place: str) -> None:
    """A sentence of a seed is found in other text of every form, with both places."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    pages = [page_of("mine", ("none", "首页"), ("none", f"听说,是真的。{SENTENCE}？"))]

    sharing = sharing_of(pages, [tmp_path])

    assert [Shared(SENTENCE, "mine:2", place)] == sharing.shared


def test_counts_what_was_compared(tmp_path: Path, page_of: PageOf) -> None:
    """The proof says how many files and different sentences were compared."""
    (tmp_path / "a.txt").write_text(f"{OTHER}。{OTHER}。\n短句。", encoding="utf-8")

    sharing = sharing_of([page_of("mine", ("none", SENTENCE))], [tmp_path])

    assert (1, 1, 1, []) == (sharing.files, sharing.other_sentences, sharing.sentences, sharing.shared)


def test_allows_stock_lines(tmp_path: Path, page_of: PageOf) -> None:
    """A line that is listed as stock may be shared, and is named."""
    stock = tmp_path / "stock"
    stock.write_text(f"# every tower operator prints it\n{SENTENCE}。\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")

    sharing = sharing_of([page_of("mine", ("none", SENTENCE))], [tmp_path], stock)

    assert ([SENTENCE], []) == (sharing.stock, sharing.shared)


def test_refuses_a_folder_without_text(tmp_path: Path) -> None:
    """A comparison with nothing proves nothing, and says so."""
    with pytest.raises(NothingToCompareError, match=r"found no \.txt, \.jsonl, \.html, \.htm file to compare with"):
        sharing_of([], [tmp_path])
