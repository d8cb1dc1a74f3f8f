"""The tables. Their history is in `migrations/versions`; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ACTIVE = "state IN ('queued', 'running')"
"""The states of a job that is not over, as SQL."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        """A stored moment, with its zone."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share."""


class ApiKey(Base):
    """A key that was made. Rows stay when a key is revoked: a service that ever had a key never falls open again."""

    __tablename__ = "api_keys"

    prefix: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobRow(Base):
    """Work that outlives a request. `service.jobs` is the only one that writes here.

    Moments are seconds since 1970 by the database's clock (`service.store.clock`).

    fruitful, pins : see `service.jobs.job`.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    once: Mapped[str | None] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int]
    max_attempts: Mapped[int]
    fruitful: Mapped[int] = mapped_column(server_default="0")
    token: Mapped[int] = mapped_column(BigInteger)
    worker: Mapped[str | None] = mapped_column(String(200))
    lease_s: Mapped[float | None] = mapped_column(Double)
    lease_until: Mapped[float | None] = mapped_column(Double)
    ready_at: Mapped[float] = mapped_column(Double)
    cancel_requested: Mapped[bool]
    pins: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    stage: Mapped[str | None] = mapped_column(String(200))
    done: Mapped[int | None] = mapped_column(BigInteger)
    total: Mapped[int | None] = mapped_column(BigInteger)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[float] = mapped_column(Double)
    started_at: Mapped[float | None] = mapped_column(Double)
    finished_at: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        Index("ix_jobs_next", "state", "kind", "created_at"),
        # At most one job of a `once` key is waiting or at work, whoever adds it.
        Index("ix_jobs_once", "once", unique=True, sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE)),
    )


class JobLogRow(Base):
    """A piece of what a job printed; the pieces of all its tries, in order, are its log."""

    __tablename__ = "job_logs"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class SeedRow(Base):
    """A labelled section that a user brought. Rows stay when a seed is withdrawn. `service.seeds` alone writes here.

    Ids ascend in the order of adding. Moments are seconds since 1970 by the database's clock.

    group_id : the id of the first section that came with it: the sections of a page have one, in the order of `place`.
    page : the page's name; None for a text that came without one.
    digest : of the folded text. unit : of all labels and texts of the page.
    state : `active`, `waiting` for a decision, or `withdrawn`. on_conflict : what was decided.
    """

    __tablename__ = "seeds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    group_id: Mapped[str] = mapped_column(String(32))
    place: Mapped[int]
    page: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    label: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200))
    register: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    unit: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    on_conflict: Mapped[str | None] = mapped_column(String(8))
    source: Mapped[str] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[float] = mapped_column(Double)
    withdrawn_by: Mapped[str | None] = mapped_column(String(300))
    withdrawn_at: Mapped[float | None] = mapped_column(Double)
    why: Mapped[str | None] = mapped_column(String(500))

    __table_args__ = (
        Index("ix_seeds_digest", "digest"),
        Index("ix_seeds_unit", "unit"),
        Index("ix_seeds_page", "page"),
        Index("ix_seeds_group", "group_id", "place"),
    )


class FileRow(Base):
    """A file that was uploaded, or that a batch made. `service.files` is the only one that writes here.

    Moments are seconds since 1970 by the database's clock. stored : its name in the folder of files.
    owner : prefix of the key that sees it; None leaves it to administrators.
    """

    __tablename__ = "files"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    filename: Mapped[str] = mapped_column(String(255))
    stored: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(32))
    bytes: Mapped[int] = mapped_column(BigInteger)
    who: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[float] = mapped_column(Double)
    expires_at: Mapped[float] = mapped_column(Double)

    __table_args__ = (
        Index("ix_files_created", "created_at", "id"),
        Index("ix_files_owner", "owner", "created_at", "id"),
    )


class BatchRow(Base):
    """A batch over a file, which a job does. `service.files` is the only one that writes here.

    notes : OpenAI's metadata. answered, bad, total : records; total is None until they are counted. labels : how many
    sections got which one. owner : as with files.
    """

    __tablename__ = "batches"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    job_id: Mapped[str] = mapped_column(String(32))
    owner: Mapped[str | None] = mapped_column(String(16))
    input_file_id: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(64))
    completion_window: Mapped[str] = mapped_column(String(16))
    notes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    model: Mapped[str] = mapped_column(String(200))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    answered: Mapped[int] = mapped_column(BigInteger)
    bad: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int | None] = mapped_column(BigInteger)
    labels: Mapped[dict[str, Any]] = mapped_column(JSON)
    output_file_id: Mapped[str | None] = mapped_column(String(40))
    error_file_id: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[float] = mapped_column(Double)
    finalizing_at: Mapped[float | None] = mapped_column(Double)
    cancelling_at: Mapped[float | None] = mapped_column(Double)

    __table_args__ = (
        Index("ix_batches_created", "created_at", "id"),
        Index("ix_batches_owner", "owner", "created_at", "id"),
    )
