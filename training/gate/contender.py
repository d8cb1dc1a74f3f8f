"""A version that stands before the gate: what it learned from, and what it answers for counted seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.judging.calibration import SMALLEST
from models.judging.decision import Verdicts
from models.model import Model
from models.parts import Parts, parts_of
from models.result import NONE
from models.versions import read_version
from training.dataset import Dataset
from training.evaluation.answers import Answers
from training.gate.counted import score_counted
from training.gate.learned import Said, read_learned


@dataclass(frozen=True)
class Contender:
    """A checked version. learned : None where it does not tell what it learned from."""

    model: Model
    parts: Parts
    learned: Mapping[str, Said] | None

    @classmethod
    def load(cls, folder: Path, key: bytes | None) -> Contender:
        """Open, check and replay a version. Raises InvalidVersionError."""
        model = Model.load(folder, key=key)
        return cls(model, parts_of(read_version(folder, key=key)), read_learned(folder))

    @property
    def name(self) -> str:
        """The version's name."""
        return self.model.version

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that it knows, `none` last."""
        return (*self.model.labels, NONE)

    @property
    def metadata(self) -> Mapping[str, Any]:
        """model.json."""
        return self.model.metadata

    def judge(self, dataset: Dataset, labels: Sequence[str]) -> dict[str, Answers]:
        """What it answers for counted sections, `alone` and `in_page`.

        labels : those that the dataset's targets and the answers are numbered by, `none` last; one that the version
            does not know is never its answer.
        """
        scored = score_counted(dataset, self.parts.weights, self.parts.extractor.bases)
        chances = {
            "alone": self.parts.alone.probabilities(scored.scores),
            "in_page": self.model.in_context(scored, dataset.pages),
        }
        verdicts = {
            kind: self.parts.decision.verdicts(each, scored.facts, scored.seen) for kind, each in chances.items()
        }
        return {kind: self._answers(chances[kind], each, dataset, labels) for kind, each in verdicts.items()}

    def _answers(
        self, chances: NDArray[np.float64], verdicts: Verdicts, dataset: Dataset, labels: Sequence[str]
    ) -> Answers:
        spread = np.full((len(chances), len(labels)), SMALLEST)
        spread[:, [labels.index(label) for label in self.labels]] = chances
        numbers = np.array([labels.index(label or NONE) for label, _ in verdicts.meanings], np.int64)
        return Answers(tuple(labels), spread, numbers[verdicts.answers], dataset.target, dataset.page_of)
