"""By when a row of the outbox is wanted in the world."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("wanted_by", Instant))


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_column("wanted_by")
