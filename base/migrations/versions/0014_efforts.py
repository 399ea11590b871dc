"""What a submission is about, and what the gateway calls what it made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("subject", sa.String(36)))
        submissions.add_column(sa.Column("made", sa.String(40)))
        submissions.create_index("ix_submissions_subject", ["subject"])
