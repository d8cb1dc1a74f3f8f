"""The Dockerfile, built and started step by step where there is no engine."""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.dockerfile import Build, exec_form, read_stages

COMPILED_S = 180
"""Seconds for a program of an image, on a busy machine."""
PACKAGES = {"models", "training", "service"}


@pytest.fixture(scope="module")
def built(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Both images, built."""
    build = Build(read_stages(root / "Dockerfile"), root, tmp_path_factory.mktemp("docker"), root / ".cache/wheels")
    build.build("service")
    build.build("worker")
    return build


def run_in(build: Build, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program of a built image."""
    return subprocess.run(
        arguments,
        cwd=build.top(name) / "data",
        env=build.environment(name),
        capture_output=True,
        text=True,
        check=False,
        timeout=COMPILED_S,
    )


@pytest.fixture(scope="module")
def port() -> int:
    """A free port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def started(built: Build, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The image's own command, running."""
    command = exec_form(built.stages["service"].last("CMD"))
    environment = built.environment("service") | {"LANMU_PORT": str(port), "LANMU_HOST": "127.0.0.1"}
    program = built.top("service") / "usr/local/bin" / command[0]
    with subprocess.Popen([program, *command[1:]], cwd=built.top("service") / "data", env=environment) as process:
        yield process
        process.terminate()
        process.wait(timeout=30)


def test_each_base_is_one_release_of_python(root: Path) -> None:
    """An image from elsewhere is named by an exact release, so that a build tomorrow is the build of today."""
    bases = {stage.base for stage in read_stages(root / "Dockerfile").values() if stage.parent is None}

    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases.pop())


@pytest.mark.parametrize("name", ["service", "worker"])
def test_each_image_runs_as_an_unprivileged_user(root: Path, name: str) -> None:
    """A target that is shipped ends as a user by number, which no system maps to root."""
    stages = read_stages(root / "Dockerfile")

    assert stages[name].last("USER") == "10001:10001"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sklearn", "scipy", "joblib", "pytest"])
def test_the_service_image_holds_only_what_answers(built: Build, name: str) -> None:
    """Nothing that trains or tests can be imported in the service's image."""
    result = run_in(built, "service", "python", "-c", f"import {name}")

    assert f"No module named '{name}'" in result.stderr


@pytest.mark.slow
def test_the_image_holds_every_file_of_the_packages(built: Build, root: Path, tracked: list[Path]) -> None:
    """What the packages keep beside their code (the champion, the lexicon, pages, seeds) is installed with it."""
    wanted = {path.relative_to(root) for path in tracked if path.relative_to(root).parts[0] in PACKAGES}
    installed = next(built.top("service").glob("usr/local/lib/python3.*/site-packages"))

    assert set() == {str(path) for path in wanted if not (installed / path).is_file()}


@pytest.mark.slow
def test_the_worker_image_can_train(built: Build) -> None:
    """The worker's image holds the training command and what it needs."""
    result = run_in(built, "worker", "python", "-c", "import joblib, sklearn, training.cli; print('complete')")

    assert result.stdout == "complete\n", result.stderr


@pytest.mark.slow
@pytest.mark.parametrize("name", ["service", "worker"])
def test_the_compiled_code_is_in_the_image(built: Build, name: str) -> None:
    """An image carries machine code: a container's start has nothing to compile."""
    cache = built.top(name) / "usr/local/var/lanmu"

    assert list(cache.rglob("*.nbc"))


@pytest.mark.slow
def test_the_image_s_command_becomes_ready(built: Build, started: subprocess.Popen[bytes], port: int) -> None:
    """The service starts by the image's own command, and the image's own health check finds it ready."""
    check = [word.replace(":8000/", f":{port}/") for word in exec_form(built.stages["service"].last("HEALTHCHECK"))]
    deadline = time.monotonic() + COMPILED_S

    while (
        (result := run_in(built, "service", *check)).returncode
        and time.monotonic() < deadline
        and started.poll() is None
    ):
        time.sleep(0.5)

    assert result.stderr == ""
    assert result.returncode == 0
