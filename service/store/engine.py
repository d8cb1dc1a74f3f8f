"""Opening the database: SQLite in WAL mode unless LANMU_DATABASE_URL names another."""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from service.store.migrate import IMMEDIATE, migrate

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another one in SQLite."""


class StoreError(RuntimeError):
    """The database cannot be opened; the message says where it is and why."""


def open_store(url: str) -> Engine:
    """The engine for a database that is brought to the newest schema first.

    Several processes may call this at once. Raises StoreError when the database cannot be opened.
    """
    try:
        engine = _engine(url)
        migrate(engine)
    except (SQLAlchemyError, ArgumentError, ImportError, OSError) as error:
        shown = make_url(url).render_as_string(hide_password=True)
        raise StoreError(
            f"The database {shown} cannot be opened: {error}. Check LANMU_DATA_DIR or LANMU_DATABASE_URL."
        ) from error
    return engine


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_pre_ping=not sqlite)
    if sqlite:
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
    _forget_connections_in_children(engine)
    return engine


def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Set up one SQLite connection. `isolation_level = None` leaves BEGIN to us: Python would not begin before DDL."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _forget_connections_in_children(engine: Engine) -> None:
    """A forked worker opens its own connections; the parent's must not be shared nor closed."""
    opened = weakref.ref(engine)

    def forget() -> None:
        if (inherited := opened()) is not None:
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
