"""The database's clock.

Whatever several processes must agree on is timed by it, never by the clock of one of their machines. It is the wall
clock of the PostgreSQL server; SQLite has no server, so there it is that of the one machine that uses the file.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class now(FunctionElement[float]):  # noqa: N801 - a function of SQL
    """Seconds since 1970 by the database's clock, even in the middle of a transaction."""

    type = Double()
    inherit_cache = True


@compiles(now, "sqlite")
def _sqlite_now(_element: now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"  # 1970 began on that Julian day


@compiles(now, "postgresql")
def _postgresql_now(_element: now, _compiler: SQLCompiler, **_options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"
