"""learned.list, by which a version tells what it learned from, and what models that had not seen it said of it.

A line has a short hash of a unit's name (a page, a site, a lone text), and for each of its labels with what was the
likeliest out of fold, how many sections: `1f2e3d4c5b6a7980 opinion>opinion:7 opinion>none:1`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.versions import InvalidVersionError
from training.dataset import Dataset
from training.gate.frozen import digest_of

LEARNED = "learned.list"
PAIR = re.compile(r"([a-z][a-z0-9_]*)>([a-z][a-z0-9_]*):([0-9]{1,9})")

Said = Counter[tuple[str, str]]
"""(the seeds' label, the likeliest label) → sections."""


def learned_lines(units: Sequence[str], dataset: Dataset, labels: Sequence[str], chances: NDArray[np.float64]) -> bytes:
    """The file of a version.

    units : the name of each page's unit. chances : (sections, labels), out-of-fold probabilities.
    """
    found: dict[str, Said] = {digest_of(unit): Counter() for unit in units}
    digests = [digest_of(unit) for unit in units]
    for page, label, said in zip(*map(list, (dataset.page_of, dataset.target, chances.argmax(axis=1))), strict=True):
        found[digests[page]][labels[label], labels[said]] += 1
    return "".join(f"{unit} {_described(found[unit])}\n" for unit in sorted(found)).encode()


def read_learned(folder: Path) -> Mapping[str, Said] | None:
    """Short hash of a unit → what was said of its sections; None for a version without the file.

    Raises
    ------
    InvalidVersionError
        For a line of another form.
    """
    file = folder / LEARNED
    if not file.is_file():
        return None
    found: dict[str, Said] = {}
    for number, line in enumerate(file.read_text(encoding="ascii", errors="replace").splitlines(), 1):
        unit, *pairs = line.split() or [""]
        matches = [PAIR.fullmatch(pair) for pair in pairs]
        if not matches or None in matches:
            raise InvalidVersionError(file, f"line {number} is no unit with its labels: {line!r:.80}")
        found[unit] = Counter({(match[1], match[2]): int(match[3]) for match in matches if match})
    return found


def _described(said: Said) -> str:
    """What was said of a unit, in words."""
    return " ".join(f"{label}>{likeliest}:{count}" for (label, likeliest), count in sorted(said.items()))
