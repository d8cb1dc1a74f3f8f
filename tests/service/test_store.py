"""The database: opened by many at once, and its schema held to the tables."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, select, text

from service.store import StoreError, now, open_store, writing
from service.store.migrate import NEWEST, alembic_config, revision
from service.store.tables import Base
from tests.service.server_process import ROOT

OPEN = "import sys; from service.store import open_store; open_store(sys.argv[1])"
OPEN_AND_TELL = f"{OPEN}; print('alembic' in sys.modules)"


def test_migrations_make_the_tables(store: Engine) -> None:
    """After all migrations the schema is that of the tables."""
    with store.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    assert differences == []


def test_the_newest_migration_is_the_last_one(store: Engine) -> None:
    """What counts as the newest schema, where no migration is looked for, is what all migrations come to."""
    with store.connect() as connection:
        scripts = ScriptDirectory.from_config(alembic_config(connection))

    assert [NEWEST] == scripts.get_heads()
    assert NEWEST == revision(store)


def test_alembic_is_loaded_for_a_migration_alone(store_url: str) -> None:
    """The first process that opens a database migrates it; the next ones are spared Alembic."""
    opened = [
        subprocess.run(
            [sys.executable, "-c", OPEN_AND_TELL, store_url], cwd=ROOT, capture_output=True, check=True, text=True
        )
        for _ in range(2)
    ]

    assert ["True\n", "False\n"] == [process.stdout for process in opened]


def test_a_database_of_an_earlier_version_is_migrated(store_url: str) -> None:
    """Opening it brings it from the first migration to the newest."""
    early = create_engine(store_url)
    with early.connect() as connection, connection.begin():
        command.upgrade(alembic_config(connection), "0001")
    assert "0001" == revision(early)
    early.dispose()

    engine = open_store(store_url)

    assert NEWEST == revision(engine)
    engine.dispose()


def test_the_databases_clock_is_that_of_the_wall(store: Engine) -> None:
    """Seconds since 1970, with fractions."""
    before = time.time()

    with store.connect() as connection:
        moment = connection.execute(select(now())).scalar_one()

    assert before - 1 < moment < time.time() + 1


def test_the_databases_clock_goes_on_in_a_transaction(store: Engine) -> None:
    """A lease that is taken late in a long transaction is as long as any other."""
    with writing(store) as connection:
        first = connection.execute(select(now())).scalar_one()
        time.sleep(0.02)
        second = connection.execute(select(now())).scalar_one()

    assert first < second


def test_sqlite_writes_ahead(tmp_path: Path) -> None:
    """SQLite runs in WAL mode, so readers do not wait for a writer."""
    engine = open_store(f"sqlite:///{tmp_path / 'lanmu.db'}")

    with engine.connect() as connection:
        mode = connection.execute(text("PRAGMA journal_mode")).scalar()
    engine.dispose()

    assert mode == "wal"


def test_several_processes_may_open_a_new_database_at_once(store_url: str) -> None:
    """One of them migrates, the others wait; none fails."""
    opening = [subprocess.Popen([sys.executable, "-c", OPEN, store_url], cwd=ROOT) for _ in range(4)]

    assert [process.wait(60) for process in opening] == [0, 0, 0, 0]


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    """The message says where the database is and which setting to look at."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreError, match=r"file/lanmu\.db.*LANMU_DATA_DIR"):
        open_store(f"sqlite:///{tmp_path / 'file' / 'lanmu.db'}")
