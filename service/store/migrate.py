"""Bringing the schema up to date, by Alembic, one process at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text

if TYPE_CHECKING:
    from alembic.config import Config

IMMEDIATE = "lanmu_immediate"
"""Execution option: the transaction takes SQLite's write lock at its start, not at its first write."""

NEWEST = "0005"
"""The last of the migrations: a database that is there needs none, and Alembic is not loaded."""

ADVISORY_LOCK = 0x6C616E6D75
"""The number PostgreSQL knows the lock by: "lanmu" in ASCII."""


def migrate(engine: Engine) -> None:
    """Run the migrations that the database has not seen.

    Everything happens in one transaction that holds a lock, so several workers may start at once: the first migrates,
    the others wait and find nothing to do. A migration that fails leaves the schema as it was.
    """
    if revision(engine) == NEWEST:
        return
    from alembic import command  # noqa: PLC0415 - ten megabytes and a tenth of a second, once in a database's life

    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        _lock(connection)
        command.upgrade(alembic_config(connection), "head")


def revision(engine: Engine) -> str | None:
    """The migration that the database is at, as Alembic notes it; None for a new one."""
    with engine.connect() as connection:
        if not engine.dialect.has_table(connection, "alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for an open connection; there is no alembic.ini."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", "service.store:migrations")
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    """SQLite is locked by BEGIN IMMEDIATE already."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = 0"))  # another's migration may take its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
