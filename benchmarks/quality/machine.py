"""What a run was measured with: day, versions, kind of machine. Never the machine's name."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

PACKAGES = ("lanmu", "scikit-learn", "numpy", "scipy", "jieba", "numba", "fasttext-community")


def surroundings() -> dict[str, str]:
    """Day, processor, cores, Python and the versions of packages that are installed."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
    } | {package: version for package in PACKAGES if (version := version_of(package))}


def version_of(package: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return installed(package)
    except PackageNotFoundError:
        return None


def processor() -> str:
    """The processor's name as Linux tells it, or what Python knows elsewhere."""
    file = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", file.read_text(), re.MULTILINE) if file.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
