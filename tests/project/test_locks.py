"""The lock files: whole, with hashes, and in agreement with pyproject.toml and one another."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

LOCKS = ["requirements.lock", "requirements-service.lock", "requirements-worker.lock", "requirements-build.lock"]
PIN = re.compile(r"^([a-z0-9.-]+)==([^ ;]+)[^\n]*\\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def pins(lock: Path) -> set[tuple[str, str]]:
    """Name and version of each package that the lock file pins with a hash."""
    return {(name, version) for name, version, _ in PIN.findall(lock.read_text("utf-8"))}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_pins_with_hashes_and_nothing_else(root: Path, name: str) -> None:
    """Each line is a comment, or belongs to a package pinned with at least one hash: no index, no address."""
    text = (root / name).read_text("utf-8")

    rest = PIN.sub("", text)

    assert rest != text
    assert [] == [line for line in rest.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize(
    ("name", "extras"),
    [
        pytest.param("requirements-service.lock", [], id="service"),
        pytest.param("requirements-worker.lock", ["training"], id="worker"),
        pytest.param("requirements.lock", ["training", "dev"], id="all"),
    ],
)
def test_a_lock_file_pins_the_versions_of_pyproject(root: Path, name: str, extras: list[str]) -> None:
    """What pyproject.toml asks for is in the lock file, in the same version."""
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] + [line for extra in extras for line in project["optional-dependencies"][extra]]

    locked = pins(root / name)

    assert set() == {tuple(re.sub(r"\[.*\]", "", line).split("==")) for line in wanted} - locked


def test_the_smaller_lock_files_are_parts_of_the_larger(root: Path) -> None:
    """What an image runs is what the tests ran: service within worker within all."""
    everything, worker, service = (pins(root / name) for name in (LOCKS[0], LOCKS[2], LOCKS[1]))

    assert service < worker < everything


def test_the_service_is_locked_without_scikit_learn(root: Path) -> None:
    """The service's packages hold nothing that trains."""
    names = {name for name, _ in pins(root / "requirements-service.lock")}

    assert names.isdisjoint({"joblib", "scikit-learn", "scipy"})
