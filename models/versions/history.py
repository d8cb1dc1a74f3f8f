"""What happened to the champion: one line of JSON for each change, only ever added to."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import orjson

from models.versions.errors import RegistryError
from models.versions.files import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Action(StrEnum):
    """Why the champion changed.

    CORRECTED : the champion was not the one of the last line, because a change was cut off before it took effect or
        because the champion file was edited by hand.
    """

    PROMOTE = "promote"
    ROLLBACK = "rollback"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the champion.

    time : ISO 8601 in UTC.
    version : the champion from then on.
    previous : the champion until then; None for the first. `from` in the file.
    """

    time: str
    action: Action
    version: str
    previous: str | None
    who: str
    why: str


def change_now(action: Action, version: str, previous: str | None, who: str, why: str) -> Change:
    """A change that happens now."""
    return Change(datetime.now(UTC).isoformat(timespec="milliseconds"), action, version, previous, who, why)


def read_history(file: Path) -> list[Change]:
    """The changes in `file`, oldest first; none where there is no file.

    A last line without an end was cut off by a crash or is being written; it counts as not there. Raises RegistryError
    for any other line that is no change.
    """
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        return []
    whole, _, _ = content.rpartition(b"\n")
    return [_parse(line, number, file) for number, line in enumerate(whole.split(b"\n"), start=1) if line]


def append_change(file: Path, change: Change) -> None:
    """Add a line and wait until it is on the disk. One writer at a time, please: the registry's lock sees to it.

    Raises OSError where it cannot be written; nothing of the line is left then.
    """
    fields = asdict(change)
    fields["from"] = fields.pop("previous")
    line = orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE)
    with file.open("a+b", buffering=0) as stream:
        # A torn last line goes, or it would run into ours.
        stream.seek(0)
        end = stream.read().rfind(b"\n") + 1
        stream.truncate(end)
        try:
            write_all(stream, line)
            os.fsync(stream.fileno())
        except OSError:
            stream.truncate(end)
            raise


def predecessors(history: Sequence[Change], champion: str) -> list[str]:
    """The champions before `champion`, latest first, as a chain of undoing: a rollback takes its version off the chain,
    so that the next rollback goes one further back instead of forward again.
    """
    chain: list[str] = []
    for change in history:
        if change.action is not Action.PROMOTE and change.version in chain:
            del chain[chain.index(change.version) + 1 :]
            continue
        if not chain and change.previous is not None:
            chain.append(change.previous)
        # A version that comes back stands where it is newest, and only there.
        chain = [*(version for version in chain if version != change.version), change.version]
    return [version for version in reversed(chain) if version != champion]


def _parse(line: bytes, number: int, file: Path) -> Change:
    try:
        fields = orjson.loads(line)
        previous = fields.pop("from")
        return Change(**{**fields, "action": Action(fields["action"]), "previous": previous})
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise RegistryError(f"{file}, line {number}: no change of the champion; restore the file") from error
