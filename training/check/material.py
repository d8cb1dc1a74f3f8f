"""What is checked: all seeds that could be read, and of them those that a training would take."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.result import NONE
from models.seeds.seed import Problem, SeedPage, SeedsError
from models.terms.extractor import TermExtractor, TermsConfig
from training.checks import sound
from training.config import TrainingConfig
from training.corpus import Corpus
from training.dataset import Dataset, dataset_of, folds_of
from training.extracted import Extracted, read_extracted
from training.reading import is_extracted, read_seeds, seed_files


@dataclass(frozen=True)
class Material:
    """Seeds as read, and as they would be trained on.

    pages : every written page that could be read, with its faulty seeds.
    extracted : extracted seeds, with their file's name.
    problems : what a training would refuse.
    corpus : the seeds that it would take, of the labels that any of them has.
    dataset, fold : the corpus as rows, and the fold of each, int64 (sections,).
    """

    pages: tuple[SeedPage, ...]
    extracted: tuple[tuple[str, Extracted], ...]
    problems: tuple[Problem, ...]
    corpus: Corpus
    extractor: TermExtractor
    config: TrainingConfig
    dataset: Dataset
    fold: NDArray[np.int64]

    def page_names(self) -> list[str]:
        """A name for each page of the corpus, in the dataset's order: its id, or its number in an extracted file."""
        numbered = (
            f"{name} page {number}" for name, part in self.extracted for number in range(1, len(part.page_sizes) + 1)
        )
        return [*(page.id for page in self.corpus.pages), *numbered]

    def fold_of_page(self) -> dict[str, int]:
        """The fold that each page begins in, by its name."""
        folds = self.fold[self.dataset.pages[:-1]].tolist()
        return dict(zip(self.page_names(), folds, strict=True))


def read_material(paths: Sequence[Path], labels: Sequence[str]) -> Material:
    """Read the seeds at some paths.

    labels : those that seeds may have, `none` last.

    Raises
    ------
    FileNotFoundError
        For a path that is not there. SeedsError where no seed can be used.
    """
    config, extractor = TrainingConfig(), TermExtractor(TermsConfig())
    read = read_seeds(paths)
    good = sound(read, labels)
    extracted, refused = _read_extracted(paths, extractor.config.fingerprint(), labels)
    problems = (*good.problems, *refused)
    pages = tuple(sorted(good.pages, key=lambda page: page.id))
    if not pages and not extracted:
        raise SeedsError(problems or [Problem(", ".join(map(str, paths)), "there are no seeds here")])
    parts = tuple(part for _, part in extracted)
    corpus = Corpus(pages, parts, tuple(labels))
    present = tuple(label for label in labels if corpus.sections()[label] or label == NONE)
    dataset = dataset_of(pages, parts, present, extractor)
    return Material(
        tuple(read.pages),
        tuple(extracted),
        problems,
        Corpus(pages, parts, present),
        extractor,
        config,
        dataset,
        folds_of(dataset, config.folds),
    )


def _read_extracted(
    paths: Sequence[Path],
    fingerprint: str,
    labels: Collection[str],
) -> tuple[list[tuple[str, Extracted]], list[Problem]]:
    """Extracted seeds with their file's name, and what is wrong with those left out."""
    found: list[tuple[str, Extracted]] = []
    problems: list[Problem] = []
    for path in filter(is_extracted, seed_files(paths)):
        try:
            part = read_extracted(path, fingerprint)
        except SeedsError as error:
            problems.extend(error.problems)
            continue
        unknown = sorted(set(part.labels) - set(labels))
        problems.extend(Problem(path.name, f"unknown label {name!r}; declare it with --new-label") for name in unknown)
        if not unknown:
            found.append((path.name, part))
    return found, problems
