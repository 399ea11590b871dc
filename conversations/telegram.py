"""Which Telegram chat a conversation is in, what was sent there, and what is still to be sent.

What is said to a chat is a row of the outbox in the transaction that records it, one row for each turn or notice. The
rows of a conversation are sent in their order. A message can take several parts, such as a long text or a text and a
document; each part that was sent is noted, so that after a crash one part at the most is sent twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    String,
    Table,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, UnitOfWork, metadata
from conversations.models import TELEGRAM, FileId
from conversations.tables import chat_sessions

SEND, ALBUM = "telegram.send", "telegram.album"
"""Kinds of the outbox rows: what is to be sent; an album that may be complete."""
ALBUM_SETTLES = timedelta(seconds=2)
"""An album to which nothing came for so long is complete."""

telegram_chats = Table(
    "telegram_chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("blocked_at", Instant),
)

telegram_parts = Table(
    "telegram_parts",
    metadata,
    Column("message_id", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("telegram_id", BigInteger, nullable=False),
)

telegram_albums = Table(
    "telegram_albums",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("album", String(64), nullable=False),
    Column("file_id", String(36), nullable=False),
    Column("at", Instant, nullable=False),
    Column("is_taken", Boolean, nullable=False),
)
"""Pictures of albums, which come one by one, and are taken once all are there."""


@dataclass(frozen=True)
class Chat:
    """A chat on Telegram.

    Args:
        id: Telegram's number of it; in private chats also that of the person.
        session_id: Its conversation.
        is_blocked: Whether the person has blocked the bot.
    """

    id: int
    session_id: str
    is_blocked: bool


def key(session_id: str) -> str:
    """Key of the outbox rows that send what is said in a conversation."""
    return f"{TELEGRAM}:{session_id}"


async def keys(connection: AsyncConnection, session_id: str) -> tuple[str, ...]:
    """Keys of all outbox rows of a conversation."""
    query = select(telegram_albums.c.album).where(telegram_albums.c.session_id == session_id).distinct()
    albums = (await connection.execute(query)).scalars()
    return (key(session_id), *(_key_of_album(session_id, name) for name in albums))


def _key_of_album(session_id: str, name: str) -> str:
    return f"{key(session_id)}:{name}"


async def send(work: UnitOfWork, session_id: str, turn_id: str) -> None:
    """Has what was said in a turn sent, if its conversation is on Telegram."""
    query = select(chat_sessions.c.id).where(chat_sessions.c.id == session_id, chat_sessions.c.channel == TELEGRAM)
    if (await work.connection.execute(query)).first() is not None:
        await outbox.put(work, SEND, key(session_id), {"session": session_id, "turn": turn_id})


async def chat(connection: AsyncConnection, chat_id: int) -> Chat | None:
    """A chat by Telegram's number; None while nothing was said in it."""
    return await _chat(connection, telegram_chats.c.chat_id == chat_id)


async def chat_of(connection: AsyncConnection, session_id: str) -> Chat | None:
    """The chat that a conversation is in."""
    return await _chat(connection, telegram_chats.c.session_id == session_id)


async def _chat(connection: AsyncConnection, condition: ColumnElement[bool]) -> Chat | None:
    row = (await connection.execute(select(telegram_chats).where(condition))).one_or_none()
    return Chat(row.chat_id, row.session_id, row.blocked_at is not None) if row else None


async def open_chat(work: UnitOfWork, chat_id: int, session_id: str) -> Chat:
    """Notes that a chat has a conversation now."""
    await work.connection.execute(insert(telegram_chats).values(chat_id=chat_id, session_id=session_id))
    return Chat(chat_id, session_id, is_blocked=False)


async def block(work: UnitOfWork, chat_id: int, *, is_blocked: bool) -> None:
    """Notes that the person has blocked the bot, or does not any more."""
    blocked_at = clock.now() if is_blocked else None
    await work.connection.execute(
        update(telegram_chats).where(telegram_chats.c.chat_id == chat_id).values(blocked_at=blocked_at)
    )


async def sent(connection: AsyncConnection, message_id: int) -> frozenset[int]:
    """The parts of a message that were sent."""
    query = select(telegram_parts.c.part).where(telegram_parts.c.message_id == message_id)
    return frozenset((await connection.execute(query)).scalars())


async def note_sent(work: UnitOfWork, message_id: int, part: int, telegram_id: int) -> None:
    """Notes that a part of a message was sent.

    Args:
        telegram_id: Telegram's number of it in its chat.
    """
    values = {"message_id": message_id, "part": part, "telegram_id": telegram_id}
    await work.connection.execute(insert(telegram_parts).values(**values))


async def add_to_album(work: UnitOfWork, session_id: str, album: str, file_id: str, update_id: int) -> None:
    """Keeps a picture of an album until the others are there."""
    row_key = _key_of_album(session_id, album)
    values = {"session_id": session_id, "album": album, "file_id": file_id, "update_id": update_id}
    await work.connection.execute(insert(telegram_albums).values(**values, at=clock.now(), is_taken=False))
    if not await outbox.waits(work.connection, row_key):
        due = clock.later(clock.now(), ALBUM_SETTLES)
        await outbox.put(work, ALBUM, row_key, {"session": session_id, "album": album}, due)


async def is_in_album(connection: AsyncConnection, update_id: int) -> bool:
    """Whether an update brought a picture of an album, whether that was taken or waits for the rest."""
    query = select(telegram_albums.c.update_id).where(telegram_albums.c.update_id == update_id)
    return (await connection.execute(query)).first() is not None


@dataclass(frozen=True)
class Album:
    """What has come of an album.

    Args:
        first: The update that brought the first picture.
        files: The pictures, in their order.
        newest: When the last one came.
    """

    first: int
    files: tuple[FileId, ...]
    newest: datetime


async def album(connection: AsyncConnection, session_id: str, name: str) -> Album | None:
    """What has come of an album and was not taken; None when nothing waits."""
    of_album = (telegram_albums.c.session_id == session_id, telegram_albums.c.album == name)
    waits = telegram_albums.c.is_taken.is_(False)
    query = select(telegram_albums).where(*of_album, waits).order_by(telegram_albums.c.update_id)
    rows = (await connection.execute(query)).all()
    if not rows:
        return None
    return Album(rows[0].update_id, tuple(FileId(row.file_id) for row in rows), max(row.at for row in rows))


async def note_taken(work: UnitOfWork, session_id: str, album: Album) -> None:
    """Notes that pictures were taken; an update that brings one again is still known."""
    of_files = telegram_albums.c.file_id.in_(album.files)
    taken = update(telegram_albums).where(telegram_albums.c.session_id == session_id, of_files)
    await work.connection.execute(taken.values(is_taken=True))
