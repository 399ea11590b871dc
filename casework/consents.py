"""Consents: that a person agreed to more being kept than the conversation, to which text, and when."""

from sqlalchemy import Column, ForeignKey, Integer, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import Instant, UnitOfWork, metadata
from casework import persons

VERSION = 2
"""Of the text `utter_consent` in `data/answers/data_protection.yml`; when it is raised, everybody is asked again."""

consents = Table(
    "consents",
    metadata,
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("given_at", Instant, nullable=False),
)


async def give(work: UnitOfWork, session_id: str, version: int = VERSION) -> None:
    """Records a consent; the same one again changes nothing."""
    mine = (consents.c.session_id == session_id, consents.c.version == version)
    if (await work.connection.execute(select(consents.c.version).where(*mine))).one_or_none() is None:
        row = {"session_id": session_id, "version": version, "given_at": clock.now()}
        await work.connection.execute(insert(consents).values(**row))


async def hold(connection: AsyncConnection, session_id: str) -> bool:
    """Whether the person agreed to the present text, in this conversation or in another one of theirs."""
    chats = await persons.chats_of(connection, session_id)
    query = select(consents.c.version).where(consents.c.session_id.in_(chats), consents.c.version == VERSION)
    return (await connection.execute(query.limit(1))).one_or_none() is not None
