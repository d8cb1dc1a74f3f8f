"""Lanmu itself: trained as `lanmu-train train` does, asked as the service does."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.quality.figures import NUMBERS, OF_THREE, Answers
from models.model import Model
from models.seeds.seed import LABELS
from models.splitting import split_given
from training.train import Plan, train

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.quality.pages import LabelledPage
    from models.result import Result


def trained(written: Sequence[LabelledPage], real: Path | None, folder: Path) -> Model:
    """A version trained on written pages, and on real ones as extracted seeds.

    real : a file of labelled pages. folder : an empty one, which keeps seeds and version.

    Raises
    ------
    subprocess.CalledProcessError
        When seeds cannot be extracted from `real`; the command has said why.
    """
    paths = [folder / "written.jsonl"]
    paths[0].write_text("".join(map(_line, written)), encoding="utf-8")
    if real:
        paths.append(folder / "real.seeds.xz")
        command = [sys.executable, "-m", "training", "extract", str(real), str(paths[1])]
        subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return Model.load(train(Plan(tuple(paths), folder / "versions")).folder)


def _line(page: LabelledPage) -> str:
    """A page as a line of seeds."""
    sections = [{"text": text, "label": label} for text, label in zip(page.texts, page.labels, strict=True) if label]
    return json.dumps({"page": page.id, "sections": sections}, ensure_ascii=False) + "\n"


def alone(model: Model, pages: Sequence[LabelledPage]) -> Answers:
    """Every section judged by itself."""
    return _answers(model.classify([text for page in pages for text in page.texts]))


def in_page(model: Model, pages: Sequence[LabelledPage]) -> Answers:
    """Every section judged in its page."""
    judged = model.classify_pages([split_given(page.texts) for page in pages])
    return _answers([result for results in judged for result in results])


def _answers(results: Sequence[Result]) -> Answers:
    said = [NUMBERS[result.label or LABELS[-1]] for result in results]
    chances = np.array([[result.probabilities[label] for label in LABELS[:OF_THREE]] for result in results])
    return Answers(np.array(said), chances.argmax(axis=1))
