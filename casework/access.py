"""The log of accesses: who read or sent something personal, when, and what it was; never its content.

It goes with its conversation. What was sent for a conversation that had been erased before is kept for the person.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Integer, RowMapping, String, Table, and_, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, UnitOfWork, metadata


class Actor(StrEnum):
    """Who it was."""

    PERSON = "person"
    """Whose data they are."""
    SYSTEM = "system"
    """This program, which delivers to Job-Room."""
    OPERATOR = "operator"
    """Who runs it, on the command line."""
    AGENT = "agent"
    """Someone of the helpdesk."""


class Deed(StrEnum):
    """What was done."""

    READ = "read"
    SENT = "sent"
    COPIED = "copied"
    """Downloaded."""


class Kind(StrEnum):
    """What it was done with."""

    CASE = "case"
    FILE = "file"
    RECEIPT = "receipt"
    SUBMISSION = "submission"
    IDENTITY = "identity"
    """Personal number and birth date, for the check of who somebody is."""
    EVERYTHING = "everything"
    """The copy of all that is kept."""


access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
    Column("person_id", String(64), index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("actor", String(16), nullable=False),
    Column("agent", String(64)),
    Column("deed", String(16), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("object", String(64), nullable=False),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Access:
    """One access.

    Args:
        at: When.
        actor: Who.
        deed: What was done.
        kind: What it was done with.
        object: Which one: the number that people know, or an id.
        agent: Which agent, when it was one.
    """

    at: datetime
    actor: Actor
    deed: Deed
    kind: Kind
    object: str
    agent: str | None = None


async def note(
    work: UnitOfWork,
    session_id: str | None,
    actor: Actor,
    deed: Deed,
    kind: Kind,
    named: str,
    *,
    person_id: str | None = None,
    agent: str | None = None,
) -> None:
    """Records an access.

    Args:
        session_id: The conversation whose data they are; None when it is erased.
        named: Which one it was: the number that people know, or an id.
        person_id: Whose they are, where that must be known without the conversation.
        agent: Which agent, when it was one.
    """
    row = {"session_id": session_id, "person_id": person_id, "at": clock.now(), "actor": actor, "agent": agent}
    await work.connection.execute(insert(access_log).values(**row, deed=deed, kind=kind, object=named))


async def of(
    connection: AsyncConnection, session_ids: Collection[str], person_id: str | None = None
) -> tuple[Access, ...]:
    """The accesses to the data of these conversations, the newest first.

    Args:
        person_id: Adds what was done for conversations of this person that are erased.
    """
    theirs = and_(access_log.c.session_id.is_(None), access_log.c.person_id == person_id)
    query = select(access_log).where(or_(access_log.c.session_id.in_(session_ids), theirs))
    rows = (await connection.execute(query.order_by(access_log.c.at.desc(), access_log.c.id.desc()))).mappings()
    return tuple(map(_access, rows))


async def delete_older(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes what was recorded by then.

    Returns:
        How many; `most` at a time.
    """
    found = select(access_log.c.id).where(access_log.c.at <= before).limit(most)
    return (await work.connection.execute(delete(access_log).where(access_log.c.id.in_(found)))).rowcount


def _access(row: RowMapping) -> Access:
    return Access(
        row["at"], Actor(row["actor"]), Deed(row["deed"]), Kind(row["kind"]), row["object"], agent=row["agent"]
    )
