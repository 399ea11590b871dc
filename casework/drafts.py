"""Drafts: what was said so far for a task, kept until it is finished, over restarts and weeks.

A draft is the only truth about a task. A session has one unfinished draft of a kind at the most; a finished one stays
for corrections until the next of its kind begins. It can move to another session of the same person.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, Json, UnitOfWork, metadata

LASTING = frozenset({"application"})
"""Kinds of drafts that are finished each day and gone on with the next: lists."""

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("content", Json, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_drafts_session_id_updated_at", "session_id", "updated_at"),
)


@dataclass(frozen=True)
class Stored:
    """A draft as it is kept.

    Args:
        id: Names it as long as it lives.
        session_id: The conversation that it is in.
        kind: The task that it belongs to.
        content: What its model made of it.
        finished: Whether the task came to its end.
    """

    id: str
    session_id: str
    kind: str
    content: Mapping[str, Any]
    finished: bool


_LATEST = (
    select(drafts)
    .where(drafts.c.session_id == bindparam("session_id", type_=String))
    .order_by(drafts.c.updated_at.desc())
    .limit(1)
)
_LATEST_OF_KIND = _LATEST.where(drafts.c.kind == bindparam("kind", type_=String))
"""Asked several times in each turn of a form: put together once."""


async def latest(connection: AsyncConnection, session_id: str, kind: str | None = None) -> Stored | None:
    """The draft of a session that was changed last, of one kind or of any."""
    query, values = (_LATEST, {}) if kind is None else (_LATEST_OF_KIND, {"kind": kind})
    row = (await connection.execute(query, {"session_id": session_id, **values})).mappings().one_or_none()
    return _stored(row) if row else None


async def latest_unfinished(connection: AsyncConnection, session_id: str) -> Stored | None:
    """The unfinished draft of a session that was changed last."""
    query = select(drafts).where(drafts.c.session_id == session_id, drafts.c.finished.is_(False))
    row = (await connection.execute(query.order_by(drafts.c.updated_at.desc()).limit(1))).mappings().one_or_none()
    return _stored(row) if row else None


async def begun(connection: AsyncConnection, session_ids: Sequence[str]) -> tuple[Stored, ...]:
    """The drafts of sessions that the person can go on with, the one that was changed last first."""
    query = select(drafts).where(drafts.c.session_id.in_(session_ids), is_begun())
    found = (await connection.execute(query.order_by(drafts.c.updated_at.desc(), drafts.c.id))).mappings()
    return tuple(map(_stored, found))


async def session_of(connection: AsyncConnection, draft_id: str) -> str | None:
    """The session that a draft is in now; None when it is gone."""
    query = select(drafts.c.session_id).where(drafts.c.id == draft_id)
    session_id: str | None = (await connection.execute(query)).scalar_one_or_none()
    return session_id


async def move(work: UnitOfWork, draft: Stored, session_id: str, content: Mapping[str, Any]) -> None:
    """Brings a draft into a session, in place of what that had of its kind.

    Args:
        content: What its model makes of it there.
    """
    await work.connection.execute(delete(drafts).where(drafts.c.session_id == session_id, drafts.c.kind == draft.kind))
    values = {"session_id": session_id, "content": dict(content), "updated_at": clock.now()}
    await work.connection.execute(update(drafts).where(drafts.c.id == draft.id).values(**values))


async def begin(work: UnitOfWork, session_id: str, kind: str) -> Stored:
    """A new draft, in place of what the session had of that kind."""
    await work.connection.execute(delete(drafts).where(drafts.c.session_id == session_id, drafts.c.kind == kind))
    row = {
        "id": str(uuid.uuid4()),
        "session_id": session_id,
        "kind": kind,
        "content": {},
        "finished": False,
        "updated_at": clock.now(),
    }
    await work.connection.execute(insert(drafts).values(**row))
    return _stored(row)


async def save(work: UnitOfWork, draft_id: str, content: Mapping[str, Any], *, finished: bool = False) -> None:
    """Keeps what was said."""
    values = {"content": dict(content), "finished": finished, "updated_at": clock.now()}
    await work.connection.execute(update(drafts).where(drafts.c.id == draft_id).values(**values))


async def discard(work: UnitOfWork, draft_id: str) -> None:
    """Forgets what has become something else, such as a submission."""
    await work.connection.execute(delete(drafts).where(drafts.c.id == draft_id))


async def discard_of_kinds(work: UnitOfWork, session_id: str, kinds: Collection[str]) -> None:
    """Forgets the drafts of these kinds, finished or not."""
    of_kinds = (drafts.c.session_id == session_id, drafts.c.kind.in_(kinds))
    await work.connection.execute(delete(drafts).where(*of_kinds))


async def discard_unfinished(work: UnitOfWork, session_id: str) -> None:
    """Forgets what was begun and given up."""
    unfinished = drafts.c.finished.is_(False)
    await work.connection.execute(delete(drafts).where(drafts.c.session_id == session_id, unfinished))


def is_begun() -> ColumnElement[bool]:
    """Whether a draft is there to be gone on with: a condition for queries."""
    return or_(drafts.c.finished.is_(False), drafts.c.kind.in_(LASTING))


def is_open(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a session has an unfinished draft: a condition for queries."""
    return select(drafts.c.id).where(drafts.c.session_id == session_id, drafts.c.finished.is_(False)).exists()


async def delete_older(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes drafts that were changed last by then, finished or not.

    Returns:
        How many; `most` at a time.
    """
    is_old = drafts.c.updated_at <= before
    found = select(drafts.c.id).where(is_old).limit(most)
    return (await work.connection.execute(delete(drafts).where(drafts.c.id.in_(found), is_old))).rowcount


def _stored(row: Mapping[str, Any] | RowMapping) -> Stored:
    return Stored(row["id"], row["session_id"], row["kind"], row["content"], row["finished"])
