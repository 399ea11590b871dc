"""Agents of the helpdesk and their sessions."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant, Json

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "helpdesk_agents",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("signed_in_at", Instant, nullable=False, index=True),
    )
    op.create_table(
        "helpdesk_sessions",
        sa.Column("secret_hash", sa.String(64), primary_key=True),
        sa.Column(
            "agent_id",
            sa.String(36),
            sa.ForeignKey("helpdesk_agents.id", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("helpdesk_sessions")
    op.drop_table("helpdesk_agents")
