"""A version is saved whole or not at all."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from models.versions import (
    InvalidVersionError,
    Registry,
    VersionExistsError,
    VersionWriteError,
    read_version,
    weights_hash,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.models.versions.conftest import Save, Start


KEY = b"a key for tests"


def test_what_is_saved_is_what_is_read(save: Save, weights: dict[str, np.ndarray]) -> None:
    """Arrays, metadata and golden answers come back as they were given."""
    opened = read_version(save())

    assert opened.metadata == {
        "created": "2026-11-23T12:00:00+00:00",
        "labels": ["opinion", "none"],
        "version": "first",
    }
    assert opened.golden == [{"text": "显然不妥。", "label": "opinion"}, {"text": "目录", "label": None}]
    for name, array in weights.items():
        assert opened.weights[name].dtype == array.dtype
        assert opened.weights[name].shape == array.shape
        assert np.array_equal(opened.weights[name], array)


def test_the_same_version_is_saved_as_the_same_bytes(
    save: Save, tmp_path: Path, weights: dict[str, np.ndarray]
) -> None:
    """Neither the order of the arrays nor their layout in memory changes a byte of the folder."""
    shuffled = {name: np.asarray(weights[name], order="F") for name in reversed(weights)}

    first = save(key=KEY).rename(tmp_path / "before")
    second = save(key=KEY, weights=shuffled)

    assert {file.name: file.read_bytes() for file in first.iterdir()} == {
        file.name: file.read_bytes() for file in second.iterdir()
    }


def test_the_weights_hash_is_that_of_what_is_read_back(save: Save, weights: dict[str, np.ndarray]) -> None:
    """The hash knows values, types, shapes and names, and nothing of where the arrays lie."""
    assert weights_hash(weights) == weights_hash(read_version(save()).weights)


@pytest.mark.parametrize(
    "change",
    [
        {"scores": np.zeros((6, 4), np.float32)},
        {"scores": np.linspace(-2, 2, 24, dtype=np.float32).reshape(4, 6)},
        {"buckets": np.arange(7, dtype=np.int32)},
        {"more": np.zeros(0)},
    ],
    ids=["value", "shape", "type", "name"],
)
def test_the_weights_hash_tells_weights_apart(weights: dict[str, np.ndarray], change: dict[str, np.ndarray]) -> None:
    """A change of any value, shape, type or name changes the hash."""
    assert weights_hash(weights) != weights_hash({**weights, **change})


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ({"weights": {"w": np.array([None, "x"])}}, r"weights\.safetensors: array 'w' has dtype object"),
        ({"weights": {"w": np.array([np.nan])}}, r"first.weights\.safetensors: array 'w' holds NaN or infinity"),
        ({"metadata": {"a": object()}}, r"model\.json: would not be JSON"),
        ({"golden": [{"text": "\ud800"}]}, r"golden\.jsonl: would not be JSON"),
    ],
    ids=["object dtype", "NaN", "metadata", "golden"],
)
def test_what_could_not_be_read_is_not_saved(save: Save, tmp_path: Path, part: dict[str, Any], reason: str) -> None:
    """Content that a reader would refuse is refused by the writer, and nothing of it stays."""
    with pytest.raises(InvalidVersionError, match=reason):
        save(**part)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "", ".hidden", "a/b", "a\0", "x" * 65, "版本"])
def test_a_name_that_is_no_plain_name_is_refused(save: Save, tmp_path: Path, name: str) -> None:
    """A version's name can lead nowhere but into its parent."""
    with pytest.raises(VersionWriteError, match="cannot name a version"):
        save(name)

    assert list(tmp_path.iterdir()) == []


def test_an_extra_file_cannot_take_the_place_of_a_required_one(save: Save) -> None:
    """The names of the version's own files are taken."""
    with pytest.raises(VersionWriteError, match="'MANIFEST' cannot be an extra file"):
        save(extra={"MANIFEST": b""})


def test_a_version_is_never_overwritten(save: Save) -> None:
    """A name that is taken stays with what has it."""
    folder = save(golden=[{"n": 1}])

    with pytest.raises(VersionExistsError, match=r"version 'first' is in .* already"):
        save(golden=[{"n": 2}])

    assert read_version(folder).golden == [{"n": 1}]


FILL_DISK = """
import os, sys
import numpy as np
from pathlib import Path
from models.versions import VersionWriteError, write_version
try:
    write_version(Path(sys.argv[1]), "large", weights={"w": np.ones(100_000)}, metadata={}, golden=[])
except VersionWriteError as error:
    print(error, os.listdir(sys.argv[1]))
"""


def test_a_write_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    """Where the disk is full, the error says so and what was written so far is removed."""
    own_mounts = ["unshare", "--map-root-user", "--mount"]
    small_disk = f"mount -t tmpfs -o size=300k small {shlex.quote(str(tmp_path))}"
    if subprocess.run([*own_mounts, "sh", "-c", small_disk], capture_output=True, check=False).returncode:
        pytest.skip("no permission to mount a small disk")
    script = f"{small_disk} && exec {shlex.join([sys.executable, '-c', FILL_DISK, str(tmp_path)])}"

    done = subprocess.run([*own_mounts, "sh", "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == f"version 'large' was not saved in {tmp_path}: No space left on device []\n"


FILL = """
import resource, signal, sys
import numpy as np
from pathlib import Path
from models.versions import VersionWriteError, write_version
# Writing past the limit then fails with an error, as on a full disk, instead of ending the process.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    write_version(Path(sys.argv[1]), "large", weights={"w": np.ones(100_000)}, metadata={}, golden=[])
except VersionWriteError as error:
    print(error)
"""


def test_a_write_that_finds_no_room_leaves_nothing(tmp_path: Path, start: Start) -> None:
    """Where a file cannot be written to its end, the error says so and the registry is as it was."""
    output, errors = start(FILL, tmp_path).communicate(timeout=60)

    assert ("", f"version 'large' was not saved in {tmp_path}: File too large\n") == (errors, output)
    assert list(tmp_path.iterdir()) == []


WRITE_FOR_EVER = """
import itertools, sys
import numpy as np
from pathlib import Path
from models.versions import write_version
for number in itertools.count():
    metadata = {"created": f"{number:06}"}
    write_version(Path(sys.argv[1]), f"v{number}", weights={"w": np.ones(200_000)}, metadata=metadata, golden=[{}])
"""


@pytest.mark.parametrize("delay", [0.001, 0.013, 0.03, 0.055])
def test_a_killed_writer_leaves_whole_versions_only(tmp_path: Path, start: Start, delay: float) -> None:
    """Killed at any moment, a writer leaves versions that open, and nothing else that is listed."""
    registry = Registry(tmp_path)
    writer = start(WRITE_FOR_EVER, tmp_path)
    deadline = time.monotonic() + 60
    while not registry.versions() and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(delay)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    versions = registry.versions()

    assert versions
    assert all(read_version(registry.folder(version)).golden == [{}] for version in versions)


def test_what_a_killed_writer_left_is_swept_up_later(save: Save, tmp_path: Path) -> None:
    """An unfinished version is never listed, and pruning removes it once nobody can be writing it any more."""
    save()
    stale, fresh = tmp_path / ".writing-old-1", tmp_path / ".writing-new-2"
    for folder in (stale, fresh):
        shutil.copytree(tmp_path / "first", folder)
    os.utime(stale, (0, 0))
    registry = Registry(tmp_path)

    registry.prune(5)

    assert registry.versions() == ["first"]
    assert (stale.exists(), fresh.exists()) == (False, True)
