"""The agents of the helpdesk: who they are, what they may be for which office, and that they are signed in.

What an agent may be comes from their identity provider at each sign-in and is kept with them until the next. Of a
session, only the hash of its secret is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, Row, String, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, Json, UnitOfWork, metadata
from casework.case_events import Agent
from casework.triage import Office

LONGEST_SESSION = timedelta(hours=12)
"""After which an agent signs in again, however busy they are."""
REMEMBERED = timedelta(days=365)
"""How long after their last sign-in somebody stays in the list of colleagues."""
LONGEST_NAME = 100
NOTED_EVERY = timedelta(minutes=1)
"""How often at most it is written down that a session is in use."""
_SECRET_BYTES = 32


class Role(StrEnum):
    """What somebody may be; each may do what those before it may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    @property
    def rank(self) -> int:
        """How much it may do, compared with the others."""
        return list(Role).index(self)


agents = Table(
    "helpdesk_agents",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("roles", Json, nullable=False),
    Column("signed_in_at", Instant, nullable=False, index=True),
)

sessions = Table(
    "helpdesk_sessions",
    metadata,
    Column("secret_hash", String(64), primary_key=True),
    Column("agent_id", ForeignKey("helpdesk_agents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)


@dataclass(frozen=True)
class Colleague(Agent):
    """An agent with what they may be.

    Args:
        roles: The role for each office; none for the others.
    """

    roles: Mapping[Office, Role] = field(default_factory=dict)

    @property
    def offices(self) -> frozenset[Office]:
        """Those whose cases they see."""
        return frozenset(self.roles)

    @property
    def highest(self) -> Role | None:
        """The most they are for any office."""
        return max(self.roles.values(), key=lambda role: role.rank, default=None)

    def offices_as(self, role: Role) -> frozenset[Office]:
        """The offices for which they are this, or more."""
        return frozenset(office for office, held in self.roles.items() if held.rank >= role.rank)


def granted(claim: object) -> Mapping[Office, Role]:
    """The roles that a claim names: `role:office`, or `role` for all offices. Whatever else it names is left out."""
    named = [claim] if isinstance(claim, str) else claim if isinstance(claim, list | tuple) else []
    roles: dict[Office, Role] = {}
    for entry in named:
        role, _, office = str(entry).partition(":")
        if role not in set(Role) or (office and office not in set(Office)):
            continue
        for held in [Office(office)] if office else list(Office):
            roles[held] = max(Role(role), roles.get(held, Role.AGENT), key=lambda one: one.rank)
    return roles


def agent_id(issuer: str, subject: str) -> str:
    """What we call the agent whom a provider calls so."""
    return hashlib.sha256(f"{issuer} {subject}".encode()).hexdigest()[:36]


async def sign_in(work: UnitOfWork, agent: Colleague, lasts: timedelta) -> str:
    """Begins a session, and forgets those that are over.

    Args:
        agent: Whose it is, with the roles of today.
        lasts: How long it lasts without a request.

    Returns:
        The secret of the session, for the browser alone.
    """
    now, secret = clock.now(), secrets.token_urlsafe(_SECRET_BYTES)
    await work.connection.execute(delete(sessions).where(sessions.c.expires_at <= now))
    await work.connection.execute(delete(agents).where(agents.c.signed_in_at <= now - REMEMBERED))
    row: dict[str, Any] = {"name": agent.name[:LONGEST_NAME], "roles": dict(agent.roles), "signed_in_at": now}
    known = await work.connection.execute(update(agents).where(agents.c.id == agent.id).values(**row))
    if not known.rowcount:
        await work.connection.execute(insert(agents).values(id=agent.id, **row))
    await work.connection.execute(
        insert(sessions).values(
            secret_hash=_hash(secret), agent_id=agent.id, began_at=now, used_at=now, expires_at=now + lasts
        )
    )
    return secret


async def signed_in(connection: AsyncConnection, secret: str) -> tuple[Colleague, datetime] | None:
    """Whose session it is, and when it was last noted to be in use; None when it is over, or nobody's."""
    query = select(agents, sessions.c.used_at).join_from(sessions, agents).where(_is(secret))
    row = (await connection.execute(query.where(sessions.c.expires_at > clock.now()))).one_or_none()
    return (_agent(row), row.used_at) if row is not None else None


async def stay(work: UnitOfWork, secret: str, lasts: timedelta) -> None:
    """Prolongs a session that is in use, up to `LONGEST_SESSION`."""
    now = clock.now()
    began = (await work.connection.execute(select(sessions.c.began_at).where(_is(secret)))).scalar_one_or_none()
    if began is not None:
        until = min(now + lasts, began + LONGEST_SESSION)
        await work.connection.execute(update(sessions).where(_is(secret)).values(used_at=now, expires_at=until))


async def sign_out(work: UnitOfWork, secret: str) -> None:
    """Ends a session."""
    await work.connection.execute(delete(sessions).where(_is(secret)))


async def all_agents(connection: AsyncConnection) -> tuple[Colleague, ...]:
    """Everybody who has signed in within a year and has a role, by name."""
    found = (_agent(row) for row in await connection.execute(select(agents).order_by(agents.c.name, agents.c.id)))
    return tuple(agent for agent in found if agent.roles)


def _is(secret: str) -> Any:
    return sessions.c.secret_hash == _hash(secret)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _agent(row: Row[Any]) -> Colleague:
    return Colleague(row.id, row.name, {Office(office): Role(role) for office, role in row.roles.items()})
