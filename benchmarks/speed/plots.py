"""The growth of costs and the ratios, drawn as SVG."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed.rows import Growth, Report, Row

os.environ.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir()) / f"lanmu-matplotlib-{os.getuid()}"))

LOGARITHMIC = 10
"""From this ratio of the largest to the smallest size on, axes are logarithmic."""


def draw(report: Report, folder: Path) -> list[Path]:
    """Draw everything into a folder; the files, in order."""
    import matplotlib as mpl  # noqa: PLC0415 - slow to come, and only wanted here

    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "lanmu", "svg.fonttype": "none", "font.size": 9})
    folder.mkdir(parents=True, exist_ok=True)
    files = [_draw_ratios([row for row in report.rows if row.ratio], folder)] if report.rows else []
    return files + [_draw_growth(growth, folder) for growth in report.growths]


def _draw_ratios(rows: Sequence[Row], folder: Path) -> Path:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - the same

    figure, axes = plt.subplots(figsize=(9, 0.34 * len(rows) + 1))
    for place, row in enumerate(reversed(rows)):
        found = row.judged
        reach = [[found.median - found.low], [found.high - found.median]]
        axes.barh(place, found.median, xerr=reach, color="#4477aa", height=0.6, error_kw={"lw": 1})
        if row.target is not None:
            axes.plot([row.target.limit] * 2, [place - 0.4, place + 0.4], color="#cc3311", lw=2)
    axes.set_yticks(range(len(rows)), [f"{row.what}: beside {row.peer}" for row in reversed(rows)], fontsize=7)
    axes.set_xscale("log")
    axes.set_xlabel("ratio of medians (bar), smallest and largest round (line), target (red)")
    return _save(figure, folder / "ratios.svg")


def _draw_growth(growth: Growth, folder: Path) -> Path:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - the same

    figure, axes = plt.subplots(figsize=(5, 3.2))
    for way, costs in growth.costs.items():
        axes.plot(growth.sizes, costs, marker="o", label=way)
    if max(growth.sizes) >= LOGARITHMIC * min(growth.sizes):
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set_xlabel(growth.size)
    axes.set_ylabel(growth.cost)
    axes.set_title(growth.what, fontsize=9)
    axes.legend()
    axes.grid(visible=True, alpha=0.3)
    return _save(figure, folder / (re.sub(r"[^a-z0-9]+", "-", growth.what.lower()) + ".svg"))


def _save(figure: object, file: Path) -> Path:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - the same
    from matplotlib.figure import Figure  # noqa: PLC0415 - the same

    assert isinstance(figure, Figure)  # noqa: S101 - what pyplot gives
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    return file
