"""Requests in OpenAI's form, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.batch.blocks import BLOCK_RECORDS
from service.batch.job import Format, Shape
from service.batch.requests import CLASSIFY
from service.batch.run import run_batch
from tests.service.batch.files import objects, write_objects

if TYPE_CHECKING:
    from pathlib import Path

    from tests.service.batch.conftest import Here, MakeBatch


def test_a_custom_id_that_came_before_is_named(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """With its line, whichever blocks the two are in, and whatever else is wrong between them."""
    usual = {"method": "POST", "url": CLASSIFY, "body": {"text": ""}}
    ids = ["first", "twice", "twice", 7, *map(str, range(BLOCK_RECORDS)), "first", "last", "twice"]
    source = write_objects(tmp_path / "in.jsonl", *({"custom_id": each} | usual for each in ids))

    done = run_batch(make_batch(source, format=Format.OPENAI, shape=Shape(endpoint=CLASSIFY)), engine=here)

    last = len(ids)
    told = [(bad["line"], bad["id"], bad["field"]) for bad in objects(tmp_path / "out.jsonl.errors.jsonl")]
    assert [
        (4, None, "custom_id"),
        (3, "twice", "id"),
        (last - 2, "first", "id"),
        (last, "twice", "id"),
    ] == told
    assert (len(ids) - 1, 1, 3, [0, 1]) == (done.answered, done.bad, done.doubled, here.seen)


def test_a_plain_record_is_told_how_it_is_ordered(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """A line that has something of a request is told what is wrong with that instead."""
    source = write_objects(tmp_path / "in.jsonl", {"id": "a", "text": "x"}, {"custom_id": 7}, {"body": {"text": "x"}})

    run_batch(make_batch(source, format=Format.OPENAI, shape=Shape(endpoint=CLASSIFY)), engine=here)

    plain, *requests = (bad["reason"] for bad in objects(tmp_path / "out.jsonl.errors.jsonl"))
    assert plain.endswith('plain records are ordered with "records": {} and /v1/classify')
    assert ["a string was expected"] * 2 == requests
