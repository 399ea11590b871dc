"""Which person a chat belongs to, and the logins by which that is found out.

A person is the gateway's `person_id` and nothing else: no name, number or birth date is kept here. A chat stays the
person's for good; logged in they are for a while only, which each of their turns prolongs. Of what proves a login, only
hashes are kept, so that nobody who reads the database can go on with one:

- the *ticket* in the link that the chat gives, good once for ten minutes;
- the *state* that goes to the provider and comes back, good once for ten minutes from then on;
- the *browser*, a secret of the browser that agreed, without which a state that comes back is worth nothing;
- the *subject*, the provider's name of the person, by a hash that needs our secret.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy import Column, ForeignKey, Select, String, Table, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, UnitOfWork, metadata
from base.encryption import KeyRing
from base.settings import Settings

LOGIN_PATH = "/login"
"""Where the web channel serves the login."""
CALLBACK_PATH = f"{LOGIN_PATH}/callback"
"""Where people come back to from the provider."""
LIFETIME = timedelta(minutes=10)
"""How long a ticket is good, and then how long the login may take."""
REMEMBERED = timedelta(days=1)
"""How long after its end a login is known, for the page to say why it does not work any more."""
_SECRET_BYTES = 32

links = Table(
    "links",
    metadata,
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("subject_hash", String(64), nullable=False, index=True),
    Column("hashed_by", String(16), nullable=False),
    Column("linked_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

logins = Table(
    "logins",
    metadata,
    Column("ticket_hash", String(64), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False, index=True),
    # Since the person agreed and was sent to the provider.
    Column("state_hash", String(64), unique=True),
    Column("browser_hash", String(64)),
    # Since they came back.
    Column("ended_at", Instant),
)


class Ending(Enum):
    """Why a login cannot go on."""

    UNKNOWN = auto()
    """There is none, or it was too long ago."""
    EXPIRED = auto()
    USED = auto()
    OTHER_BROWSER = auto()
    """Another browser began it: somebody may have passed on the address."""


class LinkedToAnother(Exception):
    """A chat belongs to one person for good."""


@dataclass(frozen=True)
class Subject:
    """Somebody who logs in, as the provider names them, without that name.

    Args:
        hashes: Of the name, one for each of our secrets; the current one's first.
        names: Of the keys that they were made with.
    """

    hashes: tuple[str, ...]
    names: frozenset[str]

    @classmethod
    def of(cls, keys: KeyRing, issuer: str, name: str) -> Subject:
        """The subject that an issuer calls so."""
        return cls(keys.fingerprints(f"subject {issuer} {name}"), keys.names)


@dataclass(frozen=True)
class Login:
    """A login that can go on.

    Args:
        session_id: The chat to be linked.
    """

    session_id: str


def new_secret() -> str:
    """What nobody guesses: a ticket, a state, a browser."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def login_url(settings: Settings, ticket: str) -> str:
    """The link to give to the person whose ticket it is."""
    return f"{settings.public_url}{LOGIN_PATH}/{ticket}"


async def new_login(work: UnitOfWork, session_id: str) -> str:
    """A ticket with which the person in this chat can log in once; `login_url` makes a link of it."""
    ticket, moment = new_secret(), clock.now()
    await work.connection.execute(delete(logins).where(logins.c.expires_at < moment - REMEMBERED))
    await work.connection.execute(
        insert(logins).values(
            ticket_hash=_hash(ticket),
            session_id=session_id,
            expires_at=clock.later(max(moment, clock.program_now()), LIFETIME),
        )
    )
    return ticket


async def waiting_login(connection: AsyncConnection, ticket: str) -> Login | Ending:
    """What a ticket is for; looking uses nothing up."""
    row = (await connection.execute(select(logins).where(logins.c.ticket_hash == _hash(ticket)))).one_or_none()
    if row is None:
        return Ending.UNKNOWN
    if row.state_hash is not None:
        return Ending.USED
    return Ending.EXPIRED if clock.is_past(row.expires_at) else Login(row.session_id)


async def begin(work: UnitOfWork, ticket: str, state: str, browser: str) -> Login | Ending:
    """Uses up a ticket: the person agreed and goes to the provider, with ten minutes to come back.

    Args:
        state: From `new_secret`; comes back with them.
        browser: The secret of their browser.
    """
    found = await waiting_login(work.connection, ticket)
    if isinstance(found, Ending):
        return found
    begun = await work.connection.execute(
        update(logins)
        .where(logins.c.ticket_hash == _hash(ticket), logins.c.state_hash.is_(None))
        .values(state_hash=_hash(state), browser_hash=_hash(browser), expires_at=clock.later(clock.now(), LIFETIME))
    )
    return found if begun.rowcount == 1 else Ending.USED


async def end(work: UnitOfWork, state: str, browser: str) -> Login | Ending:
    """Uses up a state, also one that came too late or from another browser."""
    row = (await work.connection.execute(select(logins).where(logins.c.state_hash == _hash(state)))).one_or_none()
    if row is None:
        return Ending.UNKNOWN
    ended = await work.connection.execute(
        update(logins)
        .where(logins.c.state_hash == _hash(state), logins.c.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
    if ended.rowcount != 1:
        return Ending.USED
    if not hmac.compare_digest(row.browser_hash, _hash(browser)):
        return Ending.OTHER_BROWSER
    return Ending.EXPIRED if clock.is_past(row.expires_at) else Login(row.session_id)


_PERSON = select(links.c.person_id).where(
    links.c.session_id == bindparam("session_id", type_=String), links.c.expires_at > bindparam("now", type_=Instant)
)
"""Asked several times in each turn of a form: put together once."""


async def person_of(connection: AsyncConnection, session_id: str) -> str | None:
    """The gateway's name of the person who is logged in to this chat; None when nobody is."""
    values = {"session_id": session_id, "now": clock.now()}
    person_id: str | None = (await connection.execute(_PERSON, values)).scalar_one_or_none()
    return person_id


async def chats_of(connection: AsyncConnection, session_id: str) -> tuple[str, ...]:
    """The chats of the person whose chat this is, this one first; this one alone while nobody has logged in."""
    person_id = await person_of(connection, session_id)
    if person_id is None:
        return (session_id,)
    others = select(links.c.session_id).where(links.c.person_id == person_id, links.c.session_id != session_id)
    return (session_id, *(await connection.execute(others.order_by(links.c.linked_at))).scalars())


async def owner_of(connection: AsyncConnection, session_id: str) -> str | None:
    """The person whom this chat belongs to, logged in or not; None when nobody has ever logged in."""
    query = select(links.c.person_id).where(links.c.session_id == session_id)
    person_id: str | None = (await connection.execute(query)).scalar_one_or_none()
    return person_id


async def all_chats_of(connection: AsyncConnection, person_id: str) -> tuple[str, ...]:
    """Every chat that belongs to a person, the oldest link first, whether they are logged in there or not."""
    query = select(links.c.session_id).where(links.c.person_id == person_id)
    return tuple((await connection.execute(query.order_by(links.c.linked_at, links.c.session_id))).scalars())


async def belongs_to_another(connection: AsyncConnection, session_id: str, subject: Subject) -> bool:
    """Whether this chat is somebody else's; False when the secret is gone by which that could be told."""
    query = select(links.c.subject_hash, links.c.hashed_by).where(links.c.session_id == session_id)
    owner = (await connection.execute(query)).one_or_none()
    return owner is not None and owner.hashed_by in subject.names and owner.subject_hash not in subject.hashes


async def person_known_as(connection: AsyncConnection, subject: Subject) -> str | None:
    """The person who logs in as this subject, if one of their chats is still here."""
    query = select(links.c.person_id).where(links.c.subject_hash.in_(subject.hashes)).limit(1)
    person_id: str | None = (await connection.execute(query)).scalar_one_or_none()
    return person_id


async def link(
    work: UnitOfWork, session_id: str, person_id: str, *, subject_hash: str, hashed_by: str, expires_at: datetime
) -> None:
    """Makes a chat a person's and logs them in. Two chats may belong to one person.

    Args:
        subject_hash: Of their login.
        hashed_by: Name of the key that it was made with.
        expires_at: When the login ends, unless they say something.

    Raises:
        LinkedToAnother: When the chat belongs to somebody else.
    """
    query = select(links.c.person_id).where(links.c.session_id == session_id)
    owner = (await work.connection.execute(query)).scalar_one_or_none()
    values = {
        "subject_hash": subject_hash,
        "hashed_by": hashed_by,
        "linked_at": clock.now(),
        "expires_at": expires_at,
    }
    if owner is None:
        await work.connection.execute(insert(links).values(session_id=session_id, person_id=person_id, **values))
    elif owner == person_id:
        await work.connection.execute(update(links).where(links.c.session_id == session_id).values(**values))
    else:
        raise LinkedToAnother


def lasting(session_id: str) -> Select[Any]:
    """The login of a chat that has not ended: a query that gives one row or none."""
    return select(links.c.session_id).where(links.c.session_id == session_id, links.c.expires_at > clock.now())


async def prolong(work: UnitOfWork, session_id: str, expires_at: datetime) -> None:
    """Lets a login last until then, unless it has ended already."""
    lasting = (links.c.session_id == session_id, links.c.expires_at > clock.now())
    await work.connection.execute(update(links).where(*lasting).values(expires_at=expires_at))


async def log_out(work: UnitOfWork, session_id: str) -> bool:
    """Ends the login of a chat, and makes its tickets worthless; the chat stays the person's.

    Returns:
        Whether somebody was logged in.
    """
    await work.connection.execute(delete(logins).where(logins.c.session_id == session_id))
    lasting = (links.c.session_id == session_id, links.c.expires_at > clock.now())
    ended = await work.connection.execute(update(links).where(*lasting).values(expires_at=clock.now()))
    return ended.rowcount == 1


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
