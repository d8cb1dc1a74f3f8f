"""A block in, its part of the output out: what every worker does, here or on a cluster."""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

from models.model import Model
from models.versions import Registry
from service.batch.blocks import Block, Outcome, fault
from service.batch.encoding import encode
from service.batch.job import Format
from service.batch.judge import judge_records
from service.batch.outcomes import judged_and_failed, outcome_of
from service.batch.parsing import parse
from service.batch.rows import Rower

if TYPE_CHECKING:
    from service.batch.job import Task


@dataclass(frozen=True)
class Kit:
    """What a worker keeps between blocks."""

    task: Task
    model: Model
    rower: Rower

    @classmethod
    def made(cls, task: Task) -> Self:
        """Load the model. Raises InvalidVersionError or RegistryError where that cannot be done."""
        key = None if task.model_key is None else bytes.fromhex(task.model_key)
        model = Model.load(Registry(Path(task.models_dir)).folder(task.version), key=key)
        return cls(task, model, Rower(task.shape, task.policy, model.version, model.labels))


def made_alone(task: Task) -> Kit:
    """The kit of a process that judges and does nothing else; `answer_alone` is for the same. Raises as `Kit.made`."""
    if "scipy" not in sys.modules:
        # numba asks scipy, where there is one, whether it brings BLAS: a fifth of the start, for kernels that use none.
        sys.modules["scipy"] = None  # type: ignore[assignment]  # None stands for "not installed"
    kit = Kit.made(task)
    # A block makes a hundred thousand objects, none of them in a ring: to look for rings between blocks is enough.
    gc.freeze()
    gc.disable()
    return kit


def answer_alone(block: Block, kit: Kit) -> Outcome:
    """Answer a block, and look for rings."""
    outcome = answer(block, kit)
    gc.collect()
    return outcome


def answer(block: Block, kit: Kit) -> Outcome:
    """Parse, judge, write."""
    if block.format is Format.OPENAI:
        from service.batch.requests import answer_requests  # noqa: PLC0415 - pydantic's shapes take their time

        return answer_requests(block, kit)
    records, faults = parse(block, kit.task.fields)
    judged, failed = judged_and_failed(records, partial(judge_records, model=kit.model))
    faults += [fault(block.file, bad.line, reason, field=bad.kind, record_id=bad.id) for bad, reason in failed]
    output = encode(kit.rower.rows(judged), kit.task.shape, kit.model.labels, opens=block.index == 0)
    return outcome_of(block, records, [each.results for each in judged], faults, output)
