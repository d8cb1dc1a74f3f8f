"""All seeds of one training: written ones, with their text, and extracted ones, without."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from models.result import NONE
from models.seeds.seed import Problem, SeedsError
from training.checks import sound, too_few
from training.reading import read_all_extracted, read_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from models.seeds.seed import SeedPage
    from training.extracted import Extracted


FEWEST_LABELS = 3
"""Two labels and `none`."""


@dataclass(frozen=True)
class Corpus:
    """Seeds that passed the checks, in a fixed order, and their labels, `none` last."""

    pages: tuple[SeedPage, ...]
    extracted: tuple[Extracted, ...]
    labels: tuple[str, ...]

    def labels_by_page(self) -> Iterator[tuple[str, ...]]:
        """The labels of each page's sections."""
        for page in self.pages:
            yield tuple(seed.label for seed in page.seeds)
        for part in self.extracted:
            start = 0
            for size in part.page_sizes.tolist():
                yield part.labels[start : start + size]
                start += size

    def of(self, rows: NDArray[np.bool_]) -> Corpus:
        """Some of the sections, bool (sections,), written ones first; pages without any are gone. Labels stay."""
        start, pages, parts = 0, [], []
        for page in self.pages:
            end = start + len(page.seeds)
            kept = tuple(seed for seed, is_kept in zip(page.seeds, rows[start:end].tolist(), strict=True) if is_kept)
            if kept:
                pages.append(replace(page, seeds=kept))
            start = end
        for part in self.extracted:
            end = start + len(part.labels)
            if rows[start:end].any():
                parts.append(part.of(rows[start:end]))
            start = end
        return Corpus(tuple(pages), tuple(parts), self.labels)

    def sections(self) -> Counter[str]:
        """How many sections each label has."""
        return Counter(label for labels in self.labels_by_page() for label in labels)

    def on_pages(self) -> Counter[str]:
        """On how many pages each label stands."""
        return Counter(label for labels in self.labels_by_page() for label in set(labels))

    def hash(self) -> str:
        """sha256 over all seeds, whatever the order of their files."""
        rows = ["\x00".join([page.id, *(f"{seed.label}\x01{seed.text}" for seed in page.seeds)]) for page in self.pages]
        digests = [hashlib.sha256(row.encode("utf-8", "surrogatepass")).hexdigest() for row in rows]
        digests += [part.hash() for part in self.extracted]
        return hashlib.sha256("".join(sorted(digests)).encode()).hexdigest()

    def described(self) -> dict[str, Any]:
        """What model.json says of the seeds."""
        sections, written = self.sections(), sum(len(page.seeds) for page in self.pages)
        return {
            "pages": sum(1 for _ in self.labels_by_page()),
            "sections": sections.total(),
            "written_sections": written,
            "extracted_sections": sections.total() - written,
            "by_label": {label: sections[label] for label in self.labels},
            "sha256": self.hash(),
        }


def read_corpus(
    paths: Sequence[Path],
    labels: Sequence[str],
    fingerprint: str,
    *,
    keep_going: bool = False,
    say: Callable[[str], None] = lambda _: None,
) -> Corpus:
    """Read and check all seeds at some paths.

    labels : those that seeds may have, `none` last. One that no seed has is left out.
    fingerprint : of the extractor, which extracted seeds must share.
    keep_going : leave bad seeds out, saying which, instead of refusing them all.

    Raises
    ------
    SeedsError
        With every problem there is. FileNotFoundError for a path that is not there.
    """
    corpus, problems = gather(paths, labels, fingerprint)
    if problems and not keep_going:
        raise SeedsError(problems)
    for problem in problems:
        say(f"left out: {problem}")
    return _with_enough(corpus, say)


def gather(paths: Sequence[Path], labels: Sequence[str], fingerprint: str) -> tuple[Corpus, list[Problem]]:
    """The seeds at some paths that are sound, however few, and what is wrong with the others; see `read_corpus`.

    Raises
    ------
    FileNotFoundError
        For a path that is not there.
    """
    reading = sound(read_seeds(paths), labels)
    extracted, unusable = read_all_extracted(paths, fingerprint, labels)
    pages = tuple(sorted(reading.pages, key=lambda page: page.id))
    return Corpus(pages, tuple(extracted), tuple(labels)), reading.problems + unusable


def _with_enough(corpus: Corpus, say: Callable[[str], None]) -> Corpus:
    """The corpus with the labels that its seeds have. Raises SeedsError where one has too few."""
    sections = corpus.sections()
    absent = [label for label in corpus.labels if not sections[label] and label != NONE]
    for label in absent:
        say(f"no seed is {label!r}; the model will not know it")
    kept = tuple(label for label in corpus.labels if label not in absent)
    lacking = too_few(sections, corpus.on_pages(), kept)
    if len(kept) < FEWEST_LABELS:
        lacking.append(Problem("the seeds together", f"they have the labels {kept!r}; it takes two and 'none'"))
    if lacking:
        raise SeedsError(lacking)
    return Corpus(corpus.pages, corpus.extracted, kept)
