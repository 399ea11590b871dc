"""What is deleted for its age: each night one row of the outbox for each class of data.

How long a class is kept is a setting; docs/operations.md says why. A row deletes in many short transactions, between
which turns are taken, counts what it deleted, and puts the row of the next night. One that was missed, because the
program did not run, is made up for when it runs again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import literal, or_

from actions.handover.opening import transcript
from actions.measures.task import MeasuresTask
from base import clock, deletions, outbox
from base.database import Database, UnitOfWork
from base.outbox import Handler, Item
from base.settings import Settings
from bot.engine.tracker_store import forget_tracker
from casework import access, applications, cases, drafts, submissions
from casework.files import store as files
from conversations import store as conversations
from conversations.tables import chat_sessions

RETENTION = "retention"
"""Kind of the outbox rows."""
AT = time(3, 30)
"""Time of day, in Europe/Zurich."""
AT_A_TIME = 100
"""Rows of one transaction."""
BATCHES = 10
"""Transactions of one attempt; what is left is deleted by the next row, at once."""

CONVERSATIONS, PASSING = "conversations", "passing"
"""Classes of which each conversation is looked at by itself."""
PASSING_KINDS = frozenset({MeasuresTask.name})
"""Kinds of the drafts that are forgotten with the messages that they were told in, unless the person keeps them."""

Deletion = Callable[[UnitOfWork, datetime, int], Awaitable[int]]
"""Deletes what is older than a moment, so many at a time; gives how many."""

HELD = or_(
    drafts.is_open(chat_sessions.c.id),
    files.is_held_unsent(chat_sessions.c.id),
    submissions.is_under_way(chat_sessions.c.id),
    cases.has_open(chat_sessions.c.id),
    outbox.is_awaited(literal("chat:") + chat_sessions.c.id),  # a reminder, or news to tell
)
"""Which conversations are kept however old they are, until that is over."""


@dataclass(frozen=True)
class Rule:
    """How long a class of data is kept.

    Args:
        period: Counted from the moment that `delete` goes by, such as the last change.
        delete: Deletes what is older; None for what is taken from conversations one by one.
    """

    period: timedelta
    delete: Deletion | None


def rules(settings: Settings) -> Mapping[str, Rule]:
    """The rules by class."""
    days = timedelta(days=1)
    return {
        "drafts": Rule(settings.retention_draft_days * days, drafts.delete_older),
        CONVERSATIONS: Rule(settings.retention_conversation_days * days, None),
        PASSING: Rule(conversations.KEPT_PASSING, None),
        files.FILES: Rule(timedelta(0), files.destroy_overdue),
        "file_traces": Rule(settings.retention_outbox_days * days, files.delete_traces),
        "submissions": Rule(settings.retention_submission_days * days, submissions.delete_older),
        "applications": Rule(timedelta(0), applications.delete_unlinked),
        "cases": Rule(settings.retention_case_days * days, cases.delete_older),
        "access_log": Rule(settings.retention_access_log_days * days, access.delete_older),
        "outbox": Rule(settings.retention_outbox_days * days, outbox.delete_settled),
    }


class Retention:
    """Deletes what is too old.

    Args:
        database: Where everything is kept.
        settings: Say how long.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._rules = rules(settings)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kind of outbox rows that delete what is too old."""
        return {RETENTION: self._run}

    async def arm(self) -> None:
        """Sees to it that each class has a row; to be called when the program starts."""
        for data_class in self._rules:
            async with self._database.unit_of_work(serialise=_key(data_class)) as work:
                if not await outbox.waits(work.connection, _key(data_class)):
                    await _put(work, data_class, next_night(clock.now()))

    async def give_up(self, work: UnitOfWork, item: Item) -> None:
        """Tries again the next night what did not succeed however often it was attempted."""
        if item.kind == RETENTION:
            await _put(work, str(item.payload["class"]), next_night(clock.now()))

    async def _run(self, item: Item) -> None:
        data_class = str(item.payload["class"])
        if data_class not in self._rules:  # of another version of the program
            return
        is_done = await self._delete(data_class)
        async with self._database.unit_of_work(serialise=_key(data_class)) as work:
            if not await outbox.waits(work.connection, _key(data_class), besides=item.id):
                await _put(work, data_class, next_night(clock.now()) if is_done else None)

    async def _delete(self, data_class: str) -> bool:
        """Deletes, batch by batch; False when there may be more than one attempt does."""
        rule = self._rules[data_class]
        before = clock.now() - rule.period
        for _ in range(BATCHES):
            if rule.delete is None:
                is_passing = data_class == PASSING
                found = await (self._forget_passing if is_passing else self._erase_conversations)(data_class, before)
            else:
                async with self._database.unit_of_work() as work:
                    found = await rule.delete(work, before, AT_A_TIME)
                    await deletions.note(work, data_class, found)
            if found < AT_A_TIME:
                return True
        return False

    async def _erase_conversations(self, data_class: str, before: datetime) -> int:
        """Erases conversations each in its turn, so that nobody who speaks just then is cut off.

        Returns:
            How many were looked at.
        """
        async with self._database.reading() as connection:
            silent = await conversations.silent_since(connection, before, HELD, AT_A_TIME)
        if not silent:
            async with self._database.unit_of_work() as work:
                await deletions.note(work, data_class, 0)
        for session_id in silent:
            async with self._database.unit_of_work(serialise=session_id) as work:
                if await conversations.is_silent_since(work.connection, session_id, before, HELD):
                    await _keep_closed(work, session_id)
                    await conversations.erase(work, session_id)
                    await deletions.note(work, data_class, 1)
        return len(silent)

    async def _forget_passing(self, data_class: str, before: datetime) -> int:
        """Forgets in each conversation what was only said for a check; an open case holds it for the human who reads it.

        Returns:
            How many were looked at.
        """
        held = cases.has_open(chat_sessions.c.id)
        async with self._database.reading() as connection:
            paused = await conversations.with_passing(connection, before, held, AT_A_TIME)
        if not paused:
            async with self._database.unit_of_work() as work:
                await deletions.note(work, data_class, 0)
        for session_id in paused:
            async with self._database.unit_of_work(serialise=session_id) as work:
                if await conversations.has_passing(work.connection, session_id, before, held):
                    await drafts.discard_of_kinds(work, session_id, PASSING_KINDS)
                    if await conversations.forget_passing(work, session_id):
                        await forget_tracker(work, session_id)
                    await deletions.note(work, data_class, 1)
        return len(paused)


async def _keep_closed(work: UnitOfWork, session_id: str) -> None:
    """Takes the resolved cases of a conversation out of it, with what was said."""
    if await cases.of_session(work.connection, session_id):
        await cases.keep_closed(work, session_id, await transcript(work.connection, session_id))


def next_night(moment: datetime) -> datetime:
    """The next time that it is `AT`, in Europe/Zurich."""
    tonight = datetime.combine(moment.date(), AT, tzinfo=clock.ZONE)
    if tonight > moment:
        return tonight
    return datetime.combine(moment.date() + timedelta(days=1), AT, tzinfo=clock.ZONE)


async def _put(work: UnitOfWork, data_class: str, due: datetime | None) -> None:
    await outbox.put(work, RETENTION, _key(data_class), {"class": data_class}, due)


def _key(data_class: str) -> str:
    return f"{RETENTION}:{data_class}"
