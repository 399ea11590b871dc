"""Logins that end, and what people say of themselves once, to be checked."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was linked before names no subject: who it was logs in once more.
    op.drop_table("links")
    op.create_table(
        "links",
        sa.Column("session_id", sa.String(36), _session(), primary_key=True),
        sa.Column("person_id", sa.String(64), nullable=False, index=True),
        sa.Column("subject_hash", sa.String(64), nullable=False, index=True),
        sa.Column("hashed_by", sa.String(16), nullable=False),
        sa.Column("linked_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False, index=True),
    )
    op.create_table(
        "identifications",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("session_id", sa.String(36), _session(), nullable=False, unique=True),
        sa.Column("subject_hash", sa.String(64), nullable=False),
        sa.Column("hashed_by", sa.String(16), nullable=False),
        sa.Column("subject", sa.LargeBinary, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("key_wrapped_by", sa.String(16), nullable=False),
        sa.Column("expires_at", Instant, nullable=False, index=True),
        sa.Column("check_id", sa.String(36)),
        sa.Column("outcome", sa.String(32)),
    )
    op.create_table(
        "wrong_tries",
        sa.Column("holder", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(36), _session(), index=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("last_at", Instant, nullable=False, index=True),
        sa.Column("locked_until", Instant),
    )


def _session() -> sa.ForeignKey:
    return sa.ForeignKey("chat_sessions.id", ondelete="CASCADE")


def downgrade() -> None:
    for table in ("wrong_tries", "identifications", "links"):
        op.drop_table(table)
    op.create_table(
        "links",
        sa.Column("session_id", sa.String(36), _session(), primary_key=True),
        sa.Column("person_id", sa.String(64), nullable=False, index=True),
        sa.Column("linked_at", Instant, nullable=False),
    )
