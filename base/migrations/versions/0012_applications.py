"""What the gateway said last of people's applications for benefit."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "applications",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("status", sa.String(16)),
        sa.Column("read_at", Instant, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("applications")
