"""What was done with a case, deed by deed: the history that agents see, and what figures are counted from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, RowMapping, String, Table, UniqueConstraint, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, Json, UnitOfWork, inserted_id, metadata


class Event(StrEnum):
    """What happened."""

    OPENED = "opened"
    ADDED = "added"
    """The person asked again, or something else has come to it."""
    WROTE = "wrote"
    """The person wrote to who has it."""
    RETURNED = "returned"
    """The person has come back with their code."""
    LEFT = "left"
    """The person went back to the assistant."""
    RATED = "rated"
    CLAIMED = "claimed"
    RELEASED = "released"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    REPLIED = "replied"
    TOOK_OVER = "took_over"
    GAVE_BACK = "gave_back"
    NOTED = "noted"
    LABELLED = "labelled"


HARMLESS = frozenset({Event.NOTED, Event.LABELLED})
"""Deeds of agents that stand in nobody's way."""

_WITH_WORDS = frozenset({Event.REPLIED, Event.NOTED, Event.TRANSFERRED, Event.RATED, Event.LABELLED})
"""Kinds with words of agents or of the person."""

case_events = Table(
    "case_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("agent", String(64)),
    Column("agent_name", String(120)),
    Column("version", Integer, nullable=False),
    # Names a deed that may be sent twice, such as a reply.
    Column("client_id", String(100)),
    Column("details", Json, nullable=False),
    UniqueConstraint("case_id", "client_id"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True)
class Agent:
    """Somebody of the helpdesk.

    Args:
        id: Names them for the login provider.
        name: As colleagues and people read it.
    """

    id: str
    name: str


@dataclass(frozen=True)
class CaseEvent:
    """Something that happened to a case.

    Args:
        agent: Who did it; None for the person and the assistant.
        version: Of the case, after it.
        details: By kind: `text`, `office`, `outcome`, `until`, `rating`, …; JSON values.
    """

    id: int
    case_id: int
    at: datetime
    kind: Event
    agent: Agent | None
    version: int
    details: Mapping[str, Any]


async def note(
    work: UnitOfWork,
    case_id: int,
    kind: Event,
    version: int,
    details: Mapping[str, Any] | None = None,
    agent: Agent | None = None,
    client_id: str | None = None,
) -> int:
    """Records what happened.

    Args:
        client_id: Names a deed that may be sent twice.

    Returns:
        Its id.
    """
    row = {"case_id": case_id, "at": clock.now(), "kind": kind, "version": version, "client_id": client_id}
    row |= {"agent": agent and agent.id, "agent_name": agent and agent.name, "details": dict(details or {})}
    return inserted_id(await work.connection.execute(insert(case_events).values(**row)))


async def of(connection: AsyncConnection, case_id: int) -> tuple[CaseEvent, ...]:
    """What happened to a case, the oldest first."""
    query = select(case_events).where(case_events.c.case_id == case_id).order_by(case_events.c.id)
    return tuple(_event(row) for row in (await connection.execute(query)).mappings())


async def find(connection: AsyncConnection, event_id: int) -> CaseEvent | None:
    """An event by its id; None when it is gone."""
    query = select(case_events).where(case_events.c.id == event_id)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _event(row) if row else None


async def last_of(connection: AsyncConnection, case_id: int, kind: Event) -> datetime | None:
    """When something of a kind happened to a case last."""
    of_kind = (case_events.c.case_id == case_id, case_events.c.kind == kind)
    query = select(case_events.c.at).where(*of_kind).order_by(case_events.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar_one_or_none()


async def is_recorded(connection: AsyncConnection, case_id: int, client_id: str) -> bool:
    """Whether a deed was sent before."""
    of_deed = (case_events.c.case_id == case_id, case_events.c.client_id == client_id)
    return (await connection.execute(select(case_events.c.id).where(*of_deed))).first() is not None


async def forget_words(work: UnitOfWork, case_ids: Collection[int]) -> None:
    """Forgets what was written about these cases, and keeps what was done."""
    theirs = (case_events.c.case_id.in_(case_ids), case_events.c.kind.in_(_WITH_WORDS))
    await work.connection.execute(update(case_events).where(*theirs).values(details={}))


async def first_of_another(connection: AsyncConnection, case_id: int, seen: int, agent: Agent) -> CaseEvent | None:
    """The first deed of another agent after the version that this one saw, if it stands in their way."""
    query = select(case_events).where(
        case_events.c.case_id == case_id,
        case_events.c.version > seen,
        case_events.c.agent.is_not(None),
        case_events.c.agent != agent.id,
        case_events.c.kind.not_in(HARMLESS),
    )
    row = (await connection.execute(query.order_by(case_events.c.id).limit(1))).mappings().one_or_none()
    return _event(row) if row else None


def _event(row: RowMapping) -> CaseEvent:
    agent = Agent(row["agent"], row["agent_name"] or row["agent"]) if row["agent"] else None
    return CaseEvent(
        id=row["id"],
        case_id=row["case_id"],
        at=row["at"],
        kind=Event(row["kind"]),
        agent=agent,
        version=row["version"],
        details=row["details"],
    )
