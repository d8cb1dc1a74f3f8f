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
def resident():
    parts = re.split(r"(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", Path("/proc/self/smaps").read_text())
    return sum(int(re.search(r"Rss: +(\\d+)", part)[1]) for part in parts if "libllvmlite" in part)
@kernel
def doubled(numbers):
    return 2 * numbers
first = doubled(numpy.arange(3)).tolist()
before = resident()
release_files()
after = resident()
print(json.dumps([first, doubled(numpy.ones(2)).tolist(), before, after]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_what_the_compiler_takes_is_given_back(tmp_path: Path) -> None:
    """Its file leaves the memory, and a kernel is compiled all the same where one is asked for afterwards."""
    file = tmp_path / "release.py"
    file.write_text(RELEASE, "utf-8")
    environment = {**os.environ, "LANMU_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(Path(service.__file__).parents[1])}

    told = subprocess.check_output([sys.executable, str(file)], env=environment, text=True)

    first, later, before, after = json.loads(told)
    assert ([0, 2, 4], [2.0, 2.0]) == (first, later)
    assert 10 * after < before
