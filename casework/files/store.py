"""The files themselves: encrypted in the database, one key for each, and deleted in time.

A file belongs to its conversation until it is entrusted to a submission; then erasing the conversation does not take it
away any more. Every file has a row in the outbox that deletes it, from the moment it is kept.
"""

import contextlib
import hashlib
import unicodedata
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, RowMapping, String, Table, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock, outbox
from base.database import Instant, UnitOfWork, metadata
from base.encryption import DataKey, KeyRing, Undecipherable, WrappedKey
from casework.files.limits import MEBIBYTE, Kind, Prepared
from casework.files.refusals import Reason, Refused

DELETE = "files.delete"
"""Kind of the outbox rows that delete a file."""
KEPT_UNSENT, KEPT_AFTER_DELIVERY = timedelta(days=7), timedelta(days=30)
MOST_FILES, MOST_BYTES = 40, 80 * MEBIBYTE
"""What a conversation may hold at a time."""
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


class FileStore:
    """Keeps files.

    Args:
        keys: What encrypts them.
    """

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def keep(self, work: UnitOfWork, session_id: str, name: str, prepared: Prepared) -> StoredFile:
        """Keeps a file of a conversation, for `KEPT_UNSENT` unless it is sent.

        Raises:
            Refused: When the conversation holds too much already.
        """
        await _check_room(work.connection, session_id, len(prepared.pdf))
        moment = clock.now() + KEPT_UNSENT
        stored = await self._insert(work, session_id, clean_name(name), prepared, moment)
        await _delete_at(work, stored.id, moment)
        return stored

    async def keep_for_submission(self, work: UnitOfWork, prepared: Prepared) -> StoredFile:
        """Keeps a file that was made for a submission, without a date until `delivered`."""
        return await self._insert(work, None, clean_name(""), prepared, None)

    async def _insert(
        self, work: UnitOfWork, session_id: str | None, name: str, prepared: Prepared, delete_at: datetime | None
    ) -> StoredFile:
        file_id = str(uuid.uuid4())
        key, wrapped = self._keys.new_key(file_id)
        row = {
            "id": file_id,
            "session_id": session_id,
            "kind": prepared.kind,
            "pages": prepared.pages,
            "size": len(prepared.pdf),
            "sha256": hashlib.sha256(prepared.pdf).hexdigest(),
            "created_at": clock.now(),
            "delete_at": delete_at,
        }
        sealed = {
            "name": key.encrypt(name.encode(), _NAME),
            "content": key.encrypt(prepared.pdf, _CONTENT),
            "key": wrapped.content,
            "key_wrapped_by": wrapped.wrapped_by,
        }
        await work.connection.execute(insert(files).values(**row, **sealed))
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
        return self._key(row).decrypt(row["content"], _CONTENT) if row else None

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

    async def delivered(self, work: UnitOfWork, file_id: str, after: timedelta = KEPT_AFTER_DELIVERY) -> None:
        """Has an entrusted file deleted a while after it arrived; saying so again changes nothing."""
        moment = clock.now() + after
        changed = await work.connection.execute(
            update(files).where(*_kept(file_id, None), files.c.delete_at.is_(None)).values(delete_at=moment)
        )
        if changed.rowcount == 1:
            await _delete_at(work, file_id, moment)

    async def delete(self, work: UnitOfWork, file_id: str) -> None:
        """Destroys the file, its name and its key; that it was there, and its hash, remain for the receipt."""
        nothing = {"name": None, "content": None, "key": None, "key_wrapped_by": None}
        await work.connection.execute(
            update(files)
            .where(files.c.id == file_id, files.c.deleted_at.is_(None))
            .values(**nothing, deleted_at=clock.now())
        )

    async def delete_if_due(self, work: UnitOfWork, file_id: str) -> bool:
        """What an outbox row of the kind `DELETE` asks for: a file that was sent meanwhile has a later date.

        Returns:
            Whether the file is deleted now.
        """
        query = select(files.c.delete_at).where(files.c.id == file_id, files.c.deleted_at.is_(None))
        due = (await work.connection.execute(query)).scalar_one_or_none()
        if due is None or due > clock.now():
            return False
        await self.delete(work, file_id)
        return True

    def _key(self, row: RowMapping) -> DataKey:
        return self._keys.unwrap(WrappedKey(row["key_wrapped_by"], row["key"]), row["id"])


async def kept_unsent(connection: AsyncConnection, session_id: str) -> Mapping[str, int]:
    """The files of a conversation that no submission has, the oldest first: how many pages, by id."""
    query = select(files.c.id, files.c.pages).where(files.c.session_id == session_id, files.c.deleted_at.is_(None))
    return {row.id: row.pages for row in await connection.execute(query.order_by(files.c.created_at, files.c.id))}


def clean_name(name: str) -> str:
    """The name to show: without folders, ending and characters that are not seen, and with the ending `.pdf`."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        character for character in unicodedata.normalize("NFC", last) if unicodedata.category(character)[0] != "C"
    )
    stem = seen.rsplit(".", 1)[0] if "." in seen.strip(".") else seen
    return f"{stem.strip(' .')[:LONGEST_NAME].strip() or 'document'}.pdf"


async def _check_room(connection: AsyncConnection, session_id: str, size: int) -> None:
    mine = select(func.count(), func.coalesce(func.sum(files.c.size), 0)).where(
        files.c.session_id == session_id, files.c.deleted_at.is_(None)
    )
    count, total = (await connection.execute(mine)).one()
    if count >= MOST_FILES or total + size > MOST_BYTES:
        raise Refused(Reason.TOO_MANY_FILES)


async def _delete_at(work: UnitOfWork, file_id: str, moment: datetime) -> None:
    await outbox.put(work, DELETE, f"file:{file_id}:{moment.timestamp():.0f}", {"file": file_id}, due=moment)


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
