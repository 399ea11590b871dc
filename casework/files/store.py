"""The files themselves: encrypted in the database, one key for each, and deleted in time.

A file belongs to its conversation until it is entrusted to a submission; then erasing the conversation does not take it
away any more. Every file has a row in the outbox that deletes it, from the moment it is kept.
"""

import asyncio
import contextlib
import hashlib
import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Integer,
    LargeBinary,
    RowMapping,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, UnitOfWork, metadata
from base.encryption import DataKey, KeyRing, Undecipherable, WrappedKey
from casework.files.limits import MEBIBYTE, Kind, Prepared
from casework.files.refusals import Reason, Refused

log = structlog.get_logger(__name__)

DELETE = "files.delete"
"""Kind of the outbox rows that delete a file."""
FILES = "files"
"""Under which they are counted once they are deleted."""
KEPT_UNSENT, KEPT_AFTER_DELIVERY, KEPT_STUCK = timedelta(days=7), timedelta(days=30), timedelta(days=90)
MOST_FILES, MOST_BYTES = 40, 80 * MEBIBYTE
"""What a conversation may hold at a time."""
MOST_BYTES_UNSENT = 2048 * MEBIBYTE
"""What all conversations together may hold at a time, whatever the disk has."""
LONGEST_NAME = 80

_CONTENT, _NAME = "content", "name"

files = Table(
    "files",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("session_id", ForeignKey("chat_sessions.id", ondelete="CASCADE"), index=True),
    Column("kind", String(8), nullable=False),
    Column("pages", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("delete_at", Instant),
    Column("deleted_at", Instant),
    # What follows is gone once the file is deleted.
    Column("name", LargeBinary),
    Column("content", LargeBinary),
    Column("key", LargeBinary),
    Column("key_wrapped_by", String(16), index=True),
)


@dataclass(frozen=True)
class StoredFile:
    """A file that is kept, without its content.

    Args:
        id: Names it; unguessable.
        session_id: The conversation it belongs to; None once it is entrusted to a submission.
        name: What the person called it, with the ending `.pdf`.
        kind: What it was made from.
        pages: How many it has.
        size: Of the PDF, in bytes.
        sha256: Of the PDF.
        created_at: When it came.
        delete_at: When it will be deleted; None while a submission has it and has not delivered it.
    """

    id: str
    session_id: str | None
    name: str = field(repr=False)
    kind: Kind
    pages: int
    size: int
    sha256: str
    created_at: datetime
    delete_at: datetime | None


@dataclass(frozen=True)
class Sealed:
    """A file ready to be kept: what takes time with its bytes is done.

    Args:
        file_id: What it will be called.
        key: Encrypts its name, too.
        wrapped: The key as it is kept.
        content: Encrypted.
        prepared: What it is, for all but its bytes.
        sha256: Of the PDF.
    """

    file_id: str
    key: DataKey = field(repr=False)
    wrapped: WrappedKey = field(repr=False)
    content: bytes = field(repr=False)
    prepared: Prepared
    sha256: str


class FileStore:
    """Keeps files.

    Args:
        keys: What encrypts them.
        after_delivery: How long they are kept once they were delivered.
        stuck: How long they are kept once it is certain that they cannot be delivered.
    """

    def __init__(
        self, keys: KeyRing, after_delivery: timedelta = KEPT_AFTER_DELIVERY, stuck: timedelta = KEPT_STUCK
    ) -> None:
        self._keys = keys
        self._after_delivery, self._stuck = after_delivery, stuck

    async def seal(self, prepared: Prepared) -> Sealed:
        """Hashes and encrypts a file beside the event loop. Before a transaction, so that none waits for it."""
        return await asyncio.to_thread(self._seal, prepared)

    def _seal(self, prepared: Prepared) -> Sealed:
        file_id = str(uuid.uuid4())
        key, wrapped = self._keys.new_key(file_id)
        content, sha256 = key.encrypt(prepared.pdf, _CONTENT), hashlib.sha256(prepared.pdf).hexdigest()
        return Sealed(file_id, key, wrapped, content, prepared, sha256)

    async def keep(self, work: UnitOfWork, session_id: str, name: str, file: Prepared | Sealed) -> StoredFile:
        """Keeps a file of a conversation, for `KEPT_UNSENT` unless it is sent.

        Args:
            file: Sealed by now, unless it is small.

        Raises:
            Refused: When the conversation holds too much already, or all of them together.
        """
        sealed = await self.seal(file) if isinstance(file, Prepared) else file
        await _check_room(work.connection, session_id, len(sealed.prepared.pdf))
        moment = clock.now() + KEPT_UNSENT
        stored = await self._insert(work, session_id, clean_name(name), sealed, moment)
        await _delete_at(work, stored.id, moment)
        return stored

    async def keep_for_submission(self, work: UnitOfWork, file: Prepared | Sealed) -> StoredFile:
        """Keeps a file that was made for a submission, without a date until `delivered`; see `keep`."""
        sealed = await self.seal(file) if isinstance(file, Prepared) else file
        return await self._insert(work, None, clean_name(""), sealed, None)

    async def _insert(
        self, work: UnitOfWork, session_id: str | None, name: str, sealed: Sealed, delete_at: datetime | None
    ) -> StoredFile:
        row = {
            "id": sealed.file_id,
            "session_id": session_id,
            "kind": sealed.prepared.kind,
            "pages": sealed.prepared.pages,
            "size": len(sealed.prepared.pdf),
            "sha256": sealed.sha256,
            "created_at": clock.now(),
            "delete_at": delete_at,
        }
        secret = {
            "name": sealed.key.encrypt(name.encode(), _NAME),
            "content": sealed.content,
            "key": sealed.wrapped.content,
            "key_wrapped_by": sealed.wrapped.wrapped_by,
        }
        await work.connection.execute(insert(files).values(**row, **secret))
        return _stored(row, name)

    async def find(self, connection: AsyncConnection, file_id: str, session_id: str | None) -> StoredFile | None:
        """A file that is kept; None when this conversation has no such file.

        Args:
            session_id: Whose it must be; None for one that is entrusted to a submission.

        Raises:
            Undecipherable: When its secret is missing, or somebody changed it.
        """
        columns = [column for column in files.c if column is not files.c.content]
        row = (await connection.execute(select(*columns).where(*_kept(file_id, session_id)))).mappings().one_or_none()
        return _stored(row, self._key(row).decrypt(row["name"], _NAME).decode()) if row else None

    async def has(self, connection: AsyncConnection, file_id: str, session_id: str) -> bool:
        """Whether this conversation has such a file."""
        query = select(files.c.id).where(*_kept(file_id, session_id))
        return (await connection.execute(query)).one_or_none() is not None

    async def names(self, connection: AsyncConnection, file_ids: Collection[str]) -> Mapping[str, str]:
        """What files that are kept are called, by their id; for who knows already whose they are.

        One whose secret is missing is left out.
        """
        if not file_ids:
            return {}
        query = select(files.c.id, files.c.name, files.c.key, files.c.key_wrapped_by).where(
            files.c.id.in_(file_ids), files.c.deleted_at.is_(None)
        )
        found: dict[str, str] = {}
        for row in (await connection.execute(query)).mappings():
            with contextlib.suppress(Undecipherable):
                found[row["id"]] = self._key(row).decrypt(row["name"], _NAME).decode()
        return found

    async def read(self, connection: AsyncConnection, file_id: str, session_id: str | None) -> bytes | None:
        """The PDF; None when this conversation has no such file.

        Raises:
            Undecipherable: As `find`.
        """
        query = select(files).where(*_kept(file_id, session_id))
        row = (await connection.execute(query)).mappings().one_or_none()
        return await asyncio.to_thread(self._key(row).decrypt, row["content"], _CONTENT) if row else None

    async def entrust(self, work: UnitOfWork, file_id: str, session_id: str) -> bool:
        """Takes a file out of its conversation for a submission, which then says when it has been delivered.

        It is kept without a date until `delivered`.

        Returns:
            False when the conversation has no such file.
        """
        changed = await work.connection.execute(
            update(files).where(*_kept(file_id, session_id)).values(session_id=None, delete_at=None)
        )
        return changed.rowcount == 1

    async def move(self, work: UnitOfWork, file_ids: Collection[str], session_id: str, to: str) -> None:
        """Takes files of a conversation that no submission has into another one; their dates stay."""
        mine = (files.c.id.in_(file_ids), files.c.session_id == session_id)
        await work.connection.execute(update(files).where(*mine).values(session_id=to))

    async def give_back(self, work: UnitOfWork, file_ids: Collection[str], session_id: str) -> None:
        """Gives files that a submission had back to a conversation; their dates stay."""
        theirs = (files.c.id.in_(file_ids), files.c.session_id.is_(None), files.c.deleted_at.is_(None))
        await work.connection.execute(update(files).where(*theirs).values(session_id=session_id))

    async def copy(self, work: UnitOfWork, file_id: str, session_id: str, name: str) -> StoredFile | None:
        """Keeps a second one of a submission's file for a conversation of the same person, as `keep`.

        Returns:
            None when the file is not kept any more.

        Raises:
            Refused: As `keep`.
            Undecipherable: As `find`.
        """
        stored, pdf = await self.find(work.connection, file_id, None), await self.read(work.connection, file_id, None)
        if stored is None or pdf is None:
            return None
        return await self.keep(work, session_id, name, Prepared(pdf, stored.kind, stored.pages))

    async def delivered(self, work: UnitOfWork, file_id: str) -> None:
        """Has an entrusted file deleted a while after it arrived; saying so again changes nothing."""
        await self._delete_after(work, file_id, self._after_delivery)

    async def given_up(self, work: UnitOfWork, file_id: str) -> None:
        """Has an entrusted file deleted that did not arrive, when whoever looks after it has had the time to."""
        await self._delete_after(work, file_id, self._stuck)

    async def _delete_after(self, work: UnitOfWork, file_id: str, after: timedelta) -> None:
        moment = clock.now() + after
        changed = await work.connection.execute(
            update(files).where(*_kept(file_id, None), files.c.delete_at.is_(None)).values(delete_at=moment)
        )
        if changed.rowcount == 1:
            await _delete_at(work, file_id, moment)

    async def delete(self, work: UnitOfWork, file_id: str) -> None:
        """Destroys the file, its name and its key; that it was there, and its hash, remain for the receipt."""
        await _destroy(work, files.c.id == file_id, files.c.deleted_at.is_(None))

    async def delete_unsent(self, work: UnitOfWork, file_id: str, session_id: str) -> bool:
        """Destroys a file of a conversation, unless a submission has taken it meanwhile.

        Returns:
            False when the conversation has no such file.
        """
        return await _destroy(work, *_kept(file_id, session_id)) == 1

    async def delete_if_due(self, work: UnitOfWork, file_id: str) -> bool:
        """What an outbox row of the kind `DELETE` asks for: a file that was sent meanwhile has a later date.

        Returns:
            Whether the file is deleted now.
        """
        due = files.c.delete_at <= clock.now()
        return await _destroy(work, files.c.id == file_id, files.c.deleted_at.is_(None), due) == 1

    def _key(self, row: RowMapping) -> DataKey:
        return self._keys.unwrap(WrappedKey(row["key_wrapped_by"], row["key"]), row["id"])


async def kept_unsent(connection: AsyncConnection, session_id: str) -> Mapping[str, int]:
    """The files of a conversation that no submission has, the oldest first: how many pages, by id."""
    query = select(files.c.id, files.c.pages).where(files.c.session_id == session_id, files.c.deleted_at.is_(None))
    return {row.id: row.pages for row in await connection.execute(query.order_by(files.c.created_at, files.c.id))}


def is_held_unsent(session_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a conversation has files that no submission has: a condition for queries."""
    return select(files.c.id).where(files.c.session_id == session_id, files.c.deleted_at.is_(None)).exists()


async def hold_unsent(work: UnitOfWork, file_ids: Collection[str]) -> None:
    """Keeps files of conversations for as long as a human works with them: until `let_unsent_go`."""
    theirs = (files.c.id.in_(file_ids), files.c.session_id.is_not(None), files.c.deleted_at.is_(None))
    await work.connection.execute(update(files).where(*theirs).values(delete_at=None))


async def let_unsent_go(work: UnitOfWork, file_ids: Collection[str]) -> None:
    """Has files that were held deleted `KEPT_UNSENT` from now, unless they are sent."""
    moment = clock.now() + KEPT_UNSENT
    for file_id in file_ids:
        theirs = (files.c.id == file_id, files.c.session_id.is_not(None), files.c.delete_at.is_(None))
        if (await work.connection.execute(update(files).where(*theirs).values(delete_at=moment))).rowcount == 1:
            await _delete_at(work, file_id, moment)


async def destroy_overdue(work: UnitOfWork, before: datetime, most: int) -> int:
    """Destroys files whose date has passed by then: those whose own row of the outbox could not do it.

    Returns:
        How many; `most` at a time.
    """
    is_overdue = (files.c.delete_at <= before, files.c.deleted_at.is_(None))
    found = select(files.c.id).where(*is_overdue).limit(most)
    return await _destroy(work, files.c.id.in_(found), *is_overdue)


async def delete_traces(work: UnitOfWork, before: datetime, most: int) -> int:
    """Deletes what remains of files that were destroyed by then: size and hash, which submissions keep themselves.

    Returns:
        How many; `most` at a time.
    """
    found = select(files.c.id).where(files.c.deleted_at <= before).limit(most)
    return (await work.connection.execute(delete(files).where(files.c.id.in_(found)))).rowcount


async def forget_unsent(work: UnitOfWork, session_id: str) -> None:
    """Removes the files of a conversation that no submission has, and what would have deleted them in time."""
    mine = files.c.session_id == session_id
    rows = (await work.connection.execute(select(files.c.id, files.c.delete_at).where(mine))).all()
    await outbox.forget(work, *(_key(row.id, row.delete_at) for row in rows if row.delete_at is not None))
    await work.connection.execute(delete(files).where(mine))


def clean_name(name: str) -> str:
    """The name to show: without folders, ending and characters that are not seen, and with the ending `.pdf`."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        character for character in unicodedata.normalize("NFC", last) if unicodedata.category(character)[0] != "C"
    )
    stem = seen.rsplit(".", 1)[0] if "." in seen.strip(".") else seen
    return f"{stem.strip(' .')[:LONGEST_NAME].strip() or 'document'}.pdf"


async def _destroy(work: UnitOfWork, *conditions: Any) -> int:
    """How many were destroyed. One statement, so that no other transaction comes between the conditions and the deed."""
    nothing = {"name": None, "content": None, "key": None, "key_wrapped_by": None}
    changed = await work.connection.execute(update(files).where(*conditions).values(**nothing, deleted_at=clock.now()))
    return changed.rowcount


async def _check_room(connection: AsyncConnection, session_id: str, size: int) -> None:
    mine = select(func.count(), func.coalesce(func.sum(files.c.size), 0)).where(
        files.c.session_id == session_id, files.c.deleted_at.is_(None)
    )
    count, total = (await connection.execute(mine)).one()
    if count >= MOST_FILES or total + size > MOST_BYTES:
        raise Refused(Reason.TOO_MANY_FILES)
    unsent = select(func.coalesce(func.sum(files.c.size), 0)).where(
        files.c.session_id.is_not(None), files.c.deleted_at.is_(None)
    )
    if (await connection.execute(unsent)).scalar_one() + size > MOST_BYTES_UNSENT:
        log.error("files.no_room", most=MOST_BYTES_UNSENT, remedy="wait; what is not sent is deleted after 7 days")
        raise Refused(Reason.NO_ROOM)


async def _delete_at(work: UnitOfWork, file_id: str, moment: datetime) -> None:
    await outbox.put(work, DELETE, _key(file_id, moment), {"file": file_id}, due=moment)


def _key(file_id: str, moment: datetime) -> str:
    return f"file:{file_id}:{moment.timestamp():.0f}"


def _kept(file_id: str, session_id: str | None) -> tuple[Any, ...]:
    return files.c.id == file_id, files.c.session_id == session_id, files.c.deleted_at.is_(None)


def _stored(row: Any, name: str) -> StoredFile:
    return StoredFile(
        id=row["id"],
        session_id=row["session_id"],
        name=name,
        kind=Kind(row["kind"]),
        pages=row["pages"],
        size=row["size"],
        sha256=row["sha256"],
        created_at=row["created_at"],
        delete_at=row["delete_at"],
    )
