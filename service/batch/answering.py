"""A block in, its part of the output out: what every worker does, here or on a cluster."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from models.model import Model
from models.result import NONE
from models.versions import Registry
from service.batch.blocks import Block, Outcome, fault
from service.batch.encoding import encode
from service.batch.job import Format
from service.batch.judge import judge_records
from service.batch.outcomes import Written, judged_and_failed, labels_of, outcome_of
from service.batch.parsing import parse
from service.batch.records import Alike, Kind
from service.batch.rows import Rower
from service.batch.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.batch.job import Task
    from service.batch.records import Id, Record


@dataclass(frozen=True)
class Kit:
    """What a worker keeps between blocks."""

    task: Task
    model: Model
    rower: Rower
    writer: Writer | None

    @classmethod
    def made(cls, task: Task) -> Self:
        """Load the model. Raises InvalidVersionError or RegistryError where that cannot be done."""
        key = None if task.model_key is None else bytes.fromhex(task.model_key)
        model = Model.load(Registry(Path(task.models_dir)).folder(task.version), key=key)
        rower = Rower(task.shape, task.policy, model.version, model.labels)
        return cls(task, model, rower, Writer.of(task.shape, task.policy, model))


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
    written = _written(records, kit)
    if written is not None:
        return outcome_of(block, records, written, faults)
    judged, failed = judged_and_failed(records, partial(judge_records, model=kit.model))
    faults += [fault(block.file, bad.line, reason, field=bad.kind, record_id=bad.id) for bad, reason in failed]
    output = encode(kit.rower.rows(judged), kit.task.shape, kit.model.labels, opens=block.index == 0)
    answered = Written(output, len(judged), labels_of(each.results for each in judged))
    return outcome_of(block, records, answered, faults)


def _written(records: Sequence[Record], kit: Kit) -> Written | None:
    """The lines for records that are all texts; None where there is a longer way to go."""
    texts = _texts(records)
    if kit.writer is None or texts is None:
        return None
    try:
        verdicts = kit.model.verdicts(texts.contents)
    except Exception:  # noqa: BLE001 - whatever it is, `judged_and_failed` finds out whose it is
        return None
    counts = np.bincount(verdicts.answers, minlength=len(verdicts.meanings)).tolist()
    labels: Counter[str] = Counter()
    for (label, _), count in zip(verdicts.meanings, counts, strict=True):
        labels[label or NONE] += count
    return Written(kit.writer.lines(texts.ids, verdicts), len(records), +labels)


class _Texts(NamedTuple):
    """Texts by columns."""

    ids: Sequence[Id]
    contents: Sequence[str]


def _texts(records: Sequence[Record]) -> _Texts | None:
    """Records by columns; None where one of them is no text."""
    if isinstance(records, Alike):
        return _Texts(records.ids, records.contents) if records.kind is Kind.TEXT else None
    if any(record.kind is not Kind.TEXT for record in records):
        return None
    return _Texts([record.id for record in records], [record.content for record in records])
