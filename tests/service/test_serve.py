"""Starting the service as an operator does."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from models.versions import SHIPPED_MODELS
from tests.service.server_process import ServerProcess, free_port, start


def test_it_says_where_it_serves_and_what_to_try(server: ServerProcess) -> None:
    """The first lines are the address and a curl line; the request of that line is answered."""
    first, second = server.output.splitlines()

    _curl, url, _, header, _, body = shlex.split(second.removeprefix("Try: "))
    name, _, value = header.partition(": ")
    answer = server.send("POST", url.removeprefix(first.split()[-1]), body.encode(), {name: value})

    assert first == f"Lanmu serves http://127.0.0.1:{server.port}"
    assert answer.json["results"][0]["label"] == "opinion"


def test_it_says_that_it_labels_nothing(tmp_path: Path) -> None:
    """With a champion that is damaged there is nothing to try: what is wrong stands there instead."""
    registry = shutil.copytree(SHIPPED_MODELS, tmp_path / "registry")
    (weights,) = registry.glob("*/weights.safetensors")
    weights.write_bytes(weights.read_bytes()[:-1])
    with ServerProcess.started(tmp_path, LANMU_MODELS_DIR=str(registry)) as server:
        failing = server.get("/readyz").json["checks"]["model"]

        first, second, third = server.output.splitlines()

        assert first == f"Lanmu serves http://127.0.0.1:{server.port}"
        assert second == f"It labels nothing: {failing}"
        assert "weights.safetensors" in failing
        assert "lanmu models promote" in third


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"LANMU_PORT": "http"}, "LANMU_PORT='http': Input should be a valid integer"),
        ({"LANMU_DATA_DIR": "/dev/null"}, "LANMU_DATA_DIR"),
    ],
    ids=["setting", "folder"],
)
def test_a_wrong_setting_ends_the_start(tmp_path: Path, variables: dict[str, str], message: str) -> None:
    """The service does not start: exit status 2 and a message, no traceback."""
    process = start(tmp_path, free_port(), "service.serve", variables)

    status = process.wait(60)
    said = (tmp_path / "stderr").read_text()

    assert (status, message in said, "Traceback" in said) == (2, True, False)


def test_a_port_in_use_ends_the_start(server: ServerProcess, tmp_path: Path) -> None:
    """A second server on one port gives up and says why."""
    process = start(tmp_path, server.port, "service.serve", {})

    assert process.wait(60) != 0
    assert "in use" in (tmp_path / "stderr").read_text()


def test_bound_elsewhere_it_makes_a_key_once(tmp_path: Path) -> None:
    """The first start on 0.0.0.0 prints an admin key; it opens the service, and the second start prints none."""
    everywhere = {"LANMU_HOST": "0.0.0.0", "LANMU_MODELS_DIR": str(tmp_path)}  # noqa: S104 - what is tested
    with ServerProcess.started(tmp_path, **everywhere) as first:
        token = first.output.splitlines()[1]
        statuses = [first.get("/v1/models").status, first.get("/v1/models", **{"X-API-Key": token}).status]

    with ServerProcess.started(tmp_path, **everywhere) as second:
        assert "key" not in second.output
        assert second.get("/v1/models", **{"X-API-Key": token}).status == 200

    assert statuses == [401, 200]


def test_the_servers_files_stay_in_its_folder(server: ServerProcess) -> None:
    """Database, metrics and the folders of jobs stand below the data folder, and nothing else is written there."""
    found = {path.name.partition("-")[0] for path in Path(server.folder, "var").iterdir()}

    assert {"lanmu.db", "metrics"} <= found
    # The worker's first upkeep makes these, sooner or later.
    assert found <= {"lanmu.db", "metrics", "batches", "files", "jobs"}


def test_a_server_that_stops_takes_nothing_from_the_next(tmp_path: Path) -> None:
    """Each keeps its counts in a folder of its own and removes that alone; what a killed one left, the next removes."""
    folders = tmp_path / "var" / "metrics"
    with ServerProcess.started(tmp_path) as first, ServerProcess.started(tmp_path) as second:
        assert 2 == len(list(folders.iterdir()))

        first.stop()

        assert 200 == second.get("/metrics").status
        assert [str(second.process.pid)] == [folder.name.rpartition("-")[2] for folder in folders.iterdir()]
        second.process.kill()
        second.process.wait(30)
    with ServerProcess.started(tmp_path) as third:
        assert [str(third.process.pid)] == [folder.name.rpartition("-")[2] for folder in folders.iterdir()]
