"""`python -m benchmarks.speed.one_size length|sections N REGISTRY`: time and memory of one size, as JSON."""

from __future__ import annotations

import ctypes
import json
import sys
from pathlib import Path
from statistics import median

from benchmarks.speed.material import Material, long_text, many
from benchmarks.speed.rounds import seconds

AT_A_TIME = 10_000
LEAST_SECONDS = 0.2
MOST_RUNS = 200


def main(kind: str, size: int, registry: Path) -> None:
    """Measure and print."""
    material = Material.load(registry)
    model = material.model
    texts = [long_text(material.texts, size)] if kind == "length" else many(material.texts, size)
    parts = [texts[start : start + AT_A_TIME] for start in range(0, len(texts), AT_A_TIME)]

    def work() -> None:
        for part in parts:
            model.classify(part)

    give_back_freed()
    forget_highest()
    before = resident_kb("VmRSS")
    times = [seconds(work)]
    highest = resident_kb("VmHWM") - before
    while sum(times) < LEAST_SECONDS and len(times) < MOST_RUNS:
        times.append(seconds(work))
    sys.stdout.write(json.dumps({"seconds": median(times), "megabytes": highest * 1024 / 1e6}) + "\n")


def give_back_freed() -> None:
    """Return what the start freed to the system, where glibc can: a call that took it would seem to cost nothing."""
    system = ctypes.CDLL(None)
    if hasattr(system, "malloc_trim"):
        system.malloc_trim(0)


def forget_highest() -> None:
    """Have Linux measure the highest memory from now on."""
    Path("/proc/self/clear_refs").write_text("5")


def resident_kb(name: str) -> int:
    """A figure of this process's memory, in kibibytes, by its name in /proc."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
