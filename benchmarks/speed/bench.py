"""What every part of a run is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.speed.material import Material
from benchmarks.speed.rows import Report
from benchmarks.speed.scale import Scale


@dataclass(frozen=True)
class Bench:
    """One run.

    folder : for whatever is written meanwhile. saved : a folder of saved pages, if any.
    """

    material: Material
    scale: Scale
    folder: Path
    saved: Path | None = None
    report: Report = field(default_factory=Report)

    @property
    def naive(self) -> Path:
        """The file of the trained naive pipeline."""
        return self.folder / "naive.joblib"
