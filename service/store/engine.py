"""Opening the database: SQLite in WAL mode unless LANMU_DATABASE_URL names PostgreSQL."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from service.store.migrate import IMMEDIATE, migrate

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another one."""

CONNECT_TIMEOUT_S = 10
"""How long a PostgreSQL server may take to answer a new connection."""

IDLE_TIMEOUT_MS = 60_000
"""After so long PostgreSQL ends the transaction of a process that was stopped in its middle, and frees its rows."""


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


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write. On SQLite it waits for its turn here, and cannot fail later for want of it."""
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        yield connection


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(parsed)
    else:
        engine = create_engine(parsed, pool_pre_ping=True, connect_args=_patience(parsed))
        event.listen(engine, "connect", _limit_waits)
    _forget_connections_in_children(engine)
    return engine


def _sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _patience(url: URL) -> dict[str, int]:
    return {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT_S}


def _limit_waits(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Set up one PostgreSQL connection: nobody waits for ever, and a stopped process holds nobody up for ever."""
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute(f"SET idle_in_transaction_session_timeout = {IDLE_TIMEOUT_MS}")
    cursor.close()
    connection.commit()


def _prepare(connection: Any, _entry: ConnectionPoolEntry) -> None:
    """Set up one SQLite connection. `isolation_level = None` leaves BEGIN to us: Python would not begin before DDL.

    FULL has what was answered with "stored" last through a power cut, for one sync to disk with each change.
    """
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _forget_connections_in_children(engine: Engine) -> None:
    """A forked process opens its own connections; the parent's must not be used, nor closed, not even as garbage."""
    opened = weakref.ref(engine)
    untouched = []

    def forget() -> None:
        if (inherited := opened()) is not None:
            untouched.append(inherited.pool)
            inherited.dispose(close=False)

    os.register_at_fork(after_in_child=forget)
