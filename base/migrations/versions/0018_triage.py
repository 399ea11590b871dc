"""What a case carries for whoever works on it, what was done with it, and answers that are written once."""

import sqlalchemy as sa
from alembic import op

from base.database import Instant, Json

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


KEEPS_NUMBERS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    given = _last_case_number()
    with op.batch_alter_table("cases", table_kwargs=KEEPS_NUMBERS) as cases:
        cases.add_column(sa.Column("chat_id", sa.String(36)))
        cases.create_foreign_key(
            "fk_cases_chat_id_chat_sessions", "chat_sessions", ["chat_id"], ["id"], ondelete="SET NULL"
        )
        cases.add_column(sa.Column("channel", sa.String(16)))
        cases.add_column(sa.Column("office", sa.String(16), nullable=False, server_default="orp"))
        cases.add_column(sa.Column("cause", sa.String(24), nullable=False, server_default="asked"))
        cases.add_column(sa.Column("rank", sa.Integer, nullable=False, server_default="1"))
        cases.add_column(sa.Column("act_by", sa.Date, nullable=False, server_default="9999-12-31"))
        cases.add_column(sa.Column("waiting_since", Instant))
        cases.add_column(sa.Column("time_limit", Json))
        cases.add_column(sa.Column("summary", Json, nullable=False, server_default="[]"))
        cases.add_column(sa.Column("needs", Json, nullable=False, server_default="[]"))
        cases.add_column(sa.Column("files", Json, nullable=False, server_default="[]"))
        cases.add_column(sa.Column("labels", Json, nullable=False, server_default="[]"))
        cases.add_column(sa.Column("words", sa.Text, nullable=False, server_default=""))
        cases.add_column(sa.Column("agent", sa.String(64)))
        cases.add_column(sa.Column("agent_name", sa.String(120)))
        cases.add_column(sa.Column("is_live", sa.Boolean, nullable=False, server_default=sa.false()))
        cases.add_column(sa.Column("version", sa.Integer, nullable=False, server_default="1"))
        cases.add_column(sa.Column("snoozed_until", Instant))
        cases.add_column(sa.Column("outcome", sa.String(24)))
        cases.add_column(sa.Column("code_hash", sa.String(64)))
        cases.create_index("ix_cases_chat_id", ["chat_id"])
        cases.create_index("ix_cases_code_hash", ["code_hash"])
        cases.create_index("ix_cases_state", ["state", "rank", "act_by", "waiting_since", "id"])
    op.execute("UPDATE cases SET rank = 0, cause = 'crisis' WHERE urgency = 'immediate'")
    op.execute("UPDATE cases SET waiting_since = opened_at")
    op.execute("UPDATE cases SET state = 'resolved', outcome = 'answered' WHERE state = 'closed'")
    with op.batch_alter_table("cases", table_kwargs=KEEPS_NUMBERS) as cases:
        cases.alter_column("waiting_since", existing_type=Instant(), nullable=False)
        cases.drop_column("urgency")
    _give_no_number_again(given)
    op.create_table(
        "case_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", Instant, nullable=False, index=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("agent", sa.String(64)),
        sa.Column("agent_name", sa.String(120)),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("client_id", sa.String(100)),
        sa.Column("details", Json, nullable=False),
        sa.UniqueConstraint("case_id", "client_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "canned_answers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("office", sa.String(16)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("changed_by", sa.String(120), nullable=False),
        sqlite_autoincrement=True,
    )


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
