"""Reminders that an older version has set still come."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from alembic import command

from base import clock
from base.database import Database, Instant
from base.migrations import configuration
from casework import agenda
from conversations.tables import chat_sessions

BEFORE = "0011"
"""The last revision in which every reminder belonged to a date."""


async def test_reminders_of_dates_are_taken_over(bare_database_url: str) -> None:
    database, at = Database(bare_database_url), datetime(2026, 4, 10, 9, tzinfo=clock.ZONE)
    session = {"id": "s", "token_hash": "h", "channel": "test", "locale": "fr", "created_at": at}
    due = {"session_id": "s", "key": "k", "matter": "objection", "about": {}}
    due |= {"safe": date(2026, 4, 17), "deadline": date(2026, 4, 20)}
    known = sa.table("reminders", sa.column("due_date_id"), sa.column("at", Instant), sa.column("outbox_id"))
    async with database.engine.begin() as connection:
        await connection.run_sync(lambda one: command.upgrade(configuration(one), BEFORE))
        await connection.execute(chat_sessions.insert().values(**session))
        await connection.execute(agenda.due_dates.insert().values(**due))
        await connection.execute(known.insert().values(due_date_id=1, at=at, outbox_id=7))
    await database.migrate()
    async with database.reading() as connection:
        (reminder,) = await agenda.ahead(connection, "s")
        assert await agenda.of_row(connection, 7) == reminder
    assert (reminder.matter, reminder.due_date_id, reminder.at, dict(reminder.about)) == ("objection", 1, at, {})
    await database.close()
