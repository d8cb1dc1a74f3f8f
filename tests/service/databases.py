"""Databases for tests: a file, or one of their own on the PostgreSQL server that LANMU_TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

VARIABLE = "LANMU_TEST_DATABASE_URL"
SERVER = os.environ.get(VARIABLE)
"""Read at once: settings of the person who runs the tests are taken out of the environment later."""

BACKENDS = ["sqlite", "postgresql"]


@contextmanager
def database(backend: str, folder: Path) -> Iterator[str]:
    """The URL of a new, empty database. One on a server is dropped at the end, whoever still uses it."""
    if backend == "sqlite":
        yield f"sqlite:///{folder / 'lanmu.db'}"
        return
    if SERVER is None:
        pytest.skip(f"{VARIABLE} names no PostgreSQL server")
    name = f"lanmu_test_{secrets.token_hex(6)}"
    administer(f'CREATE DATABASE "{name}"')
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def administer(statement: str) -> None:
    """Run one statement on the server, outside of any transaction."""
    engine = create_engine(str(SERVER), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()
