"""Learning curves: what more seeds of a kind are worth, on pages that were not trained on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from training.check.material import Material
from training.pipeline import classifier, group_tfidf

SHARES = (0.1, 0.25, 0.5, 1.0)
"""Shares of the pages outside the held-out fold that are trained on; each holds the ones before."""

HELD_OUT = 2
"""So many folds are held out in turn: enough to measure, few enough to wait for."""

TOLERANCE = 1e-2
"""Where the classifier stops improving: looser than in a training, whose figures it keeps to within .003."""

WORKERS = 2


@dataclass(frozen=True)
class Point:
    """A classifier judging sections alone, trained on a share of the pages of a kind of seed.

    trained_on : written, extracted or both. tested_on : written or extracted.
    pages, sections : trained on, mean of the held-out folds.
    four_way : macro-F1 over the labels and none. forced : accuracy on labelled sections among the labels.
    """

    trained_on: str
    tested_on: str
    share: float
    pages: int
    sections: int
    four_way: float
    forced: float


@dataclass(frozen=True)
class _Run:
    """One fit: on which pages, and which fold is held out."""

    kind: str
    share: float
    held: int
    pages: NDArray[np.bool_]


def curve_of(material: Material) -> list[Point]:
    """Fit and measure each kind and share; kinds that the corpus does not have are left out."""
    runs = list(_runs(material))
    with threadpool_limits(1), ThreadPoolExecutor(WORKERS) as pool:
        answers = list(pool.map(lambda run: _answers(material, run), runs))
    points: list[Point] = []
    for kind, share in dict.fromkeys((run.kind, run.share) for run in runs):
        mine = [number for number, run in enumerate(runs) if (run.kind, run.share) == (kind, share)]
        points.extend(_points(material, [runs[number] for number in mine], [answers[number] for number in mine]))
    return points


def _kinds(material: Material) -> dict[str, NDArray[np.bool_]]:
    """The pages of each kind of seed, bool (pages,)."""
    written = np.arange(len(material.dataset.groups)) < len(material.corpus.pages)
    if written.all() or not written.any():
        return {"written" if written.all() else "extracted": np.ones_like(written)}
    return {"written": written, "extracted": ~written, "both": np.ones_like(written)}


def _runs(material: Material) -> Iterator[_Run]:
    """Every fit, the largest first: so none is left to run alone at the end."""
    digests = [hashlib.sha256(name.encode("utf-8", "surrogatepass")) for name in material.page_names()]
    rank = np.array([int(digest.hexdigest()[:12], 16) for digest in digests])
    fold = material.fold[material.dataset.pages[:-1]]
    for share in reversed(SHARES):
        for kind, of_kind in reversed(_kinds(material).items()):
            for held in range(HELD_OUT):
                open_pages = np.flatnonzero(of_kind & (fold != held))
                first = open_pages[np.argsort(rank[open_pages])][: max(1, round(share * len(open_pages)))]
                yield _Run(kind, share, held, np.isin(np.arange(len(fold)), first))


def _answers(material: Material, run: _Run) -> NDArray[np.float64]:
    """Scores (held-out sections, labels) by a classifier of this run; labels that it did not see score lowest."""
    dataset = material.dataset
    seen, held = run.pages[dataset.page_of], material.fold == run.held
    scores = np.full((int(held.sum()), len(material.corpus.labels)), -np.inf)
    known = np.unique(dataset.target[seen])
    if len(known) < 2:  # noqa: PLR2004 - there is nothing to tell apart
        scores[:, known] = 0.0
        return scores
    tfidf = group_tfidf(material.extractor, material.config).fit(dataset.counts[seen])
    svc = classifier(material.config).set_params(tol=TOLERANCE)
    svc.fit(tfidf.transform(dataset.counts[seen]), dataset.target[seen])
    found = svc.decision_function(tfidf.transform(dataset.counts[held]))
    scores[:, known] = np.column_stack([-found, found]) if found.ndim == 1 else found
    return scores


def _points(material: Material, runs: Sequence[_Run], answers: Sequence[NDArray[np.float64]]) -> Iterator[Point]:
    """The figures of one kind and share, on written and on extracted sections."""
    dataset, none = material.dataset, len(material.corpus.labels) - 1
    rows = np.concatenate([np.flatnonzero(material.fold == run.held) for run in runs])
    scores, target = np.concatenate(list(answers)), dataset.target[rows]
    pages = round(sum(run.pages.sum() for run in runs) / len(runs))
    sections = round(sum(run.pages[dataset.page_of].sum() for run in runs) / len(runs))
    for name, tested in (("written", rows < dataset.written), ("extracted", rows >= dataset.written)):
        labelled = tested & (target != none)
        if not labelled.any():
            continue
        four_way = f1_score(target[tested], scores[tested].argmax(axis=1), average="macro", zero_division=0)
        forced = (scores[labelled, :none].argmax(axis=1) == target[labelled]).mean()
        first = runs[0]
        yield Point(first.kind, name, first.share, pages, sections, round(float(four_way), 3), round(float(forced), 3))
