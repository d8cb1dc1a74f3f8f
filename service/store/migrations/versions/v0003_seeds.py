"""Seeds that users brought."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of seeds."""
    op.create_table(
        "seeds",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("group_id", sa.String(32), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("page", sa.String(200)),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("register", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("unit", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("on_conflict", sa.String(8)),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("who", sa.String(300), nullable=False),
        sa.Column("added_at", sa.Double, nullable=False),
        sa.Column("withdrawn_by", sa.String(300)),
        sa.Column("withdrawn_at", sa.Double),
        sa.Column("why", sa.String(500)),
    )
    op.create_index("ix_seeds_digest", "seeds", ["digest"])
    op.create_index("ix_seeds_unit", "seeds", ["unit"])
    op.create_index("ix_seeds_page", "seeds", ["page"])
    op.create_index("ix_seeds_group", "seeds", ["group_id", "place"])


def downgrade() -> None:
    """Drop the table of seeds."""
    op.drop_table("seeds")
