"""One version's figures on the frozen seeds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from training.evaluation.figures import by_label, described, figures_of
from training.gate.contender import Contender
from training.gate.ground import read_ground


def frozen_figures(contender: Contender, paths: Sequence[Path]) -> dict[str, Any]:
    """Figures on the frozen part of the seeds at some paths, but for what the version learned from.

    Raises
    ------
    SeedsError
        Where there are no seeds. FileNotFoundError for a path that is not there.
    """
    ground = read_ground(paths, [contender])
    rows = ground.unseen_by([contender])
    side = ground.parted.frozen
    answers = contender.judge(ground.rows(contender, side), ground.labels)
    kept = {kind: each.of(rows) for kind, each in answers.items()}
    return {
        "version": contender.name,
        "labels": list(ground.labels),
        "frozen": ground.described(rows),
        "pages": len(set(side.dataset.page_of[rows].tolist())),
        "sections": int(rows.sum()),
        **({kind: described(figures_of(each)) | by_label(each) for kind, each in kept.items()} if rows.any() else {}),
    }
