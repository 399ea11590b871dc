"""The outbox finds the first row of each key by an index: without it, a claim costs the square of what waits."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORDER = "ix_outbox_state_key_due_at_id"


def upgrade() -> None:
    op.create_index(ORDER, "outbox", ["state", "key", "due_at", "id"])
    op.drop_index("ix_outbox_state", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_state", "outbox", ["state"])
    op.drop_index(ORDER, "outbox")
