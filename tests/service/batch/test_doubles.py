"""Ids that stand for more than one record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from service.batch import doubles
from service.batch.job import Packing, Rows, Shape
from service.batch.run import run_batch
from tests.service.batch.files import objects, write_objects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.batch.conftest import Here, MakeBatch


def test_ids_that_come_twice_are_told_and_answered(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """The number 1 and the string "1" are two ids; the line of the first is named, also from another file."""
    first = write_objects(tmp_path / "a.jsonl", *({"id": each, "text": ""} for each in ("1", 1, "1")))
    second = write_objects(tmp_path / "b.jsonl", {"id": 1, "text": ""})

    done = run_batch(make_batch(first, second), engine=here)

    told = [(bad["line"], bad["id"], bad["reason"]) for bad in objects(tmp_path / "out.jsonl.errors.jsonl")]
    assert [
        (3, "1", "has the id of line 1; both are answered"),
        (1, 1, f"has the id of line 2 of {first}; both are answered"),
    ] == told
    assert (4, 2) == (done.answered, done.doubled)


@pytest.mark.parametrize("at_once", [doubles.AT_ONCE, 5], ids=["at once", "in turns"])
def test_no_id_that_comes_again_is_missed(
    at_once: int, tmp_path: Path, make_batch: MakeBatch, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many turns it takes: of twenty ids every second comes twice, and the last one three times."""
    monkeypatch.setattr(doubles, "AT_ONCE", at_once)
    ids = [*range(20), *range(0, 20, 2), 19, 19]
    source = write_objects(tmp_path / "in.jsonl", *({"id": each, "text": ""} for each in ids))

    done = run_batch(make_batch(source), engine=here)

    told = {bad["line"]: (bad["id"], bad["reason"]) for bad in objects(tmp_path / "out.jsonl.errors.jsonl")}
    again = {21 + number: 2 * number for number in range(10)} | {31: 19, 32: 19}
    assert {line: (each, f"has the id of line {each + 1}; both are answered") for line, each in again.items()} == told
    assert 12 == done.doubled


@pytest.mark.parametrize("packing", Packing)
@pytest.mark.parametrize("rows", Rows)
def test_an_id_that_comes_twice_is_told_by_its_line(
    rows: Rows, packing: Packing, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """In any form of output; the id itself stands there where each record has a line of the output, unpacked."""
    source = write_objects(
        tmp_path / "in.jsonl", *({"id": each, "sections": ["这显然不对。", "相关推荐"]} for each in "aba")
    )

    run_batch(make_batch(source, shape=Shape(rows=rows, packing=packing)), engine=here)

    (told,) = objects(tmp_path / "out.jsonl.errors.jsonl")
    known = (rows, packing) == (Rows.RECORD, Packing.NONE)
    assert (3, "a" if known else None) == (told["line"], told["id"])
