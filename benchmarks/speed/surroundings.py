"""What a run was measured with."""

from __future__ import annotations

import platform
import subprocess

from benchmarks.quality.machine import surroundings as of_machine
from benchmarks.quality.machine import version_of

PACKAGES = (
    "flask", "gunicorn", "gevent", "orjson", "fastapi", "uvicorn", "rjieba", "readability-lxml", "trafilatura",
)  # fmt: skip


def surroundings() -> dict[str, str]:
    """Day, machine, memory, and the versions of all that was measured."""
    found = {**of_machine(), "kernel": platform.release().split("-")[0]}
    found |= {package: version for package in PACKAGES if (version := version_of(package))}
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True)  # noqa: S607 - from the path, as a user would
    return found | ({"commit": commit.stdout.strip()} if commit.returncode == 0 else {})
