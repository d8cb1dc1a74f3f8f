"""Seeds as JSON Lines and CSV."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.seeds.records import read_csv, read_jsonl
from models.seeds.seed import Reading, Seed, SeedPage
from models.seeds.seed_pages import read_seed_pages


def lines_of(*rows: object) -> list[str]:
    """JSON Lines."""
    return [json.dumps(row, ensure_ascii=False) + "\n" for row in rows]


def problems_of(reading: Reading) -> list[str]:
    """Places and reasons."""
    return [str(problem) for problem in reading.problems]


def test_a_record_is_a_page_of_its_own() -> None:
    """Without `page`, each line stands alone; white space around the text goes."""
    reading = read_jsonl(lines_of({"text": " 甲\n", "label": "none"}, {"text": "乙", "label": "opinion"}), "a.jsonl")

    assert (
        Reading(
            [
                SeedPage("a.jsonl:1", (Seed("甲", "none", "a.jsonl:1"),), "a.jsonl:1"),
                SeedPage("a.jsonl:2", (Seed("乙", "opinion", "a.jsonl:2"),), "a.jsonl:2"),
            ]
        )
        == reading
    )


def test_records_of_one_page_stand_together() -> None:
    """In the order of the file, wherever they are in it; `page` may be a number."""
    rows = [{"text": text, "label": "none", "page": page} for text, page in (("甲", 7), ("乙", "x"), ("丙", 7))]

    pages = read_jsonl(lines_of(*rows), "a.jsonl").pages

    assert {"7": ["甲", "丙"], "x": ["乙"]} == {page.id: [seed.text for seed in page.seeds] for page in pages}


def test_a_line_may_hold_a_whole_page() -> None:
    """Its sections are in page order, and a bad one among them is named."""
    sections = [{"text": "甲", "label": "none"}, {"text": "乙"}, {"text": "丙", "label": "opinion"}]

    reading = read_jsonl(lines_of({"page": "p", "sections": sections}), "a.jsonl")

    assert [("p", ["甲", "丙"])] == [(page.id, [seed.text for seed in page.seeds]) for page in reading.pages]
    assert ["a.jsonl:1: the record has no 'label' that is text: {'text': '乙'}"] == problems_of(reading)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        pytest.param('{"text": "甲", "label"', "not JSON: ", id="broken"),
        pytest.param("[" * 100_000, "not JSON: ", id="nested without end"),
        pytest.param('["甲", "none"]', "the record has no 'text' that is text: ['甲', 'none']", id="a list"),
        pytest.param('{"label": "none"}', "the record has no 'text' that is text", id="no text"),
        pytest.param('{"text": 5, "label": "none"}', "the record has no 'text' that is text", id="a number"),
        pytest.param('{"text": "甲", "label": null}', "the record has no 'label' that is text", id="no label"),
    ],
)
def test_a_bad_line_is_named_and_the_others_kept(line: str, problem: str) -> None:
    """The line's number counts blank lines too."""
    reading = read_jsonl(["\n", line + "\n", *lines_of({"text": "好", "label": "none"})], "a.jsonl")

    assert [True] == [found.startswith(f"a.jsonl:2: {problem}") for found in problems_of(reading)]
    assert ["好"] == [seed.text for page in reading.pages for seed in page.seeds]


def csv_of(text: str) -> Reading:
    """Read CSV from text."""
    return read_csv(io.StringIO(text, newline=""), "a.csv")


def test_csv_has_a_header_and_quoted_line_ends() -> None:
    """Columns are found by name, in any order; a place is the line that the record ends on."""
    reading = csv_of('label,page,note,text\r\nnone,p,x,"甲\n乙, 丙"\r\nopinion,,,丁\r\n')

    assert [
        SeedPage("p", (Seed("甲\n乙, 丙", "none", "a.csv:3"),), "a.csv:3"),
        SeedPage("a.csv:4", (Seed("丁", "opinion", "a.csv:4"),), "a.csv:4"),
    ] == reading.pages


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "甲,none\n", "a.csv:1: the header must name 'text' and 'label', got ['甲', 'none']", id="no header"
        ),
        pytest.param("", "a.csv:1: the header must name 'text' and 'label', got None", id="nothing"),
        pytest.param("text,label\n甲\n", "a.csv:2: the record has no 'label' that is text", id="too few fields"),
        pytest.param('text,label\n"甲"乙,none\n', "a.csv:2: not CSV: ", id="text behind a quote"),
        pytest.param('text,label\n甲,"none', "a.csv:2: not CSV: ", id="quote without end"),
    ],
)
def test_bad_csv_is_named(text: str, problem: str) -> None:
    """With its line."""
    (found,) = problems_of(csv_of(text))

    assert found.startswith(problem)


def test_a_long_field_is_read_whole() -> None:
    """Python's own limit of 131,072 characters does not hold."""
    reading = csv_of(f"text,label\n{'字' * 200_000},none\n")

    assert [200_000] == [len(seed.text) for page in reading.pages for seed in page.seeds]


def test_csv_goes_on_behind_a_bad_line() -> None:
    """A comma that was not quoted would cut the text: such a line is bad, and the next is read."""
    reading = csv_of('label,text\nnone,甲,乙\nnone,"丙"丁\nnone,戊\n')

    assert ["戊"] == [seed.text for page in reading.pages for seed in page.seeds]
    assert ["a.csv:2", "a.csv:3"] == sorted(problem.place for problem in reading.problems)
    assert any("quote a text that holds commas" in problem for problem in problems_of(reading))


def test_a_record_may_say_where_it_is_from_and_what_was_decided() -> None:
    """Of a page, the whole line says it."""
    rows = [
        {"page": "p", "source": "week 47", "subject": "茶", "sections": [{"text": "甲", "label": "none"}]},
        {"text": "乙", "label": "none", "source": "ann", "on_conflict": "both"},
    ]

    first, second = read_jsonl(lines_of(*rows), "a.jsonl").pages

    assert ("week 47", "茶", None) == (first.source, first.subject, first.seeds[0].on_conflict)
    assert ("ann", "both") == (second.source, second.seeds[0].on_conflict)
    assert ("week 47", "ann") == (first.origin, second.origin)


def test_an_unknown_decision_is_a_bad_record() -> None:
    """`keep` is none: what is not to be added need not be in a file."""
    reading = read_jsonl(lines_of({"text": "甲", "label": "none", "on_conflict": "keep"}), "a.jsonl")

    assert ["a.jsonl:1: on_conflict is 'replace' or 'both' in a record, not 'keep'"] == problems_of(reading)


@given(st.lists(st.text(max_size=60)), st.sampled_from([read_jsonl, read_csv, read_seed_pages]))
def test_any_lines_are_read_or_named(lines: list[str], read: Callable[[list[str], str], Reading]) -> None:
    """No reader fails, and places are those of the file."""
    reading = read(lines, "f")

    assert all(problem.place.startswith("f:") for problem in reading.problems)
    assert all(seed.place.startswith("f:") for page in reading.pages for seed in page.seeds)
