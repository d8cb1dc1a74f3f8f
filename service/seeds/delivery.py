"""Who brings seeds, from where, and what shall hold where they contradict others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """What holds where a text has another label already.

    KEEP : what is there. REPLACE : what is brought. BOTH : either.
    """

    KEEP = "keep"
    REPLACE = "replace"
    BOTH = "both"


@dataclass(frozen=True)
class Delivery:
    """How seeds are brought.

    who : brings them. source : where they come from, unless they say so themselves.
    decision : for texts that have another label already; without one they wait.
    new_labels : labels that are declared, and so no slips.
    """

    who: str
    source: str
    decision: Decision | None = None
    new_labels: Collection[str] = ()
