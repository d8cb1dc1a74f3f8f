"""What only a start needed is given back: in a process of its own, as it is done there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import service

RELEASE = """
import json, re
from pathlib import Path
import numpy
from models.compiled import kernel
from service.release import release_files
def resident(name):
    parts = re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text())
    return sum(int(re.search(r"Rss: +(\\d+)", part)[1]) for part in parts if name in part)
@kernel
def doubled(numbers):
    return 2 * numbers
numpy.save("table.npy", numpy.ones(1 << 17))
table = numpy.load("table.npy", mmap_mode="r")
first = [*doubled(numpy.arange(3)).tolist(), table.sum()]
before = [resident(name) for name in ("libllvmlite", "table.npy")]
release_files()
after = [resident(name) for name in ("libllvmlite", "table.npy")]
print(json.dumps([first, [*doubled(numpy.ones(2)).tolist(), table.sum()], before, after]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_what_files_take_is_given_back(tmp_path: Path) -> None:
    """The compiler and a mapped table leave the memory; later a kernel is compiled and the table read all the same."""
    file = tmp_path / "release.py"
    file.write_text(RELEASE, "utf-8")
    environment = {**os.environ, "LANMU_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(Path(service.__file__).parents[1])}

    told = subprocess.check_output([sys.executable, str(file)], cwd=tmp_path, env=environment, text=True)

    first, later, before, after = json.loads(told)
    assert ([0, 2, 4, 131072], [2.0, 2.0, 131072]) == (first, later)
    assert min(before) > 1000
    assert all(10 * now < then for now, then in zip(after, before, strict=True))
