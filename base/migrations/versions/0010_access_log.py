"""Who read or sent something personal."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_id", sa.String(36), sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
        sa.Column("person_id", sa.String(64), index=True),
        sa.Column("at", Instant, nullable=False, index=True),
        sa.Column("actor", sa.String(16), nullable=False),
        sa.Column("agent", sa.String(64)),
        sa.Column("deed", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("object", sa.String(64), nullable=False),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("access_log")
