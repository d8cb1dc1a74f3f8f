"""Two versions on the same pages: figures side by side, and every answer that flipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from models.model import Model
from training.check.tables import excerpt
from training.evaluation.figures import Figure, described, figures_of, leads_of
from training.evaluation.pages import Page, judge, settled


@dataclass(frozen=True)
class Flip:
    """A section that two versions answer differently in its page.

    section : its number on the page, from 1. label : what is true. first, second : what each version says.
    """

    page: str
    section: int
    label: str
    first: str
    second: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """What the second version does otherwise than the first.

    figures : by how sections are judged, those of both versions. leads : how far the second is above the first.
    """

    first: str
    second: str
    pages: int
    sections: int
    figures: dict[str, tuple[dict[str, Figure], dict[str, Figure]]]
    leads: dict[str, dict[str, Figure]]
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


def compare_models(first: Model, second: Model, pages: Sequence[Page]) -> Comparison:
    """Judge pages by both versions. Sections whose label is not settled are left out of everything."""
    rows = settled(pages)
    both = [{kind: answers.of(rows) for kind, answers in judge(model, pages).items()} for model in (first, second)]
    kinds = list(both[0])
    said = [[answers["in_page"].labels[number] for number in answers["in_page"].said.tolist()] for answers in both]
    places = [
        (page.id, number, label, text)
        for page in pages
        for number, (text, label) in enumerate(zip(page.texts, page.labels, strict=True), 1)
        if label is not None
    ]
    return Comparison(
        first.version,
        second.version,
        len(pages),
        int(rows.sum()),
        {kind: (figures_of(both[0][kind]), figures_of(both[1][kind])) for kind in kinds},
        {kind: leads_of(both[1][kind], both[0][kind]) for kind in kinds},
        [
            Flip(page, number, label, before, after, excerpt(text))
            for (page, number, label, text), before, after in zip(places, *said, strict=True)
            if before != after
        ],
    )
