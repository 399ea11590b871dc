"""The dates that a person must keep, and the reminders they asked for.

A reminder is a row of the outbox. What falls due is told by `bot/notices.py` where the person is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, RowMapping, String, Table, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, Json, UnitOfWork, inserted_id, metadata

REMIND_AT = time(9)
"""Time of day of a reminder, in Europe/Zurich."""
REMIND_BEFORE = (timedelta(days=7), timedelta(days=2))
"""How long before the safe date."""
REMINDER = "reminder"
"""Kind of the outbox row."""

due_dates = Table(
    "due_dates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("matter", String(32), nullable=False),
    Column("about", Json, nullable=False),
    Column("safe", Date, nullable=False),
    Column("deadline", Date, nullable=False),
    UniqueConstraint("session_id", "key"),
    sqlite_autoincrement=True,
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("due_date_id", ForeignKey("due_dates.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("outbox_id", Integer, nullable=False),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class DueDate:
    """A date to keep.

    Args:
        id: Its number.
        session_id: Whose it is.
        matter: What is due: opposition, job searches, …
        about: What tells it from others of the same matter, such as the month; JSON values.
        safe: The date to advise, in Switzerland.
        deadline: Latest date that is not contested.
    """

    id: int
    session_id: str
    matter: str
    about: Mapping[str, Any]
    safe: date
    deadline: date


async def note(
    work: UnitOfWork, session_id: str, key: str, matter: str, about: Mapping[str, Any], safe: date, deadline: date
) -> DueDate:
    """Puts a date into the agenda, in place of the one with the same key.

    A date that has moved takes its reminders along.

    Args:
        key: Names the date within the session, e.g. the id of the draft that it was computed from.
    """
    query = select(due_dates).where(due_dates.c.session_id == session_id, due_dates.c.key == key)
    known = (await work.connection.execute(query)).mappings().one_or_none()
    row: dict[str, Any] = {"session_id": session_id, "key": key, "matter": matter, "about": dict(about)}
    row |= {"safe": safe, "deadline": deadline}
    if known is None:
        result = await work.connection.execute(due_dates.insert().values(**row))
        return _due_date({"id": inserted_id(result), **row})
    await work.connection.execute(due_dates.update().where(due_dates.c.id == known["id"]).values(**row))
    moved = _due_date({"id": known["id"], **row})
    if known["safe"] != safe and await _has_reminders(work, moved):
        await remind(work, moved)
    return moved


async def coming(connection: AsyncConnection, session_id: str, today: date) -> tuple[DueDate, ...]:
    """The dates of a session whose deadline has not passed, the next one first; the same date only once."""
    query = select(due_dates).where(due_dates.c.session_id == session_id, due_dates.c.deadline >= today)
    rows = (await connection.execute(query.order_by(due_dates.c.safe, due_dates.c.id))).mappings()
    different = {(row["matter"], row["safe"], *sorted(row["about"].items())): row for row in rows}
    return tuple(_due_date(row) for row in different.values())


async def all_of(connection: AsyncConnection, session_id: str) -> tuple[DueDate, ...]:
    """All dates of a session, the earliest first, also those that have passed."""
    query = select(due_dates).where(due_dates.c.session_id == session_id).order_by(due_dates.c.safe, due_dates.c.id)
    return tuple(_due_date(row) for row in (await connection.execute(query)).mappings())


async def find(connection: AsyncConnection, due_date_id: int) -> DueDate | None:
    """A date by its number; None when it is gone."""
    row = (await connection.execute(select(due_dates).where(due_dates.c.id == due_date_id))).mappings().one_or_none()
    return _due_date(row) if row else None


async def remind(work: UnitOfWork, due: DueDate) -> tuple[datetime, ...]:
    """Sets the reminders of a date that still lie ahead, in place of those it had.

    Returns:
        When they come, in Europe/Zurich; none when it is too late for any.
    """
    await forget_reminders(work, [due])
    ahead = times_ahead(due)
    for at in ahead:
        payload = {"session": due.session_id, "due_date": due.id, "at": at.isoformat()}
        row_id = await outbox.put(work, REMINDER, f"chat:{due.session_id}", payload, at)
        await work.connection.execute(reminders.insert().values(due_date_id=due.id, at=at, outbox_id=row_id))
        work.effect("set_reminder", at=at.isoformat(), matter=due.matter)
    return ahead


def times_ahead(due: DueDate) -> tuple[datetime, ...]:
    """When reminders of a date can still come, in Europe/Zurich."""
    times = (datetime.combine(due.safe - before, REMIND_AT, tzinfo=clock.ZONE) for before in REMIND_BEFORE)
    return tuple(at for at in times if at > clock.now())


async def reminders_of(connection: AsyncConnection, dues: Iterable[DueDate]) -> Mapping[int, Sequence[datetime]]:
    """When the reminders of these dates come that lie ahead, by the number of the date; the next one first."""
    query = select(reminders).where(reminders.c.due_date_id.in_([due.id for due in dues]), reminders.c.at > clock.now())
    found: dict[int, list[datetime]] = {}
    for row in (await connection.execute(query.order_by(reminders.c.at))).mappings():
        found.setdefault(row["due_date_id"], []).append(row["at"].astimezone(clock.ZONE))
    return found


async def has_newer_reminder(connection: AsyncConnection, due: DueDate, at: datetime) -> bool:
    """Whether a later reminder of this date has fallen due by now, so that the one of `at` says nothing new."""
    later = (reminders.c.due_date_id == due.id, reminders.c.at > at, reminders.c.at <= clock.now())
    return (await connection.execute(select(reminders.c.id).where(*later).limit(1))).one_or_none() is not None


async def stop_reminders(work: UnitOfWork, session_id: str) -> int:
    """Withdraws all reminders of a session.

    Returns:
        How many will not come any more.
    """
    rows = (await work.connection.execute(select(due_dates).where(due_dates.c.session_id == session_id))).mappings()
    return await forget_reminders(work, [_due_date(row) for row in rows])


async def forget_reminders(work: UnitOfWork, dues: Iterable[DueDate]) -> int:
    """Withdraws the reminders of these dates.

    Returns:
        How many will not come any more.
    """
    of_these = reminders.c.due_date_id.in_([due.id for due in dues])
    withdrawn = 0
    for row in (await work.connection.execute(select(reminders).where(of_these))).mappings().all():
        if await outbox.cancel(work, row["outbox_id"]):
            withdrawn += 1
            work.effect("cancel_reminder", at=row["at"].astimezone(clock.ZONE).isoformat())
    await work.connection.execute(delete(reminders).where(of_these))
    return withdrawn


async def _has_reminders(work: UnitOfWork, due: DueDate) -> bool:
    """Whether the person asked for reminders of a date, told by now or not."""
    query = select(reminders.c.id).where(reminders.c.due_date_id == due.id).limit(1)
    return (await work.connection.execute(query)).one_or_none() is not None


def _due_date(row: Mapping[str, Any] | RowMapping) -> DueDate:
    return DueDate(row["id"], row["session_id"], row["matter"], row["about"], row["safe"], row["deadline"])
