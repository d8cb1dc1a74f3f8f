"""The indexes of the tables. Alembic alone asks for them: no process that only reads and writes rows loads this.

The options for one database load SQLAlchemy's dialect of it, two megabytes, whichever database is in use.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from service.store.tables import BATCHES, FILES, JOBS, METADATA, SEEDS

SCHEMA = METADATA
"""All tables, with their indexes."""

ACTIVE = "state IN ('queued', 'running')"
"""The states of a job that is not over, as SQL."""

Index("ix_jobs_next", JOBS.c.state, JOBS.c.kind, JOBS.c.created_at)
# At most one job of a `once` key is waiting or at work, whoever adds it.
Index("ix_jobs_once", JOBS.c.once, unique=True, sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE))

Index("ix_seeds_digest", SEEDS.c.digest)
Index("ix_seeds_unit", SEEDS.c.unit)
Index("ix_seeds_page", SEEDS.c.page)
Index("ix_seeds_group", SEEDS.c.group_id, SEEDS.c.place)

Index("ix_files_created", FILES.c.created_at, FILES.c.id)
Index("ix_files_owner", FILES.c.owner, FILES.c.created_at, FILES.c.id)

Index("ix_batches_created", BATCHES.c.created_at, BATCHES.c.id)
Index("ix_batches_owner", BATCHES.c.owner, BATCHES.c.created_at, BATCHES.c.id)
