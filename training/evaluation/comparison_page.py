"""Two versions side by side on one self-contained page: what got better, what got worse, which sections flipped."""

from __future__ import annotations

from dataclasses import dataclass

from training.evaluation.comparison import Comparison
from training.evaluation.figures import NAMES, Figure
from training.rendering import render

LOWER_IS_BETTER = frozenset({"ece"})
SHOWN = 60
"""So many flips of each kind are shown."""

KINDS = ("worse", "better", "other")


@dataclass(frozen=True)
class Line:
    """One figure of both versions. trend : `better`, `worse`, or `same` where the interval of the lead holds 0."""

    judged: str
    figure: str
    first: Figure
    second: Figure
    lead: Figure
    trend: str


def comparison_page(comparison: Comparison, *, seen: bool) -> str:
    """The page as HTML.

    seen : whether the versions may have learned from the sections that they are compared on.
    """
    return render(
        "comparison.html",
        comparison=comparison,
        seen=seen,
        lines=lines_of(comparison),
        by_label=list(zip(comparison.labels, *(each.values() for each in comparison.by_label), strict=True)),
        flips={kind: [flip for flip in comparison.flips if flip.kind == kind] for kind in KINDS},
        shown=SHOWN,
    )


def lines_of(comparison: Comparison) -> list[Line]:
    """Every figure with what became of it."""
    return [
        Line(judged, name, first[name], second[name], lead, trend_of(name, lead))
        for judged, (first, second) in comparison.figures.items()
        for name in NAMES
        for lead in [comparison.leads[judged][name]]
    ]


def trend_of(name: str, lead: Figure) -> str:
    """Whether a figure got better or worse beyond what other pages might give."""
    if lead.low <= 0 <= lead.high:
        return "same"
    return "better" if (lead.value > 0) != (name in LOWER_IS_BETTER) else "worse"
