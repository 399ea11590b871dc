"""What is between a login and a person: who logged in gives their personal number and birth date, which are checked.

The provider of the login proves who somebody is, and does not know the number by which the ORP knows them. So both are
asked once, and the gateway says whether they belong together. Until then the login is kept here, its subject encrypted:
the gateway is told it, too, and binds the number to it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ForeignKey, LargeBinary, Select, String, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, UnitOfWork, metadata
from base.encryption import KeyRing, WrappedKey
from casework import access, applications, persons, wrong_tries
from casework.access import Actor, Deed

CHECK, SETTLED = "identification.check", "identification.settled"
"""Kinds of the outbox rows: asks the gateway; lets the conversation go on with what it said."""
_SUBJECT = "subject"


class Outcome(StrEnum):
    """Why a check recognised nobody."""

    MISMATCH = "mismatch"
    """Nobody has this number and this birth date."""
    TAKEN = "taken"
    """The number is bound to another login."""
    LOCKED = "locked"
    """The gateway takes no more tries with this number for now."""
    OTHER_PERSON = "other_person"
    """The conversation belongs to somebody else."""
    FAILED = "failed"
    """The gateway has a reason that this program does not know."""


identifications = Table(
    "identifications",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("subject_hash", String(64), nullable=False),
    Column("hashed_by", String(16), nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("key_wrapped_by", String(16), nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
    # The check that was asked for last, and what came of it.
    Column("check_id", String(36)),
    Column("outcome", String(32)),
)


@dataclass(frozen=True)
class Standing:
    """How far the identification in a conversation is.

    Args:
        subject: The hash of the login.
        check_id: The check that was asked for last.
        outcome: What came of it; None while it is under way.
        tries_left: How often the person may still be wrong.
        locked_until: When they may try again, if not now.
    """

    subject: str
    check_id: str | None
    outcome: Outcome | None
    tries_left: int
    locked_until: datetime | None

    @property
    def is_proven(self) -> bool:
        """Whether this login is still good for something."""
        return self.outcome not in {Outcome.TAKEN, Outcome.OTHER_PERSON}


class Identifications:
    """Keeps logins until it is known whose they are.

    Args:
        keys: What encrypts them, and hashes their subjects.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def log_in(self, work: UnitOfWork, session_id: str, issuer: str, subject: str, expires_at: datetime) -> bool:
        """Somebody has logged in to this conversation.

        Args:
            issuer: Who says so.
            subject: What the issuer calls them.
            expires_at: When the login ends, unless they say something.

        Returns:
            Whether it is known who that is; otherwise it has to be asked.

        Raises:
            LinkedToAnother: When the conversation belongs to somebody else.
        """
        known = persons.Subject.of(self._keys, issuer, subject)
        if await persons.belongs_to_another(work.connection, session_id, known):
            raise persons.LinkedToAnother
        await work.connection.execute(delete(identifications).where(identifications.c.session_id == session_id))
        hashed = {"subject_hash": known.hashes[0], "hashed_by": self._keys.current}
        person_id = await persons.person_known_as(work.connection, known)
        if person_id is not None:
            await persons.link(work, session_id, person_id, **hashed, expires_at=expires_at)
            await applications.follow(work, person_id)
            return True
        identification_id = str(uuid.uuid4())
        key, wrapped = self._keys.new_key(identification_id)
        await work.connection.execute(
            insert(identifications).values(
                id=identification_id,
                session_id=session_id,
                **hashed,
                subject=key.encrypt(subject.encode(), _SUBJECT),
                key=wrapped.content,
                key_wrapped_by=wrapped.wrapped_by,
                expires_at=expires_at,
            )
        )
        return False

    async def standing(self, connection: AsyncConnection, session_id: str) -> Standing | None:
        """How far it is; None when nobody has logged in, or too long ago."""
        lasting = (identifications.c.session_id == session_id, identifications.c.expires_at > clock.now())
        row = (await connection.execute(select(identifications).where(*lasting))).one_or_none()
        if row is None:
            return None
        return Standing(
            row.subject_hash,
            row.check_id,
            Outcome(row.outcome) if row.outcome else None,
            await wrong_tries.tries_left(connection, session_id, row.subject_hash),
            await wrong_tries.locked_until(connection, session_id, row.subject_hash),
        )

    async def check(self, work: UnitOfWork, session_id: str, personal_number: str, birth_date: str) -> str | None:
        """Has the gateway asked whether these belong together.

        Args:
            personal_number: The token that stands for it.
            birth_date: The token that stands for it.

        Returns:
            The id of the check; None when no try is left.
        """
        mine = identifications.c.session_id == session_id
        query = select(identifications.c.subject_hash).where(mine)
        subject = (await work.connection.execute(query)).scalar_one()
        if not await wrong_tries.begin(work, session_id, subject):
            return None
        check_id = str(uuid.uuid4())
        await work.connection.execute(update(identifications).where(mine).values(check_id=check_id, outcome=None))
        tokens = {"personal_number": personal_number, "birth_date": birth_date}
        await outbox.put(work, CHECK, f"check:{check_id}", {"session": session_id, "check": check_id, **tokens})
        return check_id

    async def withdraw(self, work: UnitOfWork, check_id: str) -> None:
        """Nobody wants to know any more what comes of a check."""
        under_way = (identifications.c.check_id == check_id, identifications.c.outcome.is_(None))
        await work.connection.execute(update(identifications).where(*under_way).values(check_id=None))

    async def subject(self, connection: AsyncConnection, session_id: str, check_id: str) -> str | None:
        """What the provider calls the person whom a check is about; None when it is settled, or not wanted any more.

        Raises:
            Undecipherable: When its secret is missing.
        """
        row = (await connection.execute(_under_way(session_id, check_id))).one_or_none()
        if row is None:
            return None
        key = self._keys.unwrap(WrappedKey(row.key_wrapped_by, row.key), row.id)
        return key.decrypt(row.subject, _SUBJECT).decode()

    async def recognised(self, work: UnitOfWork, session_id: str, check_id: str, person_id: str) -> None:
        """The gateway knows the person: the conversation is theirs."""
        row = (await work.connection.execute(_under_way(session_id, check_id))).one_or_none()
        if row is None:
            return
        try:
            await persons.link(
                work,
                session_id,
                person_id,
                subject_hash=row.subject_hash,
                hashed_by=row.hashed_by,
                expires_at=row.expires_at,
            )
        except persons.LinkedToAnother:
            await self.refused(work, session_id, check_id, Outcome.OTHER_PERSON)
            return
        await applications.follow(work, person_id)
        await wrong_tries.was_right(work, session_id, row.subject_hash)
        await work.connection.execute(delete(identifications).where(identifications.c.id == row.id))
        await _tell(work, session_id, check_id)

    async def refused(self, work: UnitOfWork, session_id: str, check_id: str, outcome: Outcome) -> None:
        """The gateway does not know the person, or does not say."""
        row = (await work.connection.execute(_under_way(session_id, check_id))).one_or_none()
        if row is None:
            return
        count = wrong_tries.was_wrong if outcome is Outcome.MISMATCH else wrong_tries.does_not_count
        await count(work, session_id, row.subject_hash)
        await work.connection.execute(
            update(identifications).where(identifications.c.id == row.id).values(outcome=outcome)
        )
        await _tell(work, session_id, check_id)


def _under_way(session_id: str, check_id: str) -> Select[Any]:
    return select(identifications).where(
        identifications.c.session_id == session_id,
        identifications.c.check_id == check_id,
        identifications.c.outcome.is_(None),
    )


async def _tell(work: UnitOfWork, session_id: str, check_id: str) -> None:
    """Lets the conversation go on; that number and birth date went to Job-Room is noted for the person to see."""
    await access.note(work, session_id, Actor.SYSTEM, Deed.SENT, access.Kind.IDENTITY, check_id)
    await outbox.put(work, SETTLED, f"chat:{session_id}", {"session": session_id, "check": check_id})


async def stay_logged_in(work: UnitOfWork, session_id: str, expires_at: datetime) -> None:
    """Lets a login last until then, whether it is known whose it is or not."""
    lasting = (identifications.c.session_id == session_id, identifications.c.expires_at > clock.now())
    of_both = persons.lasting(session_id).union_all(select(identifications.c.session_id).where(*lasting))
    if (await work.connection.execute(of_both)).first() is None:
        return  # most turns are of people who have not logged in
    await persons.prolong(work, session_id, expires_at)
    await work.connection.execute(update(identifications).where(*lasting).values(expires_at=expires_at))


async def log_out(work: UnitOfWork, session_id: str) -> bool:
    """Ends the login of a conversation, whether it is known whose it is or not.

    Returns:
        Whether somebody was logged in.
    """
    waiting = delete(identifications).where(identifications.c.session_id == session_id)
    was_waiting = (await work.connection.execute(waiting)).rowcount == 1
    return await persons.log_out(work, session_id) or was_waiting
