"""The output is put together while blocks are judged, in whatever order they are done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.batch.answering import Kit, answer
from service.batch.assembly import KEPT, Assembly
from service.batch.blocks import BLOCK_RECORDS
from service.batch.errors import BatchError, CancelledError
from service.batch.job import Fields, Shape
from service.batch.ledger import Ledger
from service.batch.places import found
from service.batch.reading import read_blocks
from service.batch.run import run_batch
from service.batch.verify import verify_batch
from tests.service.batch.files import write_objects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.batch.blocks import Block, Outcome
    from service.batch.job import Task
    from tests.service.batch.conftest import Here, MakeBatch

BLOCKS = KEPT + 3


class Backwards:
    """An engine that does the last block first."""

    def outcomes(self, blocks: Iterator[Block], task: Task) -> Iterator[tuple[Block, Outcome] | None]:
        """What becomes of the blocks."""
        kit = Kit.made(task)
        for block in reversed(list(blocks)):
            yield block, answer(block, kit)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Enough records for some blocks that have to wait for their turn."""
    count = BLOCK_RECORDS * (BLOCKS - 1) + 1
    return write_objects(tmp_path / "in.jsonl", *({"id": number, "text": ""} for number in range(count)))


def test_the_order_in_which_blocks_are_done_changes_nothing(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """More of them than are kept in memory wait for the first, and the ledger tells what was written."""
    run_batch(make_batch(source), engine=here)
    expected = (tmp_path / "out.jsonl").read_bytes()

    backwards = make_batch(source, target=str(tmp_path / "backwards.jsonl"))
    run_batch(backwards, engine=Backwards())

    assert len(here.seen) == BLOCKS
    assert expected == (tmp_path / "backwards.jsonl").read_bytes()
    verify_batch(backwards)


@pytest.mark.parametrize("at_once", [False, True], ids=["read again", "just written"])
def test_a_block_that_is_not_what_was_written_stops_the_batch(
    source: Path, tmp_path: Path, kit: Kit, *, at_once: bool
) -> None:
    """Its answers are compared with what the ledger says of them; those that a worker just wrote, in their length."""
    first = next(read_blocks(found([str(source)]), None, Fields()))
    with Ledger.opened(tmp_path / "work", {}, restart=False) as ledger:
        outcome = answer(first, kit)
        ledger.add(first, outcome)
        ledger.file(0).write_bytes(b"{}\n")

        with pytest.raises(BatchError, match=r"000000\.block' is not what was written"):
            assemble(ledger, replace(outcome, parts=(), kept="by a worker") if at_once else None)

    assert not (tmp_path / "work" / "output").exists()


def assemble(ledger: Ledger, done: Outcome | None) -> None:
    """Put together what is done."""
    with Assembly(ledger, Shape()) as assembly:
        assembly.go_on(done)
        assembly.finished()


def test_what_a_kill_leaves_half_written_is_removed(
    source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """The next run of the batch removes it at its beginning, or every kill would leave as much as there is output."""
    for _ in range(2):
        with pytest.raises(CancelledError):
            run_batch(make_batch(source), engine=here, cancelled=lambda: len(here.seen) % 2 == 0)
        left = tmp_path / "out.jsonl.unfinished" / ".output.0123456789ab.part"
        assert not left.exists()
        left.write_bytes(b"{}")
