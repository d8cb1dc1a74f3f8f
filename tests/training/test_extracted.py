"""Extracted seeds: numbers that hold no text, and come back exactly."""

from __future__ import annotations

import json
import lzma
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load

from models.seeds.seed import LABELS, SeedsError
from models.seeds.seed_pages import read_seed_pages
from models.terms.extractor import TermExtractor
from tests.conftest import LIGHT, SMALL_TERMS
from training.corpus import read_corpus
from training.dataset import dataset_of
from training.extracted import SUFFIX, Extracted, LabelledPage, extract, pack, read_labelled_pages, unpack
from training.train import Plan, Trained, train

PAGES = [
    LabelledPage("page-1", "岛报", ("热泵靠压缩机搬运热量。", "", "版权所有"), ("tech_analysis", "none", "none")),
    LabelledPage("page-2", "山报", (), ()),
    LabelledPage("page-3", "岛报", ("我认为𠮷野家不值。",), ("opinion",)),
    LabelledPage("page-4", "岸报", ("",), ("none",)),
]
FINGERPRINT = SMALL_TERMS.fingerprint()


@pytest.fixture(scope="module")
def extractor() -> TermExtractor:
    """An extractor with few buckets."""
    return TermExtractor(SMALL_TERMS)


@pytest.fixture(scope="module")
def seeds(extractor: TermExtractor) -> Extracted:
    """Seeds extracted from four pages, with empty sections and a page without any."""
    return extract(PAGES, extractor)


@pytest.fixture(scope="module")
def packed(seeds: Extracted) -> bytes:
    """The bytes of their file."""
    return pack(seeds, FINGERPRINT)


def test_what_is_unpacked_is_what_was_packed(seeds: Extracted, packed: bytes) -> None:
    """Every count, fact, label and page, exactly."""
    back = unpack(packed, "a.seeds.xz", FINGERPRINT)

    assert (seeds.labels, seeds.groups) == (back.labels, back.groups)
    for name in ("lengths", "buckets", "counts", "facts", "page_sizes"):
        np.testing.assert_array_equal(getattr(seeds, name), getattr(back, name), strict=True)
    assert seeds.hash() == back.hash()


def test_the_same_pages_give_the_same_bytes(packed: bytes, extractor: TermExtractor) -> None:
    """So that a file in a repository changes only where the pages did."""
    assert packed == pack(extract(PAGES, extractor), FINGERPRINT)
    assert packed != pack(extract(PAGES[:1], extractor), FINGERPRINT)


def test_pages_of_one_site_share_a_group(seeds: Extracted) -> None:
    """Folds must not part them, and the group's name does not tell the site's."""
    first, second, third, fourth = seeds.groups

    assert first == third
    assert 3 == len({first, second, fourth})


def test_written_and_extracted_seeds_have_the_same_counts(seeds: Extracted, extractor: TermExtractor) -> None:
    """A section counts the same whether its text is there or not."""
    lines = ["=== a", *(line for text in PAGES[0].texts for line in ("[none]", text))]
    written = dataset_of(read_seed_pages(lines, "a").pages, [], LABELS, extractor)
    without_text = dataset_of([], [seeds], LABELS, extractor)

    assert (written.counts != without_text.counts[:3]).nnz == 0
    np.testing.assert_allclose(written.facts, without_text.facts[:3], rtol=1e-3)
    assert [0, 3, 3, 4, 5] == without_text.pages.tolist()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030"])
def test_no_text_is_in_the_file(packed: bytes, encoding: str) -> None:
    """No two neighbouring characters of any section, site or page name stand in the unpacked bytes."""
    raw = lzma.decompress(packed)
    words = [text for page in PAGES for text in (page.id, page.site, *page.texts)]
    pairs = {word[at : at + 2] for word in words for at in range(len(word) - 1)}
    telling = {pair for pair in pairs if not pair.isascii()} | {"page-1", "page-3"}

    assert set() == {pair for pair in telling if pair.encode(encoding) in raw}


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lzma.decompress, id="not compressed"),
        pytest.param(lambda packed: packed[: len(packed) // 2], id="cut in half"),
        pytest.param(lambda packed: packed[:-1], id="last byte lost"),
        pytest.param(lambda packed: packed[:200] + bytes([packed[200] ^ 1]) + packed[201:], id="one bit flipped"),
        pytest.param(lambda _: lzma.compress(b"hello"), id="something else compressed"),
        pytest.param(lambda packed: lzma.compress(lzma.decompress(packed)[:-50]), id="arrays cut off"),
        pytest.param(lambda packed: lzma.compress(lzma.decompress(packed)[:8]), id="no header"),
        pytest.param(lambda packed: packed + b"more", id="more behind it"),
    ],
)
def test_a_damaged_file_is_refused(packed: bytes, damage: Callable[[bytes], bytes]) -> None:
    """The message names the file."""
    with pytest.raises(SeedsError, match=r"^ours\.seeds\.xz: not extracted seeds, or damaged: "):
        unpack(damage(packed), "ours.seeds.xz", FINGERPRINT)


def test_seeds_of_another_extractor_are_refused(packed: bytes) -> None:
    """Their numbers would mean other terms; the message says what to do."""
    with pytest.raises(SeedsError, match="another version of the extractor; make it again with `lanmu-train extract`"):
        unpack(packed, "ours.seeds.xz", "0" * 64)


def test_seeds_of_another_form_are_refused(packed: bytes) -> None:
    """A later Lanmu may write another."""
    raw = lzma.decompress(packed).replace(b"lanmu-extracted-seeds-", b"lanmu-extracted-beans-")

    with pytest.raises(SeedsError, match="extracted seeds of the form 'lanmu-extracted-beans-"):
        unpack(lzma.compress(raw), "ours.seeds.xz", FINGERPRINT)


def labelled_line(page: LabelledPage) -> str:
    """A page as a line of a file of labelled pages."""
    ends = np.cumsum([len(text) + 1 for text in page.texts]).tolist()
    sections = [
        {"start": end - len(text) - 1, "end": end, "label": label}
        for text, label, end in zip(page.texts, page.labels, ends, strict=True)
    ]
    text = "".join(f"{text}\n" for text in page.texts)
    return json.dumps({"page_id": page.id, "site": page.site, "text": text, "sections": sections}, ensure_ascii=False)


def test_labelled_pages_are_read() -> None:
    """By offsets into the page's text; blank lines are passed over."""
    assert PAGES == read_labelled_pages([*map(labelled_line, PAGES), "\n"], "pages.jsonl")


def test_sections_without_a_label_are_left_out() -> None:
    """Also where a page has no site: it is then its own."""
    row = {"page_id": "p", "text": "甲乙", "sections": [
        {"start": 0, "end": 1, "label": None}, {"start": 1, "end": 2, "label": "none"}]}  # fmt: skip

    assert [LabelledPage("p", "p", ("乙",), ("none",))] == read_labelled_pages([json.dumps(row)], "pages.jsonl")


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '"page"', "3", '{"page_id": "p"}', '{"page_id": "p", "text": "甲", "sections": [{"start": "0"}]}'],
    ids=["broken", "a list", "a word", "a number", "no text", "a section without label"],
)
def test_every_bad_page_is_named(line: str) -> None:
    """With its line, all of them at once."""
    with pytest.raises(SeedsError, match=r"pages\.jsonl:1: not a labelled page") as raised:
        read_labelled_pages([line, labelled_line(PAGES[0]), line], "pages.jsonl")

    assert ["pages.jsonl:1", "pages.jsonl:3"] == [problem.place for problem in raised.value.problems]


@pytest.fixture(scope="module")
def extracted_file(seed_pages: list[str], extractor: TermExtractor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracted seeds of some written pages that the small version has not seen, each a site of its own."""
    pages = read_seed_pages("\n".join(seed_pages[3::16]).splitlines(), "seeds").pages
    labelled = [
        LabelledPage(page.id, page.id, tuple(s.text for s in page.seeds), tuple(s.label for s in page.seeds))
        for page in pages
    ]
    file = tmp_path_factory.mktemp("extracted") / f"ours{SUFFIX}"
    file.write_bytes(pack(extract(labelled, extractor), FINGERPRINT))
    return file


def test_a_model_learns_from_written_and_extracted_seeds(
    small_seeds: Path, trained: Trained, extracted_file: Path, tmp_path: Path
) -> None:
    """Both count, and the version says how many of each it learned from."""
    both = train(Plan((small_seeds, extracted_file), tmp_path, "both", config=LIGHT, terms=SMALL_TERMS))

    metadata = json.loads((both.folder / "model.json").read_text("utf-8"))
    about, frozen = metadata["corpus"], metadata["frozen"]
    back = unpack(extracted_file.read_bytes(), "", FINGERPRINT)
    assert len(back.labels) > about["extracted_sections"] > 100
    assert about["sections"] == about["written_sections"] + about["extracted_sections"]
    written = json.loads((trained.folder / "model.json").read_text("utf-8"))
    kept_back = sum(frozen[name] - written["frozen"][name] for name in ("sections", "left_out_of_training"))
    assert len(back.labels) == about["extracted_sections"] + kept_back


def test_an_unknown_label_in_extracted_seeds_is_named(extractor: TermExtractor, tmp_path: Path) -> None:
    """As in written ones, with the remedy."""
    page = LabelledPage("p", "s", ("甲",), ("recipe",))
    (tmp_path / f"ours{SUFFIX}").write_bytes(pack(extract([page], extractor), FINGERPRINT))

    with pytest.raises(SeedsError, match=r"ours\.seeds\.xz: unknown label 'recipe'; declare it with --new-label"):
        read_corpus([tmp_path], LABELS, FINGERPRINT)


@pytest.fixture
def unusable(packed: bytes, tmp_path: Path) -> Path:
    """A folder with a bad record and two files of extracted seeds that cannot be used."""
    (tmp_path / "bad.csv").write_text("text,label\n甲,weird\n", "utf-8")
    (tmp_path / f"cut{SUFFIX}").write_bytes(packed[:100])
    (tmp_path / f"empty{SUFFIX}").write_bytes(b"")
    return tmp_path


def test_all_problems_are_named_at_once(unusable: Path) -> None:
    """Those of extracted seeds together with those of written ones."""
    with pytest.raises(SeedsError) as raised:
        read_corpus([unusable], LABELS, FINGERPRINT)

    assert ["bad.csv:2", "cut.seeds.xz", "empty.seeds.xz"] == [problem.place for problem in raised.value.problems]


def test_unusable_extracted_seeds_are_left_out_when_asked(small_seeds: Path, unusable: Path) -> None:
    """The rest is trained on."""
    said: list[str] = []

    corpus = read_corpus([small_seeds, unusable], LABELS, FINGERPRINT, keep_going=True, say=said.append)

    assert () == corpus.extracted
    assert corpus.pages
    assert 3 == sum(line.startswith("left out: ") for line in said)


@pytest.mark.parametrize("part", ["facts", "page_sizes", "sites", "counts"])
def test_seeds_whose_parts_do_not_fit_are_refused(seeds: Extracted, part: str) -> None:
    """A list that is too short would shift the labels of all that follows."""
    shorter = replace(seeds, **{part: getattr(seeds, part)[:-1]})

    with pytest.raises(SeedsError, match="its parts do not fit each other"):
        unpack(pack(shorter, FINGERPRINT), "ours.seeds.xz", FINGERPRINT)


def test_the_file_is_plain_arrays(packed: bytes) -> None:
    """Nothing but numbers, in a form that any safetensors library opens."""
    arrays = load(lzma.decompress(packed))

    assert {"b", "i", "u", "f"} >= {array.dtype.kind for array in arrays.values()}
