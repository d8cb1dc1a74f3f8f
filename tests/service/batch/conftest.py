"""Batches on a small version, judged in this process where no other is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from models.versions import Registry
from service.batch.answering import Kit, answer
from service.batch.job import Batch, Fields, Shape, Task
from service.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from service.batch.blocks import Block, Outcome
    from training.train import Trained


class Here:
    """An engine that judges in this process; `seen` has the blocks that it was given."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def outcomes(self, blocks: Iterator[Block], task: Task) -> Iterator[tuple[Block, Outcome] | None]:
        """What becomes of the blocks, in order."""
        kit = Kit.made(task)
        for block in blocks:
            self.seen.append(block.index)
            yield block, answer(block, kit)


class MakeBatch(Protocol):
    """What the fixture `make_batch` gives."""

    def __call__(self, *sources: object, **chosen: Any) -> Batch:
        """A batch of these sources into `out.jsonl`."""


@pytest.fixture(scope="session")
def kit(trained: Trained) -> Kit:
    """What a worker keeps between blocks, with the small version and the usual answers."""
    return Kit.made(Task(str(trained.folder.parent), "small", None, Fields(), Shape(), Policy()))


@pytest.fixture(scope="module")
def models(trained: Trained) -> Path:
    """A registry with a champion."""
    Registry(trained.folder.parent).promote("small", who="ann", why="the only one")
    return trained.folder.parent


@pytest.fixture
def here() -> Here:
    """An engine that needs no other process."""
    return Here()


@pytest.fixture
def make_batch(tmp_path: Path, trained: Trained) -> MakeBatch:
    """A batch on the small version, with all that it writes in the test's own folder."""

    def make(*sources: object, **chosen: Any) -> Batch:
        usual: dict[str, Any] = {
            "target": str(tmp_path / "out.jsonl"),
            "models_dir": trained.folder.parent,
            "version": "small",
        }
        return Batch(tuple(map(str, sources)), **(usual | chosen))

    return make
