"""Chat sessions and what was said, trackers, cases, outbox."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from base.database import Instant, Json

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_sessions",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        _session(),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("state", Json, nullable=False),
        sa.Column("debug", Json, nullable=False),
        sa.UniqueConstraint("session_id", "client_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True),
        _session(),
        sa.Column("turn_id", sa.String(36), sa.ForeignKey("turns.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("author", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang", sa.String(16), nullable=False),
        sa.Column("sources", Json, nullable=False),
        sa.Column("choices", Json, nullable=False),
        sa.Index("ix_messages_session_id_id", "session_id", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("value", sa.String(4), nullable=False),
        sa.Column("comment", sa.Text),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "trackers",
        _session(primary_key=True),
        sa.Column("events", Json, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer, primary_key=True),
        _session(index=True),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("transcript", Json, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_attempt_at", Instant, nullable=False),
        sa.Column("lease", sa.String(36)),
        sa.Column("lease_until", Instant),
        sa.Column("last_error", sa.String(500)),
        sa.Column("created_at", Instant, nullable=False),
        sqlite_autoincrement=True,
    )


def _session(**options: Any) -> sa.Column[str]:
    foreign_key = sa.ForeignKey("chat_sessions.id", ondelete="CASCADE")
    return sa.Column("session_id", sa.String(36), foreign_key, nullable=False, **options)


def downgrade() -> None:
    for table in ("outbox", "cases", "trackers", "feedback", "messages", "turns", "chat_sessions"):
        op.drop_table(table)
