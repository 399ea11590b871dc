"""Reminders that belong to no date, and such as come again."""

import sqlalchemy as sa
from alembic import op

from base.database import Json

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEEPS_NUMBERS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    with op.batch_alter_table("reminders", table_kwargs=KEEPS_NUMBERS) as reminders:
        reminders.add_column(sa.Column("session_id", sa.String(36)))
        reminders.add_column(sa.Column("key", sa.String(64)))
        reminders.add_column(sa.Column("matter", sa.String(32)))
        reminders.add_column(sa.Column("about", Json))
        reminders.add_column(sa.Column("repeats", sa.String(16)))
        reminders.add_column(sa.Column("day_of_month", sa.Integer))
        reminders.add_column(sa.Column("until", sa.Date))
        reminders.alter_column("due_date_id", existing_type=sa.Integer, nullable=True)
        reminders.create_foreign_key(
            "fk_reminders_session_id_chat_sessions", "chat_sessions", ["session_id"], ["id"], ondelete="CASCADE"
        )
        reminders.create_index("ix_reminders_session_id", ["session_id"])
        reminders.create_index("ix_reminders_outbox_id", ["outbox_id"])
    _take_over_from_dates()
    with op.batch_alter_table("reminders", table_kwargs=KEEPS_NUMBERS) as reminders:
        reminders.alter_column("session_id", existing_type=sa.String(36), nullable=False)
        reminders.alter_column("matter", existing_type=sa.String(32), nullable=False)
        reminders.alter_column("about", existing_type=Json, nullable=False)


def _take_over_from_dates() -> None:
    """Until now every reminder belonged to a date, which says whose it is and of what."""
    reminders = sa.table("reminders", sa.column("due_date_id"), sa.column("session_id"), sa.column("matter"))
    dates = sa.table("due_dates", sa.column("id"), sa.column("session_id"), sa.column("matter"))
    for name in ("session_id", "matter"):
        known = sa.select(dates.c[name]).where(dates.c.id == reminders.c.due_date_id).scalar_subquery()
        op.execute(reminders.update().values({name: known}))
    op.execute(sa.table("reminders", sa.column("about", Json)).update().values(about={}))


def downgrade() -> None:
    op.execute("DELETE FROM reminders WHERE due_date_id IS NULL")
    with op.batch_alter_table("reminders", table_kwargs=KEEPS_NUMBERS) as reminders:
        reminders.drop_index("ix_reminders_outbox_id")
        reminders.drop_index("ix_reminders_session_id")
        reminders.drop_constraint("fk_reminders_session_id_chat_sessions", type_="foreignkey")
        for name in ("session_id", "key", "matter", "about", "repeats", "day_of_month", "until"):
            reminders.drop_column(name)
        reminders.alter_column("due_date_id", existing_type=sa.Integer, nullable=False)
