"""What every kind of record has in common on its way to an outcome: one bad record takes no other with it."""

from __future__ import annotations

from collections import Counter
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

import numpy as np
import orjson

from models.result import NONE
from service.batch.blocks import PARTS, Block, Fault, Outcome
from service.batch.records import Alike

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

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


class Written(NamedTuple):
    """What was written for a block. records : that were answered. labels : of all their sections."""

    output: bytes
    records: int
    labels: Counter[str]


def labels_of(results: Iterable[Sequence[Result]]) -> Counter[str]:
    """How many sections got which label."""
    return Counter(result.label or NONE for each in results for result in each)


def outcome_of(block: Block, named: Sequence[Numbered], answered: Written, faults: Sequence[Fault]) -> Outcome:
    """What became of a block. named : the records whose ids are kept."""
    output, records, labels = answered
    errors = b"".join(orjson.dumps(each, option=orjson.OPT_APPEND_NEWLINE) for each in faults)
    parts = (output, errors, _ids(named))
    digests = {name: sha256(content).hexdigest() for name, content in zip(PARTS, parts, strict=True)}
    sizes = {name: len(content) for name, content in zip(PARTS, parts, strict=True)}
    return Outcome(
        block.index,
        records + len(faults),
        len(faults),
        labels.total(),
        dict(sorted(labels.items())),
        digests | {"input": block.digest()},
        sizes,
        parts,
    )


def _ids(named: Sequence[Numbered]) -> bytes:
    """A hash of each record's id and its line, as pairs of uint64."""
    pairs = np.empty((len(named), 2), "<u8")
    if isinstance(named, Alike):
        pairs[:, 0], pairs[:, 1] = hashes_of(named.ids), np.arange(len(named)) + named.first
    else:
        pairs[:, 0], pairs[:, 1] = hashes_of([each.id for each in named]), [each.line for each in named]
    return pairs.tobytes()


def hashes_of(ids: Sequence[str | int]) -> NDArray[np.uint64]:
    """A hash of each id: the number 1 and the string "1" are two ids, and no two whole numbers have the same hash."""
    if set(map(type, ids)) == {int} and (whole := np.array(ids)).dtype.kind == "i" and whole.min() >= 0:
        return _mixed(whole.astype(np.uint64))
    numbers = np.array([type(each) is int and each >= 0 for each in ids], bool)
    hashes = np.empty(len(ids), np.uint64)
    hashes[numbers] = _mixed(
        np.array([each for each, is_number in zip(ids, numbers, strict=True) if is_number], np.uint64)
    )
    told = [_told(each) for each, is_number in zip(ids, numbers, strict=True) if not is_number]
    hashes[~numbers] = np.frombuffer(b"".join([blake2b(each, digest_size=8).digest() for each in told]), "<u8")
    return hashes


def _told(record_id: str | int) -> bytes:
    return record_id.encode() if isinstance(record_id, str) else b"\0%d" % record_id


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number mixed by the last steps of SplitMix64, which can be undone: blake2b would take ten times as long."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
