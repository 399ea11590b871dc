"""How often somebody may be wrong about who they are, so that nobody finds it out by trying.

Tries are counted for the conversation and for the login, whichever comes first. A try counts from when it is made, and
not from when its result is known: many at the same time are not worth more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    Table,
    and_,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, UnitOfWork, metadata

MOST_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
"""How long wrong tries count that did not lead to a lock."""

wrong_tries = Table(
    "wrong_tries",
    metadata,
    # A conversation by its id, or a login by its hash; the latter outlives conversations.
    Column("holder", String(64), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, index=True),
    Column("locked_until", Instant),
)


async def locked_until(connection: AsyncConnection, session_id: str, subject: str) -> datetime | None:
    """When another try may be made, if none may now.

    Args:
        subject: The hash of the login.
    """
    mine = wrong_tries.c.holder.in_((session_id, subject))
    query = select(func.max(wrong_tries.c.locked_until, type_=Instant)).where(
        mine, wrong_tries.c.locked_until > clock.now()
    )
    until: datetime | None = (await connection.execute(query)).scalar_one()
    return until


async def tries_left(connection: AsyncConnection, session_id: str, subject: str) -> int:
    """How many tries there are before a lock."""
    now = clock.now()
    query = select(func.max(wrong_tries.c.tries)).where(
        wrong_tries.c.holder.in_((session_id, subject)), not_(_is_over(now))
    )
    return max(MOST_TRIES - ((await connection.execute(query)).scalar_one() or 0), 0)


async def begin(work: UnitOfWork, session_id: str, subject: str) -> bool:
    """Counts a try that is about to be made.

    Returns:
        Whether it may be made.
    """
    now = clock.now()
    await work.connection.execute(delete(wrong_tries).where(_is_over(now)))
    if await locked_until(work.connection, session_id, subject) is not None:
        return False
    dialect = {"postgresql": postgresql, "sqlite": sqlite}[work.connection.dialect.name]
    for holder, conversation in ((session_id, session_id), (subject, None)):
        first = {"holder": holder, "session_id": conversation, "tries": 0, "last_at": now}
        await work.connection.execute(dialect.insert(wrong_tries).values(first).on_conflict_do_nothing())
    mine = wrong_tries.c.holder.in_((session_id, subject))
    counted = {"tries": wrong_tries.c.tries + 1, "last_at": now}
    await work.connection.execute(update(wrong_tries).where(mine).values(counted))
    query = select(func.max(wrong_tries.c.tries)).where(mine)
    if (await work.connection.execute(query)).scalar_one() <= MOST_TRIES:
        return True
    await was_wrong(work, session_id, subject)
    return False


async def was_wrong(work: UnitOfWork, session_id: str, subject: str) -> None:
    """The try that was begun was wrong; the last one locks."""
    used_up = (wrong_tries.c.holder.in_((session_id, subject)), wrong_tries.c.tries >= MOST_TRIES)
    until = clock.later(clock.now(), LOCKED_FOR)
    await work.connection.execute(update(wrong_tries).where(*used_up).values(locked_until=until))


async def does_not_count(work: UnitOfWork, session_id: str, subject: str) -> None:
    """The try that was begun says nothing about whether they were wrong."""
    mine = (wrong_tries.c.holder.in_((session_id, subject)), wrong_tries.c.tries > 0)
    await work.connection.execute(update(wrong_tries).where(*mine).values(tries=wrong_tries.c.tries - 1))


async def was_right(work: UnitOfWork, session_id: str, subject: str) -> None:
    """Forgets the wrong tries of who was right in the end."""
    await work.connection.execute(delete(wrong_tries).where(wrong_tries.c.holder.in_((session_id, subject))))


def _is_over(now: datetime) -> ColumnElement[bool]:
    """What does not count any more."""
    was_locked = wrong_tries.c.locked_until.is_not(None)
    is_old = wrong_tries.c.last_at <= clock.later(now, -FORGOTTEN_AFTER)
    return or_(and_(was_locked, wrong_tries.c.locked_until <= now), and_(not_(was_locked), is_old))
