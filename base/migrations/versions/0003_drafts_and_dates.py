"""Drafts, dates with their reminders, files beside messages."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant, Json

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("attachments", Json, nullable=False, server_default="[]"))
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("session_id", sa.String(36), _to("chat_sessions.id"), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("finished", sa.Boolean, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Index("ix_drafts_session_id_updated_at", "session_id", "updated_at"),
    )
    op.create_table(
        "due_dates",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("session_id", sa.String(36), _to("chat_sessions.id"), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("matter", sa.String(32), nullable=False),
        sa.Column("about", Json, nullable=False),
        sa.Column("safe", sa.Date, nullable=False),
        sa.Column("deadline", sa.Date, nullable=False),
        sa.UniqueConstraint("session_id", "key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("due_date_id", sa.Integer, _to("due_dates.id"), nullable=False, index=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outbox_id", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )


def _to(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")


def downgrade() -> None:
    for table in ("reminders", "due_dates", "drafts"):
        op.drop_table(table)
    op.drop_column("messages", "attachments")
