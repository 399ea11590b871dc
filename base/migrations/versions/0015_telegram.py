"""Which Telegram chat a conversation is in, and what was sent there."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telegram_chats",
        sa.Column("chat_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "session_id",
            sa.String(36),
            sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("blocked_at", Instant),
    )
    op.create_table(
        "telegram_parts",
        sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.Integer, primary_key=True),
        sa.Column("telegram_id", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "telegram_albums",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column(
            "session_id",
            sa.String(36),
            sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("album", sa.String(64), nullable=False),
        sa.Column("file_id", sa.String(36), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("is_taken", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("telegram_albums")
    op.drop_table("telegram_parts")
    op.drop_table("telegram_chats")
