"""Whose files and batches are; which versions of the model a job needs; which of its tries brought it forward."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

KEYS = sa.table("api_keys", sa.column("prefix"), sa.column("name"))
FILES = sa.table("files", sa.column("owner"), sa.column("who"))
JOBS = sa.table("jobs", sa.column("id"), sa.column("who"), sa.column("pins", sa.JSON))
BATCHES = sa.table("batches", sa.column("owner"), sa.column("job_id"), sa.column("model"))


def upgrade() -> None:
    """Add the columns, and tell of the rows that are there what their other columns tell.

    What was made before there was any key is nobody's: it is left to keys with the scope `admin`.
    """
    for table in ("files", "batches"):
        op.add_column(table, sa.Column("owner", sa.String(16)))
        op.create_index(f"ix_{table}_owner", table, ["owner", "created_at", "id"])
    op.add_column("jobs", sa.Column("fruitful", sa.Integer, nullable=False, server_default="0"))
    op.add_column("jobs", sa.Column("pins", sa.JSON))
    connection = op.get_bind()
    for prefix, name in connection.execute(sa.select(KEYS.c.prefix, KEYS.c.name)).all():
        who = f"{name} ({prefix})"
        theirs = sa.select(JOBS.c.id).where(JOBS.c.who == who)
        connection.execute(sa.update(FILES).where(FILES.c.who == who).values(owner=prefix))
        connection.execute(sa.update(BATCHES).where(BATCHES.c.job_id.in_(theirs)).values(owner=prefix))
    for job, model in connection.execute(sa.select(BATCHES.c.job_id, BATCHES.c.model)).all():
        connection.execute(sa.update(JOBS).where(JOBS.c.id == job).values(pins=[model]))


def downgrade() -> None:
    """Drop the columns."""
    for column in ("pins", "fruitful"):
        op.drop_column("jobs", column)
    for table in ("batches", "files"):
        op.drop_index(f"ix_{table}_owner", table)
        op.drop_column(table, "owner")
