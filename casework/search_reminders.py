"""Reminders of a month's job searches: on the 25th, and on the 1st, 3rd and 5th after it.

They belong to a date of the agenda, so that the word that stops all reminders stops these; whether one says something
depends on what is missing when it falls due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import UnitOfWork
from casework import agenda
from casework.agenda import due_dates
from eservices.models.common import month_of
from eservices.models.common import period_of as written
from law.periods import Month, job_searches_due

MATTER = "job_searches"
_KEY = "searches:"
_DAY_BEFORE_END, _DAYS_AFTER = 25, (1, 3, 5)


async def remind(work: UnitOfWork, session_id: str, period: str) -> None:
    """Sets the reminders of a month that still lie ahead; those that were set before stay so, or stay stopped."""
    mine = (due_dates.c.session_id == session_id, due_dates.c.key == f"{_KEY}{period}")
    is_known = (await work.connection.execute(select(due_dates.c.id).where(*mine))).one_or_none() is not None
    if not is_known:
        await agenda.remind(work, await _noted(work, session_id, period), tuple(_times(month_of(period))))


async def go_on(work: UnitOfWork, session_id: str, period: str) -> None:
    """Sets the reminders of the month after one in which something was entered."""
    await remind(work, session_id, written(month_of(period).later(1)))


async def forget(work: UnitOfWork, session_id: str, period: str) -> None:
    """Withdraws the reminders of a month that is done."""
    await agenda.forget_reminders(work, [await _noted(work, session_id, period)])


async def period_of(connection: AsyncConnection, due_date_id: int) -> str | None:
    """The month whose searches a date is about; None when reminders of it are not those of this module."""
    key = (await connection.execute(select(due_dates.c.key).where(due_dates.c.id == due_date_id))).scalar_one_or_none()
    return key.removeprefix(_KEY) if key is not None and key.startswith(_KEY) else None


async def _noted(work: UnitOfWork, session_id: str, period: str) -> agenda.DueDate:
    due = job_searches_due(month_of(period))
    about = {"month": period, "authority": None}
    return await agenda.note(work, session_id, f"{_KEY}{period}", MATTER, about, due.safe, due.deadline)


def _times(month: Month) -> Iterator[datetime]:
    following = month.later(1).first_day
    days = [month.first_day.replace(day=_DAY_BEFORE_END), *(following.replace(day=day) for day in _DAYS_AFTER)]
    for day in days:
        yield datetime.combine(day, agenda.REMIND_AT, tzinfo=clock.ZONE)
