"""A finished batch is what was written, of the input that was answered: whatever else is there is named."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import orjson
import pytest

from service.batch.blocks import BLOCK_RECORDS
from service.batch.errors import BatchError
from service.batch.job import Format, Shape
from service.batch.run import run_batch
from service.batch.verify import verify_batch
from tests.service.batch.files import write_objects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from service.batch.job import Batch
    from tests.service.batch.conftest import Here, MakeBatch


@pytest.fixture
def batch(tmp_path: Path, make_batch: MakeBatch, here: Here) -> Batch:
    """One of two blocks, finished."""
    records = ({"id": number, "text": "t"} for number in range(BLOCK_RECORDS + 1))
    done = make_batch(write_objects(tmp_path / "in.jsonl", *records))
    run_batch(done, engine=here)
    return done


def test_what_is_whole_passes(batch: Batch) -> None:
    """Nothing is told, and nothing is written."""
    verify_batch(batch)


@pytest.mark.parametrize(("line", "told"), [(0, 1), (BLOCK_RECORDS, BLOCK_RECORDS + 1)], ids=["first", "last"])
def test_the_block_whose_answers_differ_is_named(line: int, told: int, batch: Batch, tmp_path: Path) -> None:
    """By the record that it begins with: from there on, the output is to be looked at."""
    out = tmp_path / "out.jsonl"
    lines = out.read_bytes().splitlines(keepends=True)
    lines[line] = lines[line].replace(b"small", b"smell", 1)
    out.write_bytes(b"".join(lines))

    with pytest.raises(BatchError, match=rf"differs in the answers from line {told} of '.*in\.jsonl' on"):
        verify_batch(batch)


@pytest.mark.parametrize("change", [lambda whole: whole[:-1], lambda whole: whole + b"{}\n"], ids=["less", "more"])
def test_another_length_is_told(change: Callable[[bytes], bytes], batch: Batch, tmp_path: Path) -> None:
    """Both of them: what is there, and what was written."""
    out = tmp_path / "out.jsonl"
    whole = out.read_bytes()
    out.write_bytes(change(whole))

    with pytest.raises(BatchError, match=rf"has {len(change(whole))} bytes; {len(whole)} were written"):
        verify_batch(batch)


def test_another_input_is_told(batch: Batch, tmp_path: Path) -> None:
    """It was edited since: the answers are of something else."""
    source = tmp_path / "in.jsonl"
    source.write_bytes(source.read_bytes().replace(b'"t"', b'"u"', 1))

    with pytest.raises(BatchError, match="another one than was answered, from line 1"):
        verify_batch(batch)


def test_a_ledger_that_tells_of_the_whole_is_believed(batch: Batch, tmp_path: Path) -> None:
    """Those of earlier releases have the SHA-256 of all answers."""
    ledger, out = tmp_path / "out.jsonl.ledger.jsonl", tmp_path / "out.jsonl"
    *lines, last = [orjson.loads(line) for line in ledger.read_bytes().splitlines()]
    last["finished"]["output"]["sha256"] = hashlib.sha256(out.read_bytes()).hexdigest()
    ledger.write_bytes(b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in [*lines, last]))
    verify_batch(batch)

    out.write_bytes(out.read_bytes().replace(b"small", b"smell", 1))
    with pytest.raises(BatchError, match="its SHA-256 differs"):
        verify_batch(batch)


def test_a_table_is_verified_as_a_whole(tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Its blocks are not found in it again."""
    out = tmp_path / "out.parquet"
    source = write_objects(tmp_path / "in.jsonl", {"id": 1, "text": "t"})
    batch = make_batch(source, target=str(out), shape=Shape(Format.PARQUET))
    run_batch(batch, engine=here)
    verify_batch(batch)

    content = bytearray(out.read_bytes())
    content[len(content) // 2] ^= 1
    out.write_bytes(content)
    with pytest.raises(BatchError, match="its SHA-256 differs"):
        verify_batch(batch)
