"""Waiting for a database that does not answer."""

from __future__ import annotations

import time

import structlog
from sqlalchemy.exc import SQLAlchemyError

SHORTEST_S = 0.5
LONGEST_S = 15.0

log = structlog.get_logger()


class Patience:
    """Pauses that grow while the database fails; each failure and the end of all of them are logged."""

    def __init__(self) -> None:
        self._pause = SHORTEST_S
        self._until = 0.0
        self._since: float | None = None

    @property
    def over(self) -> bool:
        """Whether it is time to try again."""
        return time.monotonic() >= self._until

    def begin(self, error: SQLAlchemyError) -> None:
        """Wait, since the database failed."""
        self._since = self._since or time.monotonic()
        self._until = time.monotonic() + self._pause
        reason = str(getattr(error, "orig", None) or error)
        log.warning("database_failed", reason=reason, next_try_in_s=self._pause)
        self._pause = min(2 * self._pause, LONGEST_S)

    def end(self) -> None:
        """The database answers."""
        if self._since is not None:
            log.info("database_answers_again", after_s=round(time.monotonic() - self._since, 1))
        self._since, self._pause = None, SHORTEST_S
