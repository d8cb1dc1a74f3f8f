"""Behaviour cases, as they lie in cases.jsonl.

A line has `id`, `kind`, `change` (what the case is about) and `text`: a string, which is judged alone, or
`{"sections": […], "section": n}`, a page of which the n-th section is judged. By kind it also has

- invariance: `changed`, a text that must get the same label, or none as well;
- direction: `changed`, with `label` and `moves` ("up" or "down"): where that label's probability must go;
- minimum function: `label`, which must be given; for "none", none may be given.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any


class Kind(StrEnum):
    """What a case asks of a model (Ribeiro et al. 2020, CheckList)."""

    INVARIANCE = "invariance"
    DIRECTION = "direction"
    MINIMUM = "minimum function"


@dataclass(frozen=True)
class Passage:
    """A text to judge: the `section`-th of a page's sections, or the only one, which is judged alone."""

    sections: tuple[str, ...]
    section: int = 0


@dataclass(frozen=True)
class Case:
    """One thing that a model must do.

    change : what the case is about, such as "marker removed".
    changed : what is judged beside `text`; None for a minimum function.
    label : the label that is asked about; None for an invariance.
    upwards : whether the label's probability must rise; else it must fall.
    """

    id: str
    kind: Kind
    change: str
    text: Passage
    changed: Passage | None = None
    label: str | None = None
    upwards: bool = True

    def passages(self) -> list[Passage]:
        """What has to be judged."""
        return [self.text] if self.changed is None else [self.text, self.changed]


def read_cases() -> tuple[Case, ...]:
    """The cases that come with Lanmu, in the order of their file."""
    lines = files("training.behaviour").joinpath("cases.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_case(json.loads(line)) for line in lines)


def _case(row: dict[str, Any]) -> Case:
    changed = _passage(row["changed"]) if "changed" in row else None
    upwards = row.get("moves", "up") == "up"
    return Case(row["id"], Kind(row["kind"]), row["change"], _passage(row["text"]), changed, row.get("label"), upwards)


def _passage(value: str | dict[str, Any]) -> Passage:
    return Passage((value,)) if isinstance(value, str) else Passage(tuple(value["sections"]), value["section"])
