"""Reminders of a month's job searches: on the 25th, and on the 1st, 3rd and 5th after it.

They are reminders of the agenda, so that the word that stops those stops these; what they say depends on what is
missing when they fall due.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from base import clock, outbox
from base.database import UnitOfWork
from casework import agenda
from eservices.models.common import month_of
from law.periods import Month, job_searches_due

REMINDER = "searches.remind"
"""Kind of the outbox row."""
MATTER = "job_searches"
_DAY_BEFORE_END, _DAYS_AFTER = 25, (1, 3, 5)


async def remind(work: UnitOfWork, session_id: str, period: str) -> None:
    """Sets the reminders of a month that still lie ahead; those that were set, or stopped, stay so."""
    known = any(
        due.about.get("searches")
        for due in await agenda.all_of(work.connection, session_id)
        if due.about.get("month") == period
    )
    due = await _noted(work, session_id, period)
    if known:
        return
    for at in _times(month_of(period)):
        if at > clock.now():
            payload = {"session": session_id, "period": period, "at": at.isoformat()}
            row_id = await outbox.put(work, REMINDER, f"chat:{session_id}", payload, at)
            await work.connection.execute(agenda.reminders.insert().values(due_date_id=due.id, at=at, outbox_id=row_id))
            work.effect("set_reminder", at=at.isoformat(), matter=MATTER)


async def forget(work: UnitOfWork, session_id: str, period: str) -> None:
    """Withdraws the reminders of a month that is done."""
    await agenda.forget_reminders(work, [await _noted(work, session_id, period)])


async def _noted(work: UnitOfWork, session_id: str, period: str) -> agenda.DueDate:
    """The date in the agenda, under the key that answers give it, so that it stands there once."""
    due_on = job_searches_due(month_of(period))
    about = {"month": period, "authority": None, "searches": True}
    return await agenda.note(work, session_id, f"{MATTER}:{period}", MATTER, about, due_on.safe, due_on.deadline)


def _times(month: Month) -> Iterator[datetime]:
    following = month.later(1).first_day
    days = [month.first_day.replace(day=_DAY_BEFORE_END), *(following.replace(day=day) for day in _DAYS_AFTER)]
    for day in days:
        yield datetime.combine(day, agenda.REMIND_AT, tzinfo=clock.ZONE)
