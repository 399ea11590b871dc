"""The dates that a person must keep, and the reminders they asked for.

A reminder is a row of the outbox. What falls due is told by `bot/notices.py` where the person is. It belongs to a date,
or stands alone: on a day that the person named, every month, or until something is there that is waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Integer,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, Json, UnitOfWork, inserted_id, metadata
from law.calendar import ONE_DAY, nth_working_day

REMIND_AT = time(9)
"""Time of day of a reminder, in Europe/Zurich."""
REMIND_BEFORE = (timedelta(days=7), timedelta(days=2))
"""How long before the safe date."""
REMINDER = "reminder"
"""Kind of the outbox row."""
FOLLOWED = timedelta(days=30)
"""How long something is followed that never comes."""

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
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("due_date_id", ForeignKey("due_dates.id", ondelete="CASCADE"), index=True),
    Column("key", String(64)),
    Column("matter", String(32), nullable=False),
    Column("about", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("repeats", String(16)),
    Column("day_of_month", Integer),
    Column("until", Date),
    Column("outbox_id", Integer, nullable=False, index=True),
    sqlite_autoincrement=True,
)


class Repeats(StrEnum):
    """How a reminder comes again."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WORKING_DAYS = "working_days"
    """Every second working day."""


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


@dataclass(frozen=True)
class Reminder:
    """Something that the person is reminded of.

    Args:
        id: Its number.
        session_id: Whose it is.
        matter: What to think of: opposition, job searches, …
        about: What tells it from others of the same matter; JSON values.
        at: When it comes next, in Europe/Zurich.
        repeats: How it comes again.
        day_of_month: On which day of each month, for one that comes monthly; the last one where a month is shorter.
        until: Last day on which it comes again.
        key: What it follows, if anything.
        due_date_id: The date that it belongs to, if any.
    """

    id: int
    session_id: str
    matter: str
    about: Mapping[str, Any]
    at: datetime
    repeats: Repeats | None = None
    day_of_month: int | None = None
    until: date | None = None
    key: str | None = None
    due_date_id: int | None = None

    def next_after(self, moment: datetime) -> datetime | None:
        """When it comes again after a moment, in Europe/Zurich; None when it does not."""
        if self.repeats is None:
            return None
        day, after = self.at.date(), moment.astimezone(clock.ZONE)
        while (again := datetime.combine(day, self.at.time(), tzinfo=clock.ZONE)) <= max(after, self.at):
            day = self._next_day(day)
        return again if self.until is None or day <= self.until else None

    def _next_day(self, day: date) -> date:
        if self.repeats is Repeats.WORKING_DAYS:
            return nth_working_day(day + ONE_DAY, 2)
        if self.repeats is Repeats.WEEKLY:
            return day + relativedelta(weeks=1)
        return day + relativedelta(months=1, day=self.day_of_month or day.day)


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
    if known["safe"] != safe:
        await _move_reminders(work, moved, known["safe"])
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


async def remind(work: UnitOfWork, due: DueDate, times: Sequence[datetime] | None = None) -> tuple[datetime, ...]:
    """Sets the reminders of a date that still lie ahead, in place of those it had.

    Args:
        times: When they come; by default at `REMIND_AT`, as long before the safe date as `REMIND_BEFORE` says.

    Returns:
        When they come, in Europe/Zurich; none when it is too late for any.
    """
    await forget_reminders(work, [due])
    ahead = times_ahead(due) if times is None else tuple(at for at in times if at > clock.now())
    for at in ahead:
        await _put(work, {"session_id": due.session_id, "due_date_id": due.id, "matter": due.matter, "about": {}}, at)
    return ahead


async def set_reminder(
    work: UnitOfWork,
    session_id: str,
    matter: str,
    about: Mapping[str, Any],
    at: datetime,
    *,
    repeats: Repeats | None = None,
) -> int:
    """Sets a reminder that belongs to no date.

    Args:
        at: When it comes first, aware.
        repeats: How it comes again, until it is stopped.

    Returns:
        Its number.
    """
    row: dict[str, Any] = {"session_id": session_id, "matter": matter, "about": dict(about)}
    row["repeats"] = repeats
    if repeats is Repeats.MONTHLY:
        row["day_of_month"] = at.astimezone(clock.ZONE).day
    return await _put(work, row, at)


async def follow(
    work: UnitOfWork,
    session_id: str,
    key: str,
    matter: str,
    about: Mapping[str, Any],
    *,
    by: date | None = None,
) -> tuple[datetime, ...]:
    """Reminds of something that must still come, such as a certificate, until `settle` is called with the same key.

    The reminders come at `REMIND_AT` every second working day, and on the day before `by`. They replace those that were
    set with the key before. Whoever asks to stop all reminders stops them, too, and they end by themselves after
    `FOLLOWED`.

    Args:
        key: Names it within the session, e.g. the number of a submission.
        matter: What to think of; has a title in `actions/deadline/titles.py`.
        about: What tells it from others of the same matter; JSON values.
        by: The date on which it must be there; no reminder of its own when the day before has passed.

    Returns:
        When the first ones come, in Europe/Zurich, in their order.
    """
    await settle(work, session_id, key)
    today = clock.today()
    first = datetime.combine(nth_working_day(today + ONE_DAY, 2), REMIND_AT, tzinfo=clock.ZONE)
    row: dict[str, Any] = {"session_id": session_id, "key": key, "matter": matter, "about": dict(about)}
    await _put(work, row | {"repeats": Repeats.WORKING_DAYS, "until": today + FOLLOWED}, first)
    eve = datetime.combine(by - ONE_DAY, REMIND_AT, tzinfo=clock.ZONE) if by else first
    if eve == first or eve <= clock.now():
        return (first,)
    await _put(work, row, eve)
    return (min(first, eve), max(first, eve))


async def settle(work: UnitOfWork, session_id: str, key: str) -> int:
    """Ends what `follow` began: what was waited for is there, or not needed any more.

    Returns:
        How many reminders will not come any more.
    """
    query = select(reminders).where(reminders.c.session_id == session_id, reminders.c.key == key)
    return await withdraw(work, [_reminder(row) for row in (await work.connection.execute(query)).mappings()])


async def go_on(work: UnitOfWork, reminder: Reminder) -> datetime | None:
    """Sets a reminder that was told for the next time.

    Returns:
        When it comes again, in Europe/Zurich; None when it does not.
    """
    again = reminder.next_after(clock.now())
    if again is not None:
        row_id = await _put_row(work, reminder.session_id, again)
        values = {"at": again, "outbox_id": row_id}
        await work.connection.execute(update(reminders).where(reminders.c.id == reminder.id).values(**values))
    return again


def times_ahead(due: DueDate) -> tuple[datetime, ...]:
    """When reminders of a date can still come, in Europe/Zurich."""
    times = (datetime.combine(due.safe - before, REMIND_AT, tzinfo=clock.ZONE) for before in REMIND_BEFORE)
    return tuple(at for at in times if at > clock.now())


async def has_newer_reminder(connection: AsyncConnection, due: DueDate, at: datetime) -> bool:
    """Whether a later reminder of this date has fallen due by now, so that the one of `at` says nothing new."""
    later = (reminders.c.due_date_id == due.id, reminders.c.at > at, reminders.c.at <= clock.now())
    return (await connection.execute(select(reminders.c.id).where(*later).limit(1))).one_or_none() is not None


async def ahead(connection: AsyncConnection, session_id: str) -> tuple[Reminder, ...]:
    """The reminders of a session that are to come, the next one first."""
    query = select(reminders).where(reminders.c.session_id == session_id, reminders.c.at > clock.now())
    rows = (await connection.execute(query.order_by(reminders.c.at, reminders.c.id))).mappings()
    return tuple(_reminder(row) for row in rows)


async def of_row(connection: AsyncConnection, outbox_id: int) -> Reminder | None:
    """The reminder whose turn a row of the outbox is; None when it was withdrawn or has gone on since."""
    query = select(reminders).where(reminders.c.outbox_id == outbox_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _reminder(row) if row else None


async def stop_reminders(work: UnitOfWork, session_id: str) -> int:
    """Withdraws all reminders of a session.

    Returns:
        How many will not come any more.
    """
    query = select(reminders).where(reminders.c.session_id == session_id)
    return await withdraw(work, [_reminder(row) for row in (await work.connection.execute(query)).mappings()])


async def forget(work: UnitOfWork, due: DueDate) -> None:
    """Takes a date out of the agenda, with its reminders: what was due is done."""
    await forget_reminders(work, [due])
    await work.connection.execute(delete(due_dates).where(due_dates.c.id == due.id))


async def forget_reminders(work: UnitOfWork, dues: Iterable[DueDate]) -> int:
    """Withdraws the reminders of these dates.

    Returns:
        How many will not come any more.
    """
    query = select(reminders).where(reminders.c.due_date_id.in_([due.id for due in dues]))
    return await withdraw(work, [_reminder(row) for row in (await work.connection.execute(query)).mappings()])


async def withdraw(work: UnitOfWork, of_these: Iterable[Reminder]) -> int:
    """Withdraws these reminders.

    Returns:
        How many will not come any more.
    """
    of_these, withdrawn = list(of_these), 0
    chosen = reminders.c.id.in_([one.id for one in of_these])
    rows = (await work.connection.execute(select(reminders.c.id, reminders.c.outbox_id).where(chosen))).all()
    outbox_ids = {row.id: row.outbox_id for row in rows}
    for one in of_these:
        if one.id in outbox_ids and await outbox.cancel(work, outbox_ids[one.id]):
            withdrawn += 1
            work.effect("cancel_reminder", at=one.at.isoformat())
    await work.connection.execute(delete(reminders).where(chosen))
    return withdrawn


async def _move_reminders(work: UnitOfWork, due: DueDate, before: date) -> None:
    """Takes the reminders that the person asked for, told by now or not, along to the new safe date."""
    query = select(reminders).where(reminders.c.due_date_id == due.id)
    known = [_reminder(row) for row in (await work.connection.execute(query)).mappings()]
    if not known:
        return
    if {before - one.at.date() for one in known} <= set(REMIND_BEFORE):
        await remind(work, due)
        return
    days = [(due.safe - (before - one.at.date()), one.at.time()) for one in known]
    await remind(work, due, [datetime.combine(day, hour, tzinfo=clock.ZONE) for day, hour in days])


async def _put(work: UnitOfWork, row: Mapping[str, Any], at: datetime) -> int:
    """A new reminder with its row of the outbox."""
    local = at.astimezone(clock.ZONE)
    row_id = await _put_row(work, row["session_id"], local)
    result = await work.connection.execute(reminders.insert().values(**row, at=local, outbox_id=row_id))
    work.effect("set_reminder", at=local.isoformat(), matter=row["matter"])
    return inserted_id(result)


async def _put_row(work: UnitOfWork, session_id: str, at: datetime) -> int:
    return await outbox.put(work, REMINDER, f"chat:{session_id}", {"session": session_id}, at)


def _due_date(row: Mapping[str, Any] | RowMapping) -> DueDate:
    return DueDate(row["id"], row["session_id"], row["matter"], row["about"], row["safe"], row["deadline"])


def _reminder(row: RowMapping) -> Reminder:
    return Reminder(
        row["id"],
        row["session_id"],
        row["matter"],
        row["about"],
        row["at"].astimezone(clock.ZONE),
        Repeats(row["repeats"]) if row["repeats"] else None,
        row["day_of_month"],
        row["until"],
        row["key"],
        row["due_date_id"],
    )
