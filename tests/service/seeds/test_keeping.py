"""Listing, withdrawing and writing seeds, on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.seeds.seed import LABELS
from service.seeds import UnknownSeedError, Wanted, list_seeds, withdraw_seeds, write_seeds
from tests.service.seeds.test_adding import OTHER, TEXT, active, add, page, row
from training.checks import sound
from training.reading import read_seeds as read_files


def test_seeds_are_listed_some_at_a_time(store: Engine) -> None:
    """Each page of the list goes on behind the last one, also where more are added meanwhile."""
    add(store, *(row(f"第{number}段", "none") for number in range(5)))

    first, after = list_seeds(store, Wanted(2))
    assert after is not None
    add(store, row("第5段", "none"))
    rest, end = list_seeds(store, Wanted(10, after))

    assert [f"第{number}段" for number in range(6)] == [seed.text for seed in [*first, *rest]]
    assert end is None


def test_a_withdrawn_seed_is_kept_and_not_learned(store: Engine, tmp_path: Path) -> None:
    """With who withdrew it and when; the second time nothing changes, and it can be added again."""
    first, _ = add(store, row(TEXT, "none"), row(OTHER, "opinion")).ids

    (gone,) = withdraw_seeds(store, first, who="ben")
    (again,) = withdraw_seeds(store, first, who="cleo")

    assert ("withdrawn", "ben") == (gone.state, gone.withdrawn_by)
    assert gone == again
    assert 1 == write_seeds(store, tmp_path / "seeds.jsonl")
    assert 1 == len(add(store, row(TEXT, "none")).ids)


def test_a_whole_page_is_withdrawn_at_once(store: Engine) -> None:
    """By the id of any of its sections."""
    ids = add(store, page("p", ("none", "首页"), ("opinion", OTHER)), row(TEXT, "none")).ids

    gone = withdraw_seeds(store, ids[1], who="ben", whole_page=True)

    assert ids[:2] == [seed.id for seed in gone]
    assert [(None, "none", TEXT)] == active(store)


def test_an_unknown_seed_cannot_be_withdrawn(store: Engine) -> None:
    """Whatever it is called."""
    for seed in ("nothing", "", "a\x00b", "'; DROP TABLE seeds", "食谱"):
        with pytest.raises(UnknownSeedError, match="There is no seed"):
            withdraw_seeds(store, seed, who="ben")


def test_what_is_written_is_what_a_training_reads(store: Engine, tmp_path: Path) -> None:
    """Pages whole and in order, lone texts alone, each with its source; waiting ones are left out."""
    add(
        store,
        page("p", ("none", "首页"), ("opinion", OTHER), ("none", "首页")),
        row(TEXT, "tech_analysis"),
        row(OTHER, "none"),
    )

    count = write_seeds(store, tmp_path / "seeds.jsonl")

    reading = read_files([tmp_path / "seeds.jsonl"])
    assert [] == sound(reading, LABELS).problems
    assert 4 == count
    assert [["首页", OTHER, "首页"], [TEXT]] == [[seed.text for seed in each.seeds] for each in reading.pages]
    assert ["p", "test, by ann"] == [reading.pages[0].id, reading.pages[1].source]


@pytest.mark.parametrize(("decision", "labels"), [("replace", {"none"}), ("both", {"none", "tech_analysis"})])
def test_a_decision_holds_in_training_too(store: Engine, tmp_path: Path, decision: str, labels: set[str]) -> None:
    """A training would refuse a text with two labels that nobody decided on."""
    (tmp_path / "base.jsonl").write_text(json.dumps(row(TEXT, "tech_analysis"), ensure_ascii=False), "utf-8")
    add(store, row(TEXT, "tech_analysis"))
    add(store, row(TEXT, "none"), decision=decision)

    write_seeds(store, tmp_path / "seeds.jsonl")

    found = sound(read_files([tmp_path / "base.jsonl", tmp_path / "seeds.jsonl"]), LABELS)
    assert [] == found.problems
    assert labels == {seed.label for each in found.pages for seed in each.seeds}


def test_a_label_of_ones_own_is_written_once_it_can_be_learned(store: Engine, tmp_path: Path) -> None:
    """Twenty sections on five pages: with fewer, every training would be refused."""
    add(store, row(OTHER, "opinion"), *(row(f"第{number}道菜的做法", "recipe") for number in range(19)))
    before = write_seeds(store, tmp_path / "seeds.jsonl")

    add(store, row("第二十道菜的做法", "recipe"))

    assert (1, 21) == (before, write_seeds(store, tmp_path / "seeds.jsonl"))


def test_nothing_is_written_where_there_is_nothing(store: Engine, tmp_path: Path) -> None:
    """An empty file, and the count says so."""
    assert 0 == write_seeds(store, tmp_path / "seeds.jsonl")
    assert b"" == (tmp_path / "seeds.jsonl").read_bytes()
