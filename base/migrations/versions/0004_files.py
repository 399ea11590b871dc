"""Files that people send, encrypted."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("session_id", sa.String(36), sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("delete_at", Instant),
        sa.Column("deleted_at", Instant),
        sa.Column("name", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary),
        sa.Column("key", sa.LargeBinary),
        sa.Column("key_wrapped_by", sa.String(16), index=True),
    )


def downgrade() -> None:
    op.drop_table("files")
