"""What the peers' servers answer with: the naive pipeline, or Lanmu's model, loaded as the environment says."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

NAIVE = "LANMU_BENCH_NAIVE"
"""The file of the naive pipeline."""

REGISTRY = "LANMU_BENCH_REGISTRY"
"""The registry of Lanmu's model."""

Judge = Callable[[Sequence[str]], list[dict[str, Any]]]


def naive() -> Judge:
    """The naive pipeline."""
    import joblib  # noqa: PLC0415 - not every server needs both

    from benchmarks.speed.peers import private_jieba  # noqa: PLC0415 - the same

    private_jieba()
    pipeline = joblib.load(os.environ[NAIVE])
    labels = pipeline.classes_.tolist()

    def judge(texts: Sequence[str]) -> list[dict[str, Any]]:
        rows = pipeline.predict_proba(texts).tolist() if texts else []
        return [{"label": labels[row.index(max(row))], "probability": max(row)} for row in rows]

    return judge


def compiled() -> Judge:
    """Lanmu's model, warm."""
    from models.model import Model  # noqa: PLC0415 - the same
    from models.versions import Registry  # noqa: PLC0415 - the same

    registry = Registry(Path(os.environ[REGISTRY]))
    model = Model.load(registry.folder(registry.champion()))
    model.warm()

    def judge(texts: Sequence[str]) -> list[dict[str, Any]]:
        results = model.classify(texts)
        return [{"label": each.label, "probability": each.probability} for each in results]

    return judge
