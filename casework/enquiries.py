"""Asking the gateway how applications for benefit stand: the handlers of the outbox rows of `casework.applications`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from base import clock
from base.database import Database, UnitOfWork
from base.outbox import Handler, Item, put
from casework import applications, drafts, persons
from casework.applications import GO_ON, READ, TELL, Application
from casework.deliveries import Misunderstood
from casework.recognition import GoOn
from eservices.client import EServices
from eservices.errors import Refused
from eservices.reasons import Reason
from law.documents import ApplicationStatus

log = structlog.get_logger(__name__)


class Enquiries:
    """Asks the gateway, and has the person's chats told of what has changed.

    Args:
        database: Where it is kept what the gateway said.
        services: The gateway.
        go_on: Lets a conversation go on.
        every: How long after one look the next one comes.
    """

    def __init__(self, database: Database, services: EServices, go_on: GoOn, every: timedelta) -> None:
        self._database = database
        self._services = services
        self._go_on = go_on
        self._every = every

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kinds of outbox rows that ask, and that let tasks go on."""
        return {READ: self._read, GO_ON: self._tell_task}

    async def give_up(self, work: UnitOfWork, item: Item) -> None:
        """Looks again later, however often the gateway did not answer."""
        if item.kind == READ and "session" not in item.payload:
            await self._look_again(work, item)

    async def _read(self, item: Item) -> None:
        """One attempt. A gateway that does not answer changes nothing.

        Raises:
            EServicesError: When it does not; the next attempt will tell.
            Misunderstood: When it does not understand us.
        """
        person_id = str(item.payload["person"])
        async with self._database.reading() as connection:
            if not await persons.all_chats_of(connection, person_id):
                return
        asked_at = clock.now()
        found = Application(await self._status(person_id), asked_at)
        async with self._database.unit_of_work(serialise=f"application:{person_id}") as work:
            has_changed = await applications.keep(work, person_id, found)
            asked_by = item.payload.get("session")
            if asked_by is None:
                await self._look_again(work, item)
            for session_id in await persons.all_chats_of(work.connection, person_id):
                if session_id == asked_by:
                    await _answer(work, item)
                elif has_changed:
                    await _tell(work, session_id, is_news=True)

    async def _status(self, person_id: str) -> ApplicationStatus | None:
        try:
            return (await self._services.application(person_id)).status
        except Refused as refusal:
            if refusal.reason is Reason.NO_APPLICATION:
                return None
            log.error("application.misunderstood", reason=refusal.type)  # noqa: TRY400  # no trace says more
            raise Misunderstood from refusal

    async def _look_again(self, work: UnitOfWork, item: Item) -> None:
        due = clock.later(clock.now(), self._every)
        await applications.look_again(work, str(item.payload["person"]), due, besides=item.id)

    async def _tell_task(self, item: Item) -> None:
        """Lets the task go on, unless the person does something else by now."""
        async with self._database.reading() as connection:
            waiting = await drafts.latest_unfinished(connection, str(item.payload["session"]))
        if waiting is not None and waiting.kind == item.payload["task"]:
            await self._go_on(str(item.payload["session"]), f"application:{item.payload['question']}")


async def _answer(work: UnitOfWork, item: Item) -> None:
    """Has the chat told that asked."""
    session_id = str(item.payload["session"])
    if item.payload["task"] is not None:
        await put(work, GO_ON, f"chat:{session_id}", item.payload)
    else:
        await _tell(work, session_id, is_news=False)


async def _tell(work: UnitOfWork, session_id: str, *, is_news: bool) -> None:
    await put(work, TELL, f"chat:{session_id}", {"session": session_id, "is_news": is_news})
