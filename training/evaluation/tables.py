"""Figures as tables of words, for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.check.tables import Table
from training.evaluation.ablation import Row
from training.evaluation.comparison import Comparison
from training.evaluation.figures import NAMES, Figure

HEADS = ("macro-F1 with none", "accuracy among labels", "answered", "right", "calibration error")
"""Of the figures in NAMES."""

KINDS = {"alone": "alone", "in_page": "in page"}
SHOWN = 20
"""So many flips are printed for people."""


def evaluated(described: Mapping[str, Any], title: str, note: str) -> list[Table]:
    """The figures, then precision, recall and confusion of each way of judging.

    described : `labels`, and by alone and in_page, figures by name, `by_label` and `confusion`.
    """
    kinds = {kind: described[kind] for kind in KINDS if kind in described}
    rows = [(KINDS[kind], *(_interval(row[name]) for name in NAMES)) for kind, row in kinds.items()]
    figures = Table(title, ("judged", *HEADS), rows, note=note)
    return [figures, *(_by_label(KINDS[kind], described["labels"], row) for kind, row in kinds.items())]


def _by_label(kind: str, labels: Sequence[str], row: Mapping[str, Any]) -> Table:
    """Precision and recall by label, with the answers that each label got. labels : in the order of the confusion."""
    rows = [
        (label, *(f"{row['by_label'][label][name]:.3f}" for name in ("precision", "recall", "f1")), *map(str, counts))
        for label, counts in zip(labels, row["confusion"], strict=True)
    ]
    columns = ("label", "precision", "recall", "F1", *(f"said {label}" for label in labels))
    return Table(f"By label, {kind}", columns, rows)


def ablated(rows: Sequence[Row]) -> list[Table]:
    """A table for each kind of page that was tested on."""
    return [
        _ablated([row for row in rows if row.tested_on == on], on) for on in dict.fromkeys(r.tested_on for r in rows)
    ]


def _ablated(rows: Sequence[Row], tested_on: str) -> Table:
    by_variant = {
        name: {row.judged: row for row in rows if row.variant == name}
        for name in dict.fromkeys(r.variant for r in rows)
    }
    cells = [
        (
            name,
            *(f"{row.figures[figure].value:.3f}" for row in both.values() for figure in ("four_way", "forced")),
            *(_signed(row.leads["four_way"]) for row in both.values()),
        )
        for name, both in by_variant.items()
    ]
    columns = (
        "trained with",
        *(f"{name}, {KINDS[kind]}" for kind in KINDS for name in ("macro-F1", "forced")),
        *(f"macro-F1 against all, {KINDS[kind]}" for kind in KINDS),
    )
    where = "the seeds, out of fold" if tested_on == "seeds" else "the pages given"
    note = "alone: page context off. In brackets: 95 % intervals from resampling pages; what holds 0 is noise."
    return Table(f"Tested on {where}", columns, cells, note=note)


def compared(comparison: Comparison, note: str) -> list[Table]:
    """Figures side by side, kinds of flips, and the first flips."""
    rows = [
        (KINDS[kind], name, _interval(first[figure].described()), _interval(second[figure].described()), _signed(lead))
        for kind, (first, second) in comparison.figures.items()
        for figure, name in zip(NAMES, HEADS, strict=True)
        for lead in [comparison.leads[kind][figure]]
    ]
    columns = ("judged", "figure", comparison.first, comparison.second, "difference")
    title = f"{comparison.sections} sections of {comparison.pages} pages"
    return [
        Table(title, columns, rows, note=note),
        *(_flips(comparison) if comparison.flips else [Table("Flips, in page", (), note="No answer flipped.")]),
    ]


def _flips(comparison: Comparison) -> list[Table]:
    """How many flips there are of each kind, and the first of them."""
    kinds = [(*kind, str(count), str(before), str(after)) for kind, count, before, after in comparison.kinds()]
    flips = [
        (flip.page, str(flip.section), flip.label, flip.first, flip.second, flip.text)
        for flip in comparison.flips[:SHOWN]
    ]
    columns = ("page", "section", "label", comparison.first, comparison.second, "text")
    return [
        Table("Flips, in page", ("from", "to", "sections", "right before", "right after"), kinds),
        Table(f"The first of {len(comparison.flips)} flips", columns, flips),
    ]


def _interval(figure: Mapping[str, float] | float) -> str:
    """A figure with its interval; a bare number where there is none."""
    if not isinstance(figure, Mapping):
        return f"{figure:.3f}"
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f} [{figure.low:+.3f}, {figure.high:+.3f}]"
