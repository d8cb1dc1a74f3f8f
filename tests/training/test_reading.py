"""From files and folders to seeds, with every problem at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.seeds.seed import LABELS, Problem, Reading, Seed, SeedPage, SeedsError
from training.checks import all_labels, sound, too_few
from training.corpus import Corpus, read_corpus
from training.reading import read_seeds, seed_files


@pytest.fixture
def bad_seeds(tmp_path: Path) -> Path:
    """A folder with one file for each way to be wrong, and one good page."""
    (tmp_path / "a.txt").write_text("=== p1\n[opinion]\n我认为不值。\n[nonsense]\n好\n=== p2\n[none]\n\n", "utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "我认为不值。", "label": "none"}\n{"text": \n', "utf-8")
    (tmp_path / "c.csv").write_text("甲,none\n", "utf-8")
    (tmp_path / "d.txt").write_bytes("=== p4\n[none]\n版权".encode("gb18030"))
    (tmp_path / "e.txt").write_text("=== p1\n[none]\n目录\n=== p5\n[none]\n首页\n", "utf-8-sig")
    (tmp_path / "notes.md").write_text("not seeds", "utf-8")
    return tmp_path


def test_every_problem_is_named_at_once(bad_seeds: Path) -> None:
    """One error with the file and line of each."""
    with pytest.raises(SeedsError) as raised:
        read_corpus([bad_seeds], LABELS, "")

    found = {problem.place.removeprefix(f"{bad_seeds}/"): problem.reason for problem in raised.value.problems}
    assert {
        "b.jsonl:2": "not JSON: Expecting value: line 2 column 1 (char 10)",
        "c.csv:1": "the header must name 'text' and 'label', got ['甲', 'none']",
        "d.txt": "not UTF-8 at byte 14; save the file as UTF-8",
        "e.txt:1": "the page id 'p1' is taken by another file",
        "a.txt:2": "the same text is 'opinion' here and 'none' at b.jsonl:1; keep one",
        "a.txt:4": f"unknown label 'nonsense'; known are {', '.join(LABELS)} (a new one is declared with --new-label)",
        "a.txt:7": "the section is empty; write its text or take it out",
        "b.jsonl:1": "the same text is 'none' here and 'opinion' at a.txt:2; keep one",
    } == found


def test_bad_seeds_can_be_left_out(bad_seeds: Path, small_seeds: Path) -> None:
    """With keep_going the good ones are kept, and each bad one is told."""
    told: list[str] = []

    corpus = read_corpus([bad_seeds, small_seeds], LABELS, "", keep_going=True, say=told.append)

    assert "p5" in {page.id for page in corpus.pages}
    assert not {"p1", "p2", "p4"} & {page.id for page in corpus.pages}
    assert 8 == sum(line.startswith("left out: ") for line in told)


def test_a_label_with_too_few_seeds_is_named(tmp_path: Path) -> None:
    """The message says how many there are and how many it takes."""
    (tmp_path / "few.txt").write_text("=== p1\n[opinion]\n我认为不值。\n[none]\n目录\n", "utf-8")

    with pytest.raises(SeedsError, match=r"'opinion' has 1 sections on 1 pages; it takes 20 on 5\n.*'none' has 1 "):
        read_corpus([tmp_path], LABELS, "")


@pytest.mark.parametrize(
    ("sections", "pages", "enough"),
    [(20, 5, True), (19, 5, False), (20, 4, False), (0, 0, False)],
    ids=["just enough", "too few sections", "too few pages", "none at all"],
)
def test_how_many_are_enough(sections: int, pages: int, *, enough: bool) -> None:
    """A label takes 20 sections on 5 pages."""
    assert enough == (not too_few({"opinion": sections}, {"opinion": pages}, ["opinion"]))


def test_files_are_found_in_folders_by_their_form(bad_seeds: Path) -> None:
    """Files of another form are passed over in a folder, and a problem where they are named."""
    assert ["a.txt", "b.jsonl", "c.csv", "d.txt", "e.txt"] == [path.name for path in seed_files([bad_seeds])]
    assert [Problem(str(bad_seeds / "notes.md"), "unknown form '.md'; known are .txt, .jsonl, .csv, .seeds.xz")] == (
        read_seeds([bad_seeds / "notes.md"]).problems
    )


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    """A mistyped path is not an empty corpus."""
    with pytest.raises(FileNotFoundError, match=r"there are no seeds at '.*absent'"):
        seed_files([tmp_path / "absent"])


def test_a_page_keeps_its_good_sections() -> None:
    """A bad section is taken out of its page, and a page without a section left goes."""
    pages = [
        SeedPage("p", (Seed("好", "none", "a:1"), Seed(" ", "none", "a:2")), "a:1"),
        SeedPage("q", (Seed("", "none", "b:1"),), "b:1"),
    ]

    checked = sound(Reading(pages), LABELS)

    assert [SeedPage("p", (Seed("好", "none", "a:1"),), "a:1")] == checked.pages
    assert ["a:2", "b:1"] == [problem.place for problem in checked.problems]


def test_none_stays_last() -> None:
    """New labels come before it, and one that is there already is not doubled."""
    assert (*LABELS[:-1], "recipe", "none") == all_labels(LABELS, ["recipe", "opinion"])


def test_the_corpus_hash_is_of_the_seeds() -> None:
    """The order of pages does not count; a text, a label, a page's border does."""
    one = SeedPage("p", (Seed("甲", "none", "a:1"), Seed("乙", "opinion", "a:2")), "a:1")
    two = SeedPage("q", (Seed("丙", "none", "b:1"),), "b:1")
    changed = SeedPage("q", (Seed("丙", "opinion", "b:1"),), "b:1")
    moved = SeedPage("q", (Seed("乙", "opinion", "a:2"), Seed("丙", "none", "b:1")), "b:1")
    shorter = SeedPage("p", (Seed("甲", "none", "a:1"),), "a:1")

    corpus = Corpus((one, two), (), LABELS).hash()

    assert corpus == Corpus((two, one), (), LABELS).hash()
    assert 3 == len({corpus, Corpus((one, changed), (), LABELS).hash(), Corpus((shorter, moved), (), LABELS).hash()})


def test_shipped_seeds_are_sound() -> None:
    """The seeds that come with Lanmu have no problem, and hundreds of pages."""
    seeds = Path(__file__).resolve().parents[2] / "training" / "seeds"

    reading = sound(read_seeds([seeds]), LABELS)

    assert [] == list(map(str, reading.problems))
    assert len(reading.pages) > 300
