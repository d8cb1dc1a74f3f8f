"""The output is put together while blocks are judged, in whatever order they are done."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.batch.answering import Kit, answer
from service.batch.assembly import KEPT, Assembly
from service.batch.blocks import BLOCK_RECORDS
from service.batch.errors import BatchError, CancelledError
from service.batch.job import Fields, Shape
from service.batch.lanes import LocalEngine
from service.batch.ledger import Ledger
from service.batch.places import found
from service.batch.reading import read_blocks
from service.batch.run import run_batch
from service.batch.verify import verify_batch
from tests.service.batch.files import write_objects
from tests.service.batch.ledgers import ledger_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.batch.blocks import Block, Outcome
    from service.batch.job import Task
    from service.batch.run import Engine
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


def test_who_wrote_the_answers_changes_nothing(source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here) -> None:
    """Workers write them to their place; the answers and the finished ledger are the same bytes."""
    engines: dict[str, Engine] = {"here": here, "workers": LocalEngine(2)}
    for name, engine in engines.items():
        run_batch(make_batch(source, target=str(tmp_path / name)), engine=engine)

    for end in ("", ".ledger.jsonl"):
        one, other = [(tmp_path / f"{name}{end}").read_bytes() for name in engines]
        assert one == other


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


def test_answers_that_stand_elsewhere_stop_the_batch(source: Path, tmp_path: Path, kit: Kit) -> None:
    """As where another release, which made those before them longer, goes on."""
    first = next(read_blocks(found([str(source)]), None, Fields()))
    with Ledger.opened(tmp_path / "work", {}, restart=False) as ledger:
        ledger.add(first, replace(answer(first, kit), at=1))

        with pytest.raises(BatchError, match=r"block 0 stand at 1 in .*output', but .* end at 0; .* --restart"):
            assemble(ledger, None)


def assemble(ledger: Ledger, done: Outcome | None) -> None:
    """Put together what is done."""
    with Assembly(ledger, Shape()) as assembly:
        assembly.go_on(done)
        assembly.finished()


@pytest.mark.parametrize("damage", ["removed", "changed", "cut off"])
def test_answers_that_are_lost_are_made_again(
    damage: str, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """What workers have written to the output is compared with the ledger before a batch goes on."""
    run_batch(make_batch(source, target=str(tmp_path / "whole.jsonl")), engine=here)
    done = [0]
    with pytest.raises(CancelledError):
        run_batch(
            make_batch(source),
            engine=LocalEngine(1),
            progress=lambda now: done.append(now.records),
            cancelled=lambda: done[-1] > 2 * BLOCK_RECORDS,
        )
    output = tmp_path / "out.jsonl.unfinished" / "output"
    lines = ledger_lines(output.with_name("ledger.jsonl"))
    assert all("at" in line for line in lines)
    if damage == "removed":
        output.unlink()
    elif damage == "cut off":
        os.truncate(output, lines[1]["at"])
    else:
        output.write_bytes(output.read_bytes().replace(b"small", b"SMALL", 1))

    here.seen.clear()
    run_batch(make_batch(source), engine=here)

    again = {"removed": {0, 1, 2}, "changed": {0}, "cut off": {1, 2}}[damage]
    assert again | set(range(len(lines), BLOCKS)) == set(here.seen)
    assert (tmp_path / "whole.jsonl").read_bytes() == (tmp_path / "out.jsonl").read_bytes()


@pytest.fixture
def delivered(source: Path, tmp_path: Path, make_batch: MakeBatch, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The output of a batch that was interrupted when all was in its place, before it forgot what was unfinished."""
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "remove", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run_batch(make_batch(source), engine=LocalEngine(1))
    return tmp_path / "out.jsonl"


def interrupted(_: Ledger) -> None:
    """Ctrl-C comes."""
    raise KeyboardInterrupt


def test_what_was_delivered_is_not_done_again(
    delivered: Path, source: Path, tmp_path: Path, make_batch: MakeBatch, here: Here
) -> None:
    """The same command finds all of it done, and leaves nothing but the output and its ledger."""
    expected = delivered.read_bytes()

    run_batch(make_batch(source), engine=here)

    assert [] == here.seen
    assert expected == delivered.read_bytes()
    assert ["in.jsonl", "out.jsonl", "out.jsonl.ledger.jsonl"] == sorted(file.name for file in tmp_path.iterdir())
    verify_batch(make_batch(source))


def test_what_was_delivered_is_its_users(delivered: Path, source: Path, make_batch: MakeBatch, here: Here) -> None:
    """Who changes it before the batch has forgotten it finds it unchanged, as any file that is not the batch's."""
    with delivered.open("ab") as stream:
        stream.write(b"mine\n")
    expected = delivered.read_bytes()

    with pytest.raises(BatchError, match="came to be while the batch ran"):
        run_batch(make_batch(source), engine=here)

    assert [] == here.seen
    assert expected == delivered.read_bytes()


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
