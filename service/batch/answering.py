"""A block in, its part of the output out: what every worker does, here or on a cluster."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import orjson

from models.model import Model
from models.result import NONE
from models.versions import Registry
from service.batch.blocks import Block, Fault, Outcome, fault
from service.batch.encoding import encode
from service.batch.job import Format
from service.batch.judge import judge_records
from service.batch.parsing import parse
from service.batch.rows import Rower

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.batch.job import Task
    from service.batch.judge import Judged
    from service.batch.records import Record


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
    judged, failed = _judged(records, block, kit.model)
    faults += failed
    labels = Counter(result.label or NONE for each in judged for result in each.results)
    output = encode(kit.rower.rows(judged), kit.task.shape, kit.model.labels, opens=block.index == 0)
    return Outcome(
        block.index,
        len(judged) + len(faults),
        len(faults),
        labels.total(),
        dict(sorted(labels.items())),
        output,
        b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in faults),
        ids_of(records),
    )


def _judged(records: Sequence[Record], block: Block, model: Model) -> tuple[list[Judged], list[Fault]]:
    """All records at once; where that fails, one by one, and what fails by itself is told."""
    try:
        return judge_records(records, model), []
    except Exception:  # noqa: BLE001 - whatever it is: one record must not take the others with it
        judged: list[Judged] = []
        faults = []
        for record in records:
            try:
                judged += judge_records([record], model)
            except Exception as error:  # noqa: BLE001 - see above; the reason is told
                reason = f"cannot be judged: {error!r:.200}; please report it"
                faults.append(fault(block.file, record.line, reason, field=record.kind, record_id=record.id))
        return judged, faults


def ids_of(records: Sequence[Record]) -> bytes:
    """A hash of each record's id and its line, as pairs of uint64."""
    pairs = np.empty((len(records), 2), "<u8")
    hashes = b"".join([blake2b(_told(record.id), digest_size=8).digest() for record in records])
    pairs[:, 0] = np.frombuffer(hashes, "<u8")
    pairs[:, 1] = [record.line for record in records]
    return pairs.tobytes()


def _told(record_id: str | int) -> bytes:
    """The number 1 and the string "1" are two ids."""
    return record_id.encode() if isinstance(record_id, str) else b"\0%d" % record_id
