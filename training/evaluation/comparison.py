"""Two versions on the same pages: figures side by side, and every answer that flipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from models.model import Model
from models.result import NONE
from models.splitting import split_given
from training.check.tables import excerpt
from training.evaluation.figures import Figure, by_label, described, figures_of, leads_of
from training.evaluation.pages import Page, judge, settled

EXPLAINED = 200
"""So many flips come with the words that decided."""

WORDS = 5
"""So many words are named for each."""


@dataclass(frozen=True)
class Flip:
    """A section that two versions answer differently in its page.

    section : its number on the page, from 1. label : what is true. first, second : what each version says.
    why_first, why_second : the words that pull most towards it; nothing beyond the first EXPLAINED flips.
    """

    page: str
    section: int
    label: str
    first: str
    second: str
    text: str
    why_first: tuple[str, ...] = ()
    why_second: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What became of the answer: `better`, `worse`, or `other` where both are wrong."""
        return "better" if self.second == self.label else "worse" if self.first == self.label else "other"


@dataclass(frozen=True)
class Comparison:
    """What the second version does otherwise than the first.

    figures : by how sections are judged, those of both versions. leads : how far the second is above the first.
    labels : those that either knows, `none` last. by_label : of both versions, in their pages, see `figures.by_label`.
    """

    first: str
    second: str
    pages: int
    sections: int
    figures: dict[str, tuple[dict[str, Figure], dict[str, Figure]]]
    leads: dict[str, dict[str, Figure]]
    labels: tuple[str, ...]
    by_label: tuple[dict[str, Any], dict[str, Any]]
    flips: list[Flip]

    def kinds(self) -> list[tuple[tuple[str, str], int, int, int]]:
        """(from, to) of the flips, how many there are, and how many were right before and are right after."""
        counts = Counter((flip.first, flip.second) for flip in self.flips)
        before = Counter((flip.first, flip.second) for flip in self.flips if flip.first == flip.label)
        after = Counter((flip.first, flip.second) for flip in self.flips if flip.second == flip.label)
        return [(kind, count, before[kind], after[kind]) for kind, count in counts.most_common()]

    def described(self) -> dict[str, Any]:
        """The comparison as JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "pages": self.pages,
            "sections": self.sections,
            **{
                judged: {
                    "first": described(self.figures[judged][0]),
                    "second": described(self.figures[judged][1]),
                    "lead": described(self.leads[judged]),
                }
                for judged in self.figures
            },
            "flips": [asdict(flip) for flip in self.flips],
        }


def compared_labels(first: Model, second: Model) -> tuple[str, ...]:
    """The labels that either of two versions knows, `none` last."""
    return (*dict.fromkeys((*first.labels, *second.labels)), NONE)


def compare_models(first: Model, second: Model, pages: Sequence[Page]) -> Comparison:
    """Judge pages by both versions. Sections whose label is not settled are left out of everything."""
    rows, labels = settled(pages), compared_labels(first, second)
    both = [
        {kind: answers.of(rows) for kind, answers in judge(model, pages, labels).items()} for model in (first, second)
    ]
    kinds = list(both[0])
    said = [[labels[number] for number in answers["in_page"].said.tolist()] for answers in both]
    places = [
        (page, number, label, text)
        for page in pages
        for number, (text, label) in enumerate(zip(page.texts, page.labels, strict=True), 1)
        if label is not None
    ]
    flipped = [
        (page, Flip(page.id, number, label, before, after, excerpt(text)))
        for (page, number, label, text), before, after in zip(places, *said, strict=True)
        if before != after
    ]
    return Comparison(
        first.version,
        second.version,
        len(pages),
        int(rows.sum()),
        {kind: (figures_of(both[0][kind]), figures_of(both[1][kind])) for kind in kinds},
        {kind: leads_of(both[1][kind], both[0][kind]) for kind in kinds},
        labels,
        (by_label(both[0]["in_page"])["by_label"], by_label(both[1]["in_page"])["by_label"]),
        [_explained(flip, page, first, second) for page, flip in flipped[:EXPLAINED]]
        + [flip for _, flip in flipped[EXPLAINED:]],
    )


def _explained(flip: Flip, page: Page, first: Model, second: Model) -> Flip:
    """The flip with the words that pulled in each version."""
    return replace(flip, why_first=_words(first, page, flip.section), why_second=_words(second, page, flip.section))


def _words(model: Model, page: Page, section: int) -> tuple[str, ...]:
    (results,) = model.classify_pages([split_given(page.texts)], evidence=True)
    return tuple(word.text for word in results[section - 1].evidence[:WORDS])
