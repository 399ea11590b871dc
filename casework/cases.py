"""Cases: what the assistant could not settle and a human will."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Integer, String, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, Json, UnitOfWork, inserted_id, metadata
from casework import access
from casework.access import Actor, Deed, Kind


class Urgency(StrEnum):
    """How soon a human must look."""

    IMMEDIATE = "immediate"
    """Someone may be in danger."""
    NORMAL = "normal"


cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
    Column("topic", String(64), nullable=False),
    Column("language", String(16), nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("transcript", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant, index=True),
    sqlite_autoincrement=True,
)

OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Line:
    """One message of a transcript; `at` in ISO 8601."""

    at: str
    author: str
    text: str


@dataclass(frozen=True)
class Case:
    """A case as it is listed."""

    id: int
    topic: str
    language: str
    urgency: Urgency
    opened_at: datetime
    transcript: tuple[Line, ...]

    @property
    def number(self) -> str:
        """What people are told and agents search for, e.g. `C-00042`."""
        return f"C-{self.id:05d}"


async def open_case(
    work: UnitOfWork,
    session_id: str | None,
    topic: str,
    language: str,
    transcript: Sequence[Line],
    urgency: Urgency = Urgency.NORMAL,
) -> tuple[Case, bool]:
    """Opens a case, or brings the transcript of the session's open case up to date.

    Args:
        session_id: None when the conversation is erased; then the case is always new.
        topic: A name of the list of topics.
        language: Language tag of the conversation.
        transcript: What was said so far.

    Returns:
        The case, and whether it is new.
    """
    lines = [vars(line) for line in transcript]
    query = select(cases).where(cases.c.session_id == session_id, cases.c.state == OPEN)
    known = (await work.connection.execute(query)).mappings().one_or_none()
    if known is not None:
        # What is said afterwards does not hide that someone may be in danger.
        in_danger = known["urgency"] == Urgency.IMMEDIATE and urgency is not Urgency.IMMEDIATE
        changed = {"transcript": lines} if in_danger else {"transcript": lines, "topic": topic, "urgency": urgency}
        await work.connection.execute(cases.update().where(cases.c.id == known["id"]).values(**changed))
        return _case({**known, **changed}), False
    row = {
        "session_id": session_id,
        "topic": topic,
        "language": language,
        "urgency": urgency,
        "transcript": lines,
        "state": OPEN,
        "opened_at": clock.now(),
    }
    result = await work.connection.execute(insert(cases).values(**row))
    return _case({"id": inserted_id(result), **row}), True


async def open_cases(connection: AsyncConnection) -> tuple[Case, ...]:
    """The open cases: those in danger first, then the oldest."""
    query = select(cases).where(cases.c.state == OPEN).order_by(cases.c.urgency != Urgency.IMMEDIATE, cases.c.id)
    return tuple(_case(row) for row in (await connection.execute(query)).mappings())


async def close_case(work: UnitOfWork, case_id: int) -> bool:
    """Closes a case.

    Returns:
        False when it was not open.
    """
    is_it = (cases.c.id == case_id, cases.c.state == OPEN)
    closed = await work.connection.execute(update(cases).where(*is_it).values(state=CLOSED, closed_at=clock.now()))
    return closed.rowcount == 1


def has_open(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a session has an open case: a condition for queries."""
    return select(cases.c.id).where(cases.c.session_id == session_id, cases.c.state == OPEN).exists()


async def keep_closed(work: UnitOfWork, session_id: str) -> None:
    """Takes the closed cases out of a conversation that is about to go for its age: they have a period of their own."""
    closed = (cases.c.session_id == session_id, cases.c.state == CLOSED)
    await work.connection.execute(update(cases).where(*closed).values(session_id=None))


async def delete_older(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes cases that were closed by then.

    Returns:
        How many; `most` at a time.
    """
    found = select(cases.c.id).where(cases.c.closed_at <= before).limit(most)
    return (await work.connection.execute(delete(cases).where(cases.c.id.in_(found)))).rowcount


async def of_session(connection: AsyncConnection, session_id: str) -> tuple[Case, ...]:
    """The cases of a conversation, the oldest first."""
    query = select(cases).where(cases.c.session_id == session_id).order_by(cases.c.id)
    return tuple(_case(row) for row in (await connection.execute(query)).mappings())


async def note_reading(work: UnitOfWork, read: Sequence[Case], actor: Actor, agent: str | None = None) -> None:
    """Records that someone was shown these cases."""
    query = select(cases.c.id, cases.c.session_id).where(cases.c.id.in_([case.id for case in read]))
    session_ids = {row.id: row.session_id for row in await work.connection.execute(query)}
    for case in read:
        if case.id in session_ids:  # it may have been erased meanwhile
            await access.note(work, session_ids[case.id], actor, Deed.READ, Kind.CASE, case.number, agent=agent)


def _case(row: Any) -> Case:
    return Case(
        id=row["id"],
        topic=row["topic"],
        language=row["language"],
        urgency=Urgency(row["urgency"]),
        opened_at=row["opened_at"],
        transcript=tuple(Line(**line) for line in row["transcript"]),
    )
