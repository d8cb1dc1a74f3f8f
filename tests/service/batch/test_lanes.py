"""Workers of this machine keep what they answer where the ledger is, or hand it over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from service.batch import Fields, LocalEngine
from service.batch.answering import answer
from service.batch.places import found
from service.batch.reading import read_blocks
from tests.service.batch.files import write_objects

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from service.batch.answering import Kit
    from service.batch.blocks import Block, Outcome


@pytest.fixture
def blocks(tmp_path: Path) -> Sequence[Block]:
    """A block with answers, and a bad line."""
    source = write_objects(tmp_path / "in.jsonl", {"id": 1, "text": "我认为这显然是错的。"}, {"id": 2})
    return list(read_blocks(found([str(source)]), None, Fields()))


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


def test_a_worker_that_cannot_write_hands_its_answers_over(blocks: Sequence[Block], kit: Kit, tmp_path: Path) -> None:
    """Whatever is wrong there, the process that keeps the ledger tells it."""
    outcome = outcome_of(blocks, kit, tmp_path / "gone")

    assert outcome == answer(blocks[0], kit)
