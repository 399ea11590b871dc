"""What the gateway said last of a person's application for benefit (demande d'indemnité), and having it asked again.

No turn asks the gateway: rows of the outbox do, when somebody is recognised, when they want to know, and from time to
time as long as one of their chats is here.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import outbox
from base.database import Instant, UnitOfWork, metadata
from casework import persons
from law.documents import ApplicationStatus

FRESH = timedelta(minutes=5)
"""How long after it was asked what the gateway said need not be asked again."""
READ, TELL, GO_ON = "application.read", "application.tell", "application.go_on"
"""Kinds of the outbox rows: asks the gateway; tells a chat what it said; lets a task go on that waited for that."""

applications = Table(
    "applications",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("status", String(16)),
    Column("read_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Application:
    """Where an application stood when the gateway was asked.

    Args:
        status: Its status; None when there was no application.
        read_at: When the gateway was asked; aware.
    """

    status: ApplicationStatus | None
    read_at: datetime


async def known(connection: AsyncConnection, person_id: str) -> Application | None:
    """What the gateway said last; None when it has never been asked."""
    query = select(applications.c.status, applications.c.read_at).where(applications.c.person_id == person_id)
    row = (await connection.execute(query)).one_or_none()
    return Application(ApplicationStatus(row.status) if row.status else None, row.read_at) if row else None


async def follow(work: UnitOfWork, person_id: str) -> None:
    """Has the gateway asked now, and from time to time from then on."""
    await outbox.forget(work, _following(person_id))
    await outbox.put(work, READ, _following(person_id), {"person": person_id})


async def look_again(work: UnitOfWork, person_id: str, due: datetime, *, besides: int) -> None:
    """Has the gateway asked at a later time, unless it will be already.

    Args:
        besides: The id of the row of the outbox that has just been attempted.
    """
    if not await outbox.waits(work.connection, _following(person_id), besides=besides):
        await outbox.put(work, READ, _following(person_id), {"person": person_id}, due)


async def ask(work: UnitOfWork, session_id: str, person_id: str, *, task: str | None = None) -> None:
    """Has the gateway asked for a chat, which is told; also when that has failed so far and would wait.

    Args:
        task: The task that waits for it, which goes on instead.
    """
    await outbox.forget(work, _asking(session_id))
    question = {"person": person_id, "session": session_id, "task": task, "question": str(uuid.uuid4())}
    await outbox.put(work, READ, _asking(session_id), question)


async def keep(work: UnitOfWork, person_id: str, found: Application) -> bool:
    """Records what the gateway said, unless it has been asked again since.

    Returns:
        Whether that is something else than before.
    """
    before = await known(work.connection, person_id)
    if before is not None and before.read_at > found.read_at:
        return False
    await _forget(work, person_id)
    row = {"person_id": person_id, "status": found.status, "read_at": found.read_at}
    await work.connection.execute(insert(applications).values(**row))
    return before is not None and before.status is not found.status


async def leave_chat(work: UnitOfWork, session_id: str) -> None:
    """A chat is about to be erased: nothing is asked for it any more, and with the last one of a person it all goes."""
    await outbox.forget(work, _asking(session_id))
    person_id = await persons.owner_of(work.connection, session_id)
    if person_id is not None and await persons.all_chats_of(work.connection, person_id) == (session_id,):
        await outbox.forget(work, _following(person_id))
        await _forget(work, person_id)


async def delete_unlinked(work: UnitOfWork, _before: datetime, most: int) -> int:
    """Deletes what is known of people who have no chat here any more.

    Returns:
        How many; `most` at a time.
    """
    found = select(applications.c.person_id).where(~_has_chat(applications.c.person_id)).limit(most)
    gone = delete(applications).where(applications.c.person_id.in_(found))
    return (await work.connection.execute(gone)).rowcount


async def _forget(work: UnitOfWork, person_id: str) -> None:
    await work.connection.execute(delete(applications).where(applications.c.person_id == person_id))


def _has_chat(person_id: ColumnElement[str]) -> ColumnElement[bool]:
    return select(persons.links.c.session_id).where(persons.links.c.person_id == person_id).exists()


def _following(person_id: str) -> str:
    return f"application:{person_id}"


def _asking(session_id: str) -> str:
    return f"application-of:{session_id}"
