"""What becomes of blocks, brought to the disk by the worker that judged them."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from service.batch.disk import aside_for, synced, write_at
from service.batch.ledger import OUTPUT, file_of
from service.batch.offsets import Offsets

if TYPE_CHECKING:
    from pathlib import Path

    from service.batch.blocks import Outcome


class Keeper:
    """Keeps outcomes in a ledger's folder, and answers in its output where their place there is known."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offsets: Offsets | None = None
        with suppress(OSError):  # where the answers become a table, there is none; other troubles are met again
            self._output = os.open(folder / OUTPUT, os.O_RDWR)
            self._offsets = Offsets(folder)

    def kept(self, outcome: Outcome) -> Outcome:
        """The outcome with its parts on the disk. Raises OSError."""
        at = self._placed(outcome)
        aside = aside_for(file_of(self._folder, outcome.index))
        with synced(aside) as stream:
            stream.writelines(outcome.parts if at is None else outcome.parts[1:])
        return replace(outcome, parts=(), kept=aside.name, at=at)

    def _placed(self, outcome: Outcome) -> int | None:
        """Where the answers stand in the output now; None where they do not, since it is not known yet where to."""
        if self._offsets is None:
            return None
        at = self._offsets.of(outcome.index)
        self._offsets.tell(outcome.index, outcome.sizes["output"])
        if at is not None:
            write_at(self._output, outcome.parts[0], at)
            os.fsync(self._output)
        return at
