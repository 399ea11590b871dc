"""Whose a chat is, and the logins by which that is found out."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("session_id", sa.String(36), _session(), primary_key=True),
        sa.Column("person_id", sa.String(64), nullable=False, index=True),
        sa.Column("linked_at", Instant, nullable=False),
    )
    op.create_table(
        "logins",
        sa.Column("ticket_hash", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(36), _session(), nullable=False, index=True),
        sa.Column("expires_at", Instant, nullable=False, index=True),
        sa.Column("state_hash", sa.String(64), unique=True),
        sa.Column("browser_hash", sa.String(64)),
        sa.Column("ended_at", Instant),
    )


def _session() -> sa.ForeignKey:
    return sa.ForeignKey("chat_sessions.id", ondelete="CASCADE")


def downgrade() -> None:
    for table in ("logins", "links"):
        op.drop_table(table)
