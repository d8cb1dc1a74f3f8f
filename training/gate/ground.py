"""What two versions are compared on: frozen seeds that neither of them has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.result import NONE
from models.seeds.seed import Problem, SeedsError
from training.corpus import gather
from training.dataset import Dataset, dataset_of
from training.gate.contender import Contender
from training.gate.frozen import FROZEN, digest_of
from training.gate.parting import Parted, Side, part


@dataclass(frozen=True)
class Ground:
    """Seeds, parted as for a training.

    labels : every label that a contender knows, `none` last.
    problems : seeds that could not be used.
    """

    parted: Parted
    labels: tuple[str, ...]
    problems: tuple[Problem, ...]

    def rows(self, contender: Contender, side: Side) -> Dataset:
        """The seeds of one side as rows, counted as the version counts."""
        return dataset_of(side.corpus.pages, side.corpus.extracted, self.labels, contender.parts.extractor)

    def unseen_by(self, contenders: Sequence[Contender]) -> NDArray[np.bool_]:
        """Which frozen sections are scored, bool (frozen sections,): no stock phrases, nor what one learned from."""
        side, tested = self.parted.frozen, self.parted.tested.copy()
        units = [digest_of(unit) for unit in side.units]
        for learned in (contender.learned or {} for contender in contenders):
            seen = np.array([unit in learned for unit in units], bool)
            tested &= ~seen[side.dataset.page_of]
            tested[[row for row, unit in self.parted.twins if digest_of(unit) in learned]] = False
        return tested

    def described(self, tested: NDArray[np.bool_]) -> dict[str, Any]:
        """The frozen set as JSON."""
        about = self.parted.frozen.corpus.described()
        named = {name: about[name] for name in ("sha256", "pages", "sections", "by_label")}
        return {"version": self.parted.name, **named, "scored_sections": int(tested.sum())}


def read_ground(paths: Sequence[Path], contenders: Sequence[Contender]) -> Ground:
    """Read seeds and part them.

    contenders : the challenger first.

    Raises
    ------
    SeedsError
        Where no seeds can be used. FileNotFoundError for a path that is not there.
    """
    known = dict.fromkeys(label for each in contenders for label in each.labels)
    labels = (*(label for label in known if label != NONE), NONE)
    prints = {each.parts.extractor.config.fingerprint() for each in contenders}
    fingerprint = prints.pop() if len(prints) == 1 else "extracted seeds must mean the same to both"
    corpus, problems = gather(paths, labels, fingerprint)
    if not corpus.pages and not corpus.extracted:
        raise SeedsError(problems or [Problem(", ".join(map(str, paths)), "there are no seeds here")])
    extractor = contenders[0].parts.extractor
    dataset = dataset_of(corpus.pages, corpus.extracted, labels, extractor)
    return Ground(part(corpus, dataset, extractor, FROZEN), labels, tuple(problems))
