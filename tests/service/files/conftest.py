"""A real server that runs batches, and OpenAI's own SDK pointed at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.service.files.calls import LIMITS, Caller
from tests.service.server_process import ServerProcess


@pytest.fixture(scope="session")
def batch_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The production server with a worker for jobs, and small limits."""
    with ServerProcess.started(tmp_path_factory.mktemp("batches"), LANMU_WORKER="on", **LIMITS) as running:
        yield running


@pytest.fixture(scope="session")
def caller(batch_server: ServerProcess) -> Iterator[Caller]:
    """Whoever calls it, by OpenAI's SDK."""
    with Caller.of(batch_server) as client:
        yield client
