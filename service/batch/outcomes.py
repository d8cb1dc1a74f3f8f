"""What every kind of record has in common on its way to an outcome: one bad record takes no other with it."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np
import orjson

from models.result import NONE
from service.batch.blocks import Block, Fault, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from models.result import Result


class Numbered(Protocol):
    """A record, or a request: what has an id and stands in a line."""

    @property
    def id(self) -> str | int:
        """Its own name for itself."""

    @property
    def line(self) -> int:
        """The number of its line, from 1."""


Asked = TypeVar("Asked")
Judged = TypeVar("Judged")


def judged_and_failed(
    asked: Sequence[Asked], judge: Callable[[Sequence[Asked]], list[Judged]]
) -> tuple[list[Judged], list[tuple[Asked, str]]]:
    """All at once; where that fails, one by one, and what fails by itself is given back with the reason."""
    try:
        return judge(asked), []
    except Exception:  # noqa: BLE001 - whatever it is: one record must not take the others with it
        judged: list[Judged] = []
        failed = []
        for each in asked:
            try:
                judged += judge([each])
            except Exception as error:  # noqa: BLE001 - see above; the reason is told
                failed.append((each, f"cannot be judged: {error!r:.200}; please report it"))
        return judged, failed


def outcome_of(
    block: Block, named: Sequence[Numbered], results: Sequence[Sequence[Result]], faults: Sequence[Fault], output: bytes
) -> Outcome:
    """What became of a block. results : of each record that was judged. named : the records whose ids are kept."""
    labels = Counter(result.label or NONE for each in results for result in each)
    return Outcome(
        block.index,
        len(results) + len(faults),
        len(faults),
        labels.total(),
        dict(sorted(labels.items())),
        output,
        b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in faults),
        _ids(named),
    )


def _ids(named: Sequence[Numbered]) -> bytes:
    """A hash of each record's id and its line, as pairs of uint64."""
    pairs = np.empty((len(named), 2), "<u8")
    hashes = b"".join([blake2b(_told(each.id), digest_size=8).digest() for each in named])
    pairs[:, 0] = np.frombuffer(hashes, "<u8")
    pairs[:, 1] = [each.line for each in named]
    return pairs.tobytes()


def _told(record_id: str | int) -> bytes:
    """The number 1 and the string "1" are two ids."""
    return record_id.encode() if isinstance(record_id, str) else b"\0%d" % record_id
