"""The way in for files: nothing is kept that was not looked through, read to its end, and made harmless."""

from collections.abc import Mapping, Sequence

from base import deletions
from base.database import Database
from base.outbox import Handler, Item
from casework.files.limits import Prepared
from casework.files.refusals import Reason, Refused
from casework.files.scanning import Scanner, Verdict
from casework.files.store import DELETE, FILES, FileStore, StoredFile
from casework.files.workshop import Workshop


class Intake:
    """Takes files.

    Args:
        database: Where they are kept.
        store: How they are kept.
        workshop: Where they are decoded.
        scanner: Looks them through first, when there is one; then no clean verdict means no file.
    """

    def __init__(self, database: Database, store: FileStore, workshop: Workshop, scanner: Scanner | None) -> None:
        self._database = database
        self.store = store
        self._workshop = workshop
        self._scanner = scanner

    async def take(self, session_id: str, name: str, data: bytes) -> StoredFile:
        """Takes a file that was sent in a conversation.

        Outside of a turn: reading a file takes longer than a transaction should.

        Args:
            name: What it is called where it comes from; it decides nothing.
            data: Its bytes.

        Raises:
            Refused: When it is not taken; nothing of it is kept.
            WorkshopFailed: When it could not be read now.
        """
        sealed = await self.store.seal(await self.check(data))
        async with self._database.unit_of_work(serialise=f"files:{session_id}") as work:  # each is counted by the next
            return await self.store.keep(work, session_id, name, sealed)

    async def check(self, data: bytes) -> Prepared:
        """What `take` does before it keeps a file.

        Raises:
            Refused: As `take`.
            WorkshopFailed: As `take`.
        """
        if not data:
            raise Refused(Reason.EMPTY)
        if len(data) > self._workshop.limits.max_bytes:
            raise Refused(Reason.TOO_BIG)
        if self._scanner is not None:
            verdict = await self._scanner.scan(data)
            if verdict is not Verdict.CLEAN:
                raise Refused(Reason.INFECTED if verdict is Verdict.INFECTED else Reason.NOT_SCANNED)
        return await self._workshop.prepare(data)

    async def joined(self, session_id: str, file_ids: Sequence[str], max_bytes: int) -> Prepared:
        """The files of a conversation as one PDF for an e-service.

        Args:
            file_ids: In the order of the pages; at least one.
            max_bytes: What the e-service takes, e.g. `law.documents.LIMITS`.

        Raises:
            LookupError: When the conversation has no such file.
            Refused: When they do not fit and stay legible.
            WorkshopFailed: When they could not be joined now.
            Undecipherable: When a file cannot be decrypted.
        """
        async with self._database.reading() as connection:
            contents = [await self.store.read(connection, file_id, session_id) for file_id in file_ids]
        found = [content for content in contents if content is not None]
        if len(found) != len(contents):
            raise LookupError("the conversation has no such file")
        return await self._workshop.join(found, max_bytes)

    async def remove(self, session_id: str, file_id: str) -> bool:
        """Destroys a file of a conversation before its time.

        Returns:
            False when the conversation has no such file.
        """
        async with self._database.unit_of_work() as work:
            return await self.store.delete_unsent(work, file_id, session_id)

    @property
    def handlers(self) -> Mapping[str, Handler]:
        """The kind of outbox rows that deletes files."""
        return {DELETE: self._delete}

    async def _delete(self, item: Item) -> None:
        async with self._database.unit_of_work() as work:
            if await self.store.delete_if_due(work, str(item.payload["file"])):
                await deletions.note(work, FILES, 1)
