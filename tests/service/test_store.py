"""The database: opened by many at once, and its schema held to the tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from service.store import StoreError, open_store
from service.store.tables import Base
from tests.service.server_process import ROOT

OPEN = "import sys; from service.store import open_store; open_store(sys.argv[1])"


def test_migrations_make_the_tables(tmp_path: Path) -> None:
    """After all migrations the schema is that of the tables."""
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    engine.dispose()

    assert differences == []


def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    """SQLite runs in WAL mode, so readers do not wait for a writer."""
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")

    with engine.connect() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar()
    engine.dispose()

    assert mode == "wal"


def test_several_processes_may_open_a_new_database_at_once(tmp_path: Path) -> None:
    """One of them migrates, the others wait; none fails."""
    url = f"sqlite:///{tmp_path / 'new' / 'lanmu.db'}"

    opening = [subprocess.Popen([sys.executable, "-c", OPEN, url], cwd=ROOT) for _ in range(4)]

    assert [process.wait(60) for process in opening] == [0, 0, 0, 0]


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """The message says where the database is and which setting to look at."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match=r"file/lanmu\.db.*LANMU_DATA_DIR"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'lanmu.db'}")
