"""Train every way on the same seeds, score each on the same pages."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.quality import ours, peers
from benchmarks.quality.figures import Scored, answers_of, score
from benchmarks.quality.marker_rule import cut_at_marker
from benchmarks.quality.pages import LabelledPage, settled
from benchmarks.quality.table import NAMES, Row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from models.model import Model

PEERS: dict[str, peers.Peer] = {
    "majority": peers.majority,
    "words + LogisticRegression": peers.word_regression,
    "characters + LogisticRegression": peers.character_regression,
    "NB-SVM": peers.nbsvm,
    "fastText": peers.fasttext,
}
CUT = {"majority": "cut at the marker, else majority", "words + LogisticRegression": "cut at the marker, else words"}
"""The peers that judge what stands before a marker."""


def absent_peers() -> dict[str, str]:
    """Peers whose package is not installed, and how to get it."""
    return {} if find_spec("fasttext") else {"fastText": "left out, not installed: pip install -e '.[bench]'"}


@dataclass(frozen=True)
class Training:
    """What every way is trained on.

    written : pages of our own. real, real_pages : a file of real labelled pages, and the pages in it, if any.
    """

    title: str
    written: Sequence[LabelledPage]
    real: Path | None = None
    real_pages: Sequence[LabelledPage] = ()


def compared(training: Training, pages: Sequence[LabelledPage], say: Callable[[str], None]) -> list[Row]:
    """Rows of every way after one training, Lanmu first, sections judged alone and then in their pages.

    say : told what is being done.
    """
    say(f"training Lanmu on {training.title}")
    with tempfile.TemporaryDirectory() as folder:
        model = ours.trained(training.written, training.real, Path(folder))
    alone, in_page = champion_scores(model, pages)
    scores = _peer_scores(training, pages, say)
    ways = {name: score(pages, answers_of(values)) for name, values in scores.items()}
    cut = {CUT[name]: score(pages, answers_of(cut_at_marker(pages, scores[name]))) for name in CUT}
    return [*_rows(training.title, "alone", alone, ways), *_rows(training.title, "in page", in_page, cut)]


def champion_rows(model: Model, pages: Sequence[LabelledPage]) -> list[Row]:
    """Rows of a saved version as it is."""
    alone, in_page = champion_scores(model, pages)
    title = f"its own seeds (version {model.version})"
    return [*_rows(title, "alone", alone, {}), *_rows(title, "in page", in_page, {})]


def champion_scores(model: Model, pages: Sequence[LabelledPage]) -> tuple[Scored, Scored]:
    """Lanmu's figures, sections judged alone and in their pages."""
    return score(pages, ours.alone(model, pages)), score(pages, ours.in_page(model, pages))


def _peer_scores(
    training: Training, pages: Sequence[LabelledPage], say: Callable[[str], None]
) -> dict[str, NDArray[np.float64]]:
    """Each peer's scores of all sections, in order."""
    texts, labels = settled([*training.written, *training.real_pages])
    asked = [text for page in pages for text in page.texts]
    absent, scores = absent_peers(), {}
    for name, peer in PEERS.items():
        if name in absent:
            continue
        say(f"training {name} on {training.title}")
        with threadpool_limits(1):  # more threads wait for one another on matrices as narrow as these
            scores[name] = peer(texts, labels)(asked)
    return scores


def _rows(training: str, judged: str, lanmu: Scored, ways: dict[str, Scored]) -> list[Row]:
    """Lanmu's row and that of each other way."""
    own = Row(training, judged, "Lanmu", {name: lanmu.figure(name) for name in NAMES}, {})
    return [own, *(_row(training, judged, way, lanmu, scored) for way, scored in ways.items())]


def _row(training: str, judged: str, way: str, lanmu: Scored, scored: Scored) -> Row:
    figures = {name: scored.figure(name) for name in NAMES}
    return Row(training, judged, way, figures, {name: lanmu.lead(scored, name) for name in NAMES})
