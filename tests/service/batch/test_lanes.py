"""Workers of this machine keep what they answer where the ledger is, or hand it over."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.batch.answering import answer
from service.batch.assembly import Assembly
from service.batch.job import Fields, Shape
from service.batch.lanes import LocalEngine
from service.batch.ledger import Ledger
from service.batch.offsets import Offsets
from service.batch.places import found
from service.batch.reading import read_blocks
from tests.service.batch.files import write_objects
from tests.service.batch.processes import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from service.batch.answering import Kit
    from service.batch.blocks import Block, Outcome


@pytest.fixture
def blocks(tmp_path: Path) -> Sequence[Block]:
    """A block with answers, and a bad line."""
    source = write_objects(tmp_path / "in.jsonl", {"id": 1, "text": "我认为这显然是错的。"}, {"id": 2})
    return list(read_blocks(found([str(source)]), None, Fields()))


@pytest.fixture
def started() -> Callable[[], list[int]]:
    """Tells which processes the test has started that are there."""
    before = children(os.getpid())
    return lambda: [each for each in children(os.getpid()) if each not in before]


def outcome_of(blocks: Sequence[Block], kit: Kit, folder: Path) -> Outcome:
    """What a worker makes of the only block."""
    task = replace(kit.task, ledger=str(folder))
    [outcome] = [each[1] for each in LocalEngine(1).outcomes(iter(blocks), task) if each is not None]
    return outcome


def test_a_worker_keeps_what_it_answers(blocks: Sequence[Block], kit: Kit, tmp_path: Path) -> None:
    """In a file that has its place soon, so that the process which hands blocks out need not write for all."""
    outcome = outcome_of(blocks, kit, tmp_path)

    assert outcome.kept is not None
    assert () == outcome.parts
    assert b"".join(answer(blocks[0], kit).parts) == (tmp_path / outcome.kept).read_bytes()


def test_a_worker_writes_answers_to_their_place(blocks: Sequence[Block], kit: Kit, tmp_path: Path) -> None:
    """Where it is known: then they are in no file of the block's."""
    block = replace(blocks[0], index=1)
    output, errors, ids = map(bytes, answer(block, kit).parts)
    with Ledger.opened(tmp_path / "work", {}, restart=False) as ledger, Assembly(ledger, Shape()) as assembly:
        outcomes = []
        for sizes in ({}, {0: 3}):
            Offsets.begun(ledger.folder, sizes)
            outcomes.append(outcome_of([block], kit, ledger.folder))

        assert [None, 3] == [each.at for each in outcomes]
        whole, rest = [(ledger.folder / str(each.kept)).read_bytes() for each in outcomes]
        assert (output + errors + ids, errors + ids) == (whole, rest)
        assert b"\0\0\0" + output == assembly.file.read_bytes()


def test_a_worker_that_cannot_write_hands_its_answers_over(blocks: Sequence[Block], kit: Kit, tmp_path: Path) -> None:
    """Whatever is wrong there, the process that keeps the ledger tells it."""
    outcome = outcome_of(blocks, kit, tmp_path / "gone")

    assert outcome == answer(blocks[0], kit)


def test_the_first_worker_waits_for_its_task(
    blocks: Sequence[Block], kit: Kit, started: Callable[[], list[int]]
) -> None:
    """It is there before anything is read, is the one that answers, and ends with the batch."""
    with LocalEngine(1) as engine:
        [waiting] = started()
        at_work = []

        def watched() -> Iterator[Block]:
            yield from blocks
            at_work.extend(started())

        [outcome] = [each[1] for each in engine.outcomes(watched(), kit.task) if each is not None]

    assert [waiting] == at_work
    assert outcome == answer(blocks[0], kit)
    assert [] == started()


def test_a_worker_that_got_no_task_ends(started: Callable[[], list[int]]) -> None:
    """Whatever kept the batch from beginning, no process is left behind."""
    with LocalEngine(1):
        assert 1 == len(started())

    assert [] == started()


def test_a_worker_that_is_killed_before_its_task_is_replaced(
    blocks: Sequence[Block], kit: Kit, started: Callable[[], list[int]]
) -> None:
    """As one that is killed later."""
    with LocalEngine(1) as engine:
        [waiting] = started()
        os.kill(waiting, signal.SIGKILL)
        [outcome] = [each[1] for each in engine.outcomes(iter(blocks), kit.task) if each is not None]

    assert outcome == answer(blocks[0], kit)
