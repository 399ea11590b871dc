"""What people agreed to."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("session_id", sa.String(36), sa.ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("given_at", Instant, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("consents")
