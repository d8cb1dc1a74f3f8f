"""The tables. Their history is in `migrations/versions`; a test holds the two together."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    LargeBinary,
    MetaData,
    Named,
    String,
    Table,
    Text,
    TypedColumns,
    TypeDecorator,
)

METADATA = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite forgets the zone, this puts it back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - given by SQLAlchemy
        """A stored moment, with its zone."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ApiKeyColumns(TypedColumns):
    """A key that was made. Rows stay when a key is revoked: a service that ever had a key never falls open again."""

    prefix: Named[str] = Column(String(16), primary_key=True)
    name: Named[str] = Column(String(200))
    digest: Named[bytes] = Column(LargeBinary(32))
    scopes: Named[list[str]] = Column(JSON)
    created_at: Named[datetime] = Column(UtcDateTime)
    revoked_at: Named[datetime | None] = Column(UtcDateTime)


API_KEYS = Table("api_keys", METADATA, ApiKeyColumns)


class JobColumns(TypedColumns):
    """Work that outlives a request. `service.jobs` is the only one that writes here.

    Moments are seconds since 1970 by the database's clock (`service.store.clock`).

    fruitful, pins : see `service.jobs.job`.
    """

    id: Named[str] = Column(String(32), primary_key=True)
    kind: Named[str] = Column(String(32))
    payload: Named[dict[str, Any]] = Column(JSON)
    once: Named[str | None] = Column(String(200))
    who: Named[str] = Column(String(200))
    state: Named[str] = Column(String(16))
    attempts: Named[int]
    max_attempts: Named[int]
    fruitful: Named[int] = Column(server_default="0")
    token: Named[int] = Column(BigInteger)
    worker: Named[str | None] = Column(String(200))
    lease_s: Named[float | None] = Column(Double)
    lease_until: Named[float | None] = Column(Double)
    ready_at: Named[float] = Column(Double)
    cancel_requested: Named[bool]
    pins: Named[list[str] | None] = Column(JSON(none_as_null=True))
    stage: Named[str | None] = Column(String(200))
    done: Named[int | None] = Column(BigInteger)
    total: Named[int | None] = Column(BigInteger)
    result: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    error: Named[str | None] = Column(Text)
    created_at: Named[float] = Column(Double)
    started_at: Named[float | None] = Column(Double)
    finished_at: Named[float | None] = Column(Double)


JOBS = Table("jobs", METADATA, JobColumns)


class JobLogColumns(TypedColumns):
    """A piece of what a job printed; the pieces of all its tries, in order, are its log."""

    job_id: Named[str] = Column(String(32), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Named[int] = Column(primary_key=True)
    text: Named[str] = Column(Text)


JOB_LOGS = Table("job_logs", METADATA, JobLogColumns)


class SeedColumns(TypedColumns):
    """A labelled section that a user brought. Rows stay when a seed is withdrawn. `service.seeds` alone writes here.

    Ids ascend in the order of adding. Moments are seconds since 1970 by the database's clock.

    group_id : the id of the first section that came with it: the sections of a page have one, in the order of `place`.
    page : the page's name; None for a text that came without one.
    digest : of the folded text. unit : of all labels and texts of the page.
    state : `active`, `waiting` for a decision, or `withdrawn`. on_conflict : what was decided.
    """

    id: Named[str] = Column(String(32), primary_key=True)
    group_id: Named[str] = Column(String(32))
    place: Named[int]
    page: Named[str | None] = Column(String(200))
    text: Named[str] = Column(Text)
    label: Named[str] = Column(String(64))
    subject: Named[str] = Column(String(200))
    register: Named[str] = Column(String(200))
    digest: Named[str] = Column(String(64))
    unit: Named[str] = Column(String(64))
    state: Named[str] = Column(String(16))
    on_conflict: Named[str | None] = Column(String(8))
    source: Named[str] = Column(String(200))
    who: Named[str] = Column(String(300))
    added_at: Named[float] = Column(Double)
    withdrawn_by: Named[str | None] = Column(String(300))
    withdrawn_at: Named[float | None] = Column(Double)
    why: Named[str | None] = Column(String(500))


SEEDS = Table("seeds", METADATA, SeedColumns)


class FileColumns(TypedColumns):
    """A file that was uploaded, or that a batch made. `service.files` is the only one that writes here.

    Moments are seconds since 1970 by the database's clock. stored : its name in the folder of files.
    owner : prefix of the key that sees it; None leaves it to administrators.
    """

    id: Named[str] = Column(String(40), primary_key=True)
    filename: Named[str] = Column(String(255))
    stored: Named[str] = Column(String(80))
    purpose: Named[str] = Column(String(32))
    bytes: Named[int] = Column(BigInteger)
    who: Named[str] = Column(String(300))
    owner: Named[str | None] = Column(String(16))
    created_at: Named[float] = Column(Double)
    expires_at: Named[float] = Column(Double)


FILES = Table("files", METADATA, FileColumns)


class BatchColumns(TypedColumns):
    """A batch over a file, which a job does. `service.files` is the only one that writes here.

    notes : OpenAI's metadata. answered, bad, total : records; total is None until they are counted. labels : how many
    sections got which one. owner : as with files.
    """

    id: Named[str] = Column(String(40), primary_key=True)
    job_id: Named[str] = Column(String(32))
    owner: Named[str | None] = Column(String(16))
    input_file_id: Named[str] = Column(String(40))
    endpoint: Named[str] = Column(String(64))
    completion_window: Named[str] = Column(String(16))
    notes: Named[dict[str, Any] | None] = Column(JSON(none_as_null=True))
    model: Named[str] = Column(String(200))
    policy: Named[dict[str, Any]] = Column(JSON)
    answered: Named[int] = Column(BigInteger)
    bad: Named[int] = Column(BigInteger)
    total: Named[int | None] = Column(BigInteger)
    labels: Named[dict[str, Any]] = Column(JSON)
    output_file_id: Named[str | None] = Column(String(40))
    error_file_id: Named[str | None] = Column(String(40))
    created_at: Named[float] = Column(Double)
    finalizing_at: Named[float | None] = Column(Double)
    cancelling_at: Named[float | None] = Column(Double)


BATCHES = Table("batches", METADATA, BatchColumns)
