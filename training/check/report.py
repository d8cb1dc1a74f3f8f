"""The findings on one self-contained page with plots."""

from __future__ import annotations

from training.check.findings import Findings
from training.check.plots import BAR, HEIGHT, WIDTH, bars_of, legend, lines_of
from training.check.tables import promises, tables_of
from training.rendering import render


def page_of(findings: Findings) -> str:
    """The page as HTML: plots, promises and every table in full."""
    points = findings.judged.curve if findings.judged else []
    tested = sorted({point.tested_on for point in points}, reverse=True)
    return render(
        "check.html",
        holds=findings.holds,
        tables=[promises(findings), *tables_of(findings)],
        bars={f"Sections by {counts.by}": bars_of(counts, findings.labels) for counts in findings.counts},
        legend=legend(findings.labels),
        curves={name: lines_of(points, name) for name in tested},
        size={"bar": BAR, "width": WIDTH, "height": HEIGHT},
    )
