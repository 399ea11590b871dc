"""What is deleted for its age is counted, and cases can outlive their conversation."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEEPS_NUMBERS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    op.create_table(
        "retention_runs",
        sa.Column("data_class", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.add_column("outbox", sa.Column("settled_at", Instant))
    op.create_index("ix_chat_sessions_created_at", "chat_sessions", ["created_at"])
    given = _last_case_number()
    with op.batch_alter_table("cases", table_kwargs=KEEPS_NUMBERS) as cases:
        cases.alter_column("session_id", existing_type=sa.String(36), nullable=True)
        cases.add_column(sa.Column("closed_at", Instant))
        cases.create_index("ix_cases_closed_at", ["closed_at"])
    _give_no_number_again(given)
    with op.batch_alter_table("submissions") as submissions:
        submissions.add_column(sa.Column("case_id", sa.Integer))
        submissions.create_foreign_key(
            "fk_submissions_case_id_cases", "cases", ["case_id"], ["id"], ondelete="SET NULL"
        )
        submissions.create_index("ix_submissions_case_id", ["case_id"])


def _last_case_number() -> int | None:
    """The highest number that SQLite has given to a case, if any; PostgreSQL remembers it by itself."""
    if op.get_bind().dialect.name != "sqlite":
        return None
    number: int | None = op.get_bind().scalar(sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'cases'"))
    return number


def _give_no_number_again(given: int | None) -> None:
    """SQLite makes the table anew, and would begin after the highest number that is left."""
    if given is not None:
        op.execute("DELETE FROM sqlite_sequence WHERE name = 'cases'")
        insert = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('cases', :seq)")
        op.get_bind().execute(insert, {"seq": given})


def downgrade() -> None:
    with op.batch_alter_table("submissions") as submissions:
        submissions.drop_index("ix_submissions_case_id")
        submissions.drop_constraint("fk_submissions_case_id_cases", type_="foreignkey")
        submissions.drop_column("case_id")
    op.execute("DELETE FROM cases WHERE session_id IS NULL")
    with op.batch_alter_table("cases", table_kwargs=KEEPS_NUMBERS) as cases:
        cases.drop_index("ix_cases_closed_at")
        cases.drop_column("closed_at")
        cases.alter_column("session_id", existing_type=sa.String(36), nullable=False)
    op.drop_index("ix_chat_sessions_created_at", "chat_sessions")
    op.drop_column("outbox", "settled_at")
    op.drop_table("retention_runs")
