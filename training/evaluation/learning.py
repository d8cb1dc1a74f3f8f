"""A learning curve: what more pages would be worth, to the judge of sections alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from threadpoolctl import threadpool_limits

from models.judging.calibration import Calibration
from models.terms.extractor import TermExtractor
from training.config import TrainingConfig
from training.dataset import Dataset, folds_of
from training.fit import SURE_NO
from training.pipeline import classifier, group_tfidf

SHARES = (0.25, 0.5, 1.0)
HELD = 0
"""The fold that is held out."""

TOLERANCE = 1e-2
"""Where the classifier stops improving: looser than in a training, whose figures it keeps to within .003."""


@dataclass(frozen=True)
class Step:
    """What a share of the pages outside the held-out fold teaches.

    four_way : macro-F1 over the labels and none, on the held-out fold, each section alone.
    """

    share: float
    pages: int
    sections: int
    four_way: float


def learning_curve(
    dataset: Dataset,
    extractor: TermExtractor,
    config: TrainingConfig,
    calibration: Calibration,
) -> list[Step]:
    """Fit and measure each share; each holds the pages of the ones before.

    calibration : of the scores of a model trained on everything. Shares that lack all but one label are left out.
    """
    fold = folds_of(dataset, config.folds)
    held = fold == HELD
    steps = []
    with threadpool_limits(1):
        for share in SHARES:
            pages = _first_pages(dataset, fold, share)
            seen = np.isin(dataset.page_of, pages)
            if len(np.unique(dataset.target[seen])) > 1 and held.any():
                said = calibration.probabilities(_scores(dataset, seen, held, extractor, config)).argmax(axis=1)
                four_way = float(f1_score(dataset.target[held], said, average="macro", zero_division=0))
                steps.append(Step(share, len(pages), int(seen.sum()), four_way))
    return steps


def _first_pages(dataset: Dataset, fold: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """A share of the pages outside the held-out fold, in the order of the hashes of their names and numbers."""
    names = [f"{group} {number}" for number, group in enumerate(dataset.groups)]
    digests = [hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names]
    order = np.array(sorted(range(len(names)), key=digests.__getitem__))
    open_pages = order[fold[dataset.pages[:-1]][order] != HELD]
    return np.asarray(open_pages[: max(1, round(share * len(open_pages)))])


def _scores(
    dataset: Dataset,
    seen: NDArray[np.bool_],
    held: NDArray[np.bool_],
    extractor: TermExtractor,
    config: TrainingConfig,
) -> NDArray[np.float64]:
    """Scores (held sections, labels) by a classifier of the seen ones; a label that it does not know is a sure no."""
    tfidf = group_tfidf(extractor, config).fit(dataset.counts[seen])
    svc = classifier(config).set_params(tol=TOLERANCE)
    svc.fit(tfidf.transform(dataset.counts[seen]), dataset.target[seen])
    found = svc.decision_function(tfidf.transform(dataset.counts[held]))
    scores = np.full((int(held.sum()), int(dataset.target.max()) + 1), SURE_NO)
    scores[:, svc.classes_] = np.column_stack([-found, found]) if found.ndim == 1 else found
    return scores
