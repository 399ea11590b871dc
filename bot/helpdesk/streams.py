"""What is live: pages are told that something has changed, and ask for it anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi.sse import ServerSentEvent
from sqlalchemy.ext.asyncio import AsyncConnection

from base.database import UnitOfWork
from bot.helpdesk.visits import Visit
from bot.program import Program
from casework import agents

TOPIC = "helpdesk"
"""Signal that something was done with a case."""
LOOK_EVERY_SECONDS = 4
"""How often a stream looks for what nobody announced to it, such as a case that a conversation opened."""

Position = Callable[[AsyncConnection], Awaitable[str | None]]
"""Reads what tells one state of a page from another; None when there is nothing to see any more."""


async def announce(program: Program, work: UnitOfWork) -> None:
    """Has the pages of all agents look, once the unit of work has committed."""
    await program.signals.announce(work, TOPIC)


async def changes(visit: Visit, seen: str, position: Position, topic: str = TOPIC) -> AsyncIterator[ServerSentEvent]:
    """An event whenever the position is another one, until the session is over.

    Args:
        visit: Whose page it is.
        seen: The position that the page shows.
        position: Reads it.
        topic: Signal that makes it look at once.
    """
    program = visit.program
    with program.signals.watch(topic) as news:
        while True:
            news.clear()
            async with program.database.reading() as connection:
                is_signed_in = await agents.signed_in(connection, visit.secret) is not None
                now = await position(connection) if is_signed_in else None
            if now is None:
                yield ServerSentEvent(event="ended", data="")
                return
            if now != seen:
                seen = now
                yield ServerSentEvent(event="changed", id=now, raw_data=now)
            await program.signals.wait(news, LOOK_EVERY_SECONDS)
