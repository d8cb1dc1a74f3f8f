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

from service.jobs import Jobs
from service.keys import Scope, create_key, revoke_key
from service.store import StoreError, now, open_store, writing
from service.store.indexes import SCHEMA
from service.store.migrate import NEWEST, alembic_config, migrate, revision
from tests.service.server_process import ROOT

OLD_ROWS = (
    "INSERT INTO files VALUES (:id, 'a.jsonl', 'a', 'batch', 3, :who, 1, 2)",
    """INSERT INTO jobs
    (id, kind, payload, who, state, attempts, max_attempts, token, ready_at, cancel_requested, created_at)
    VALUES (:id, 'batch', '{}', :who, 'queued', 0, 20, 0, 1, false, 1)""",
    """INSERT INTO batches
    (id, job_id, input_file_id, endpoint, completion_window, model, policy, answered, bad, labels, created_at)
    VALUES (:id, :job, 'a', '/v1/classify', '24h', :model, '{}', 0, 0, '{}', 1)""",
)
"""Rows as they were before migration 0005: a file, a job, a batch."""

OPEN = "import sys; from service.store import open_store; open_store(sys.argv[1])"
OPEN_AND_TELL = f"{OPEN}; print('alembic' in sys.modules)"


def test_migrations_make_the_tables(store: Engine) -> None:
    """After all migrations the schema is that of the tables."""
    with store.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), SCHEMA)

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


def test_rows_made_before_files_had_owners_get_theirs(store_url: str) -> None:
    """The key that made them, revoked or not; what was made without a key has none. Batches pin their versions."""
    engine = open_store(store_url)
    ann, gone = (create_key(engine, name, [Scope.BATCH]).key for name in ("ann", "gone"))
    revoke_key(engine, gone.prefix)
    with writing(engine) as connection:
        command.downgrade(alembic_config(connection), "0004")
        for number, who in enumerate((f"ann ({ann.prefix})", f"gone ({gone.prefix})", "open service")):
            told = {"id": f"{number}", "job": f"{number}", "model": f"v{number}", "who": who}
            for row in OLD_ROWS:
                names = {name: value for name, value in told.items() if f":{name}" in row}
                connection.execute(text(row), names)

    migrate(engine)

    owners = [ann.prefix, gone.prefix, None]
    with engine.connect() as connection:
        for table in ("files", "batches"):
            assert owners == list(connection.scalars(text(f"SELECT owner FROM {table} ORDER BY id")))  # noqa: S608 - ours
    assert {"v0", "v1", "v2"} == Jobs(engine).pinned()
    assert [0, 0, 0] == [job.fruitful for job in Jobs(engine).list()]
    engine.dispose()
