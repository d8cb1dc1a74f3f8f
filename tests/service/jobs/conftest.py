"""One database for all tests of a module, emptied before each: making one takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, delete

from service.jobs import Jobs
from service.jobs.claims import Claims
from service.store import open_store, writing
from service.store.tables import JOB_LOGS, JOBS
from tests.service.databases import BACKENDS, database
from tests.service.jobs.claiming import LEASE_S


@pytest.fixture(scope="module", params=BACKENDS)
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the database, on SQLite and on PostgreSQL."""
    with database(request.param, tmp_path_factory.mktemp("database")) as url:
        yield url


@pytest.fixture(scope="module")
def shared_store(shared_url: str) -> Iterator[Engine]:
    """The database with its tables."""
    engine = open_store(shared_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(shared_store: Engine) -> Engine:
    """The same without a job in it."""
    with writing(shared_store) as connection:
        connection.execute(delete(JOB_LOGS))
        connection.execute(delete(JOBS))
    return shared_store


@pytest.fixture
def jobs(store: Engine) -> Jobs:
    """The jobs, none at first."""
    return Jobs(store)


@pytest.fixture
def first(store: Engine) -> Claims:
    """A worker with a short lease that does not wait between tries."""
    return Claims(store, "first", LEASE_S, retry_s=0)


@pytest.fixture
def second(store: Engine) -> Claims:
    """Another one."""
    return Claims(store, "second", LEASE_S, retry_s=0)
