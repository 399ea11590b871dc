"""Files are kept encrypted, given to their conversation alone, and deleted in time; on both engines."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs

from base import clock
from base.database import Database, unit_of_work
from base.encryption import DataKey, KeyRing, Undecipherable, WrappedKey
from base.outbox import Worker
from casework import sealing
from casework.files.intake import Intake
from casework.files.limits import MEBIBYTE, Kind, Prepared
from casework.files.refusals import Reason, Refused
from casework.files.store import KEPT_AFTER_DELIVERY, KEPT_UNSENT, MOST_FILES, FileStore, StoredFile, clean_name, files
from casework.files.workshop import Workshop
from casework.submissions import Kind as SubmissionKind
from casework.submissions import SubmissionStore
from conversations import store as chats
from tests.casework.files import samples

PDF = b"%PDF-1.7 not really"
NAME = "CV Amélie Dupont.pdf"
OLD, NEW = "old secret" * 4, "new secret" * 4


@pytest.fixture
def store() -> FileStore:
    return FileStore(KeyRing([OLD]))


async def begun(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "web", "fr")
    return session.id


async def kept(database: Database, store: FileStore, session_id: str, pdf: bytes = PDF) -> StoredFile:
    async with database.unit_of_work() as work:
        return await store.keep(work, session_id, NAME, Prepared(pdf, Kind.JPEG, 1))


async def content(database: Database, store: FileStore, file: StoredFile, session_id: str | None) -> bytes | None:
    async with database.reading() as connection:
        return await store.read(connection, file.id, session_id)


async def run_outbox(database: Database, store: FileStore) -> int:
    async def give_up(*_: object) -> None:
        raise AssertionError("a deletion was given up")

    worker = Worker(database, Intake(database, store, Workshop(), None).handlers, give_up)
    return await worker.tick(clock.now())


async def test_file_comes_back_as_it_was_kept(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    async with database.reading() as connection:
        assert await store.find(connection, file.id, session_id) == file
    assert (file.name, file.kind, file.size) == (NAME, Kind.JPEG, len(PDF))
    assert file.delete_at == clock.now() + KEPT_UNSENT
    assert await content(database, store, file, session_id) == PDF


async def test_nothing_of_the_file_can_be_read_in_the_database(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    for _ in range(2):
        await kept(database, store, session_id)
    async with database.reading() as connection:
        rows = (await connection.execute(select(files))).all()
    assert not any(word in repr(rows).lower() for word in ("pdf", "dupont"))
    assert rows[0].content != rows[1].content
    assert rows[0].key != rows[1].key


async def test_other_conversation_does_not_get_the_file(database: Database, store: FileStore) -> None:
    file = await kept(database, store, await begun(database))
    other = await begun(database)
    assert await content(database, store, file, other) is None
    assert await content(database, store, file, None) is None
    async with database.unit_of_work() as work:
        assert not await store.entrust(work, file.id, other)


@pytest.mark.parametrize("column", ["content", "key"])
async def test_changed_file_is_not_given_out(database: Database, store: FileStore, column: str) -> None:
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    async with database.unit_of_work() as work:
        written = (await work.connection.execute(select(files.c[column]))).scalar_one()
        changed = written[:-1] + bytes([written[-1] ^ 1])
        await work.connection.execute(update(files).values({column: changed}))
    with pytest.raises(Undecipherable):
        await content(database, store, file, session_id)


async def test_content_of_one_file_cannot_stand_in_for_another(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    first, second = await kept(database, store, session_id), await kept(database, store, session_id, b"%PDF other")
    async with database.unit_of_work() as work:
        row = (await work.connection.execute(select(files).where(files.c.id == first.id))).mappings().one()
        swapped = {name: row[name] for name in ("content", "name", "key", "key_wrapped_by")}
        await work.connection.execute(update(files).where(files.c.id == second.id).values(**swapped))
    with pytest.raises(Undecipherable):
        await content(database, store, second, session_id)


async def test_secret_can_be_changed(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    both, new = FileStore(KeyRing([NEW, OLD])), FileStore(KeyRing([NEW]))
    assert await content(database, both, file, session_id) == PDF
    with pytest.raises(Undecipherable):
        await content(database, new, file, session_id)
    async with database.unit_of_work() as work:
        submission = await SubmissionStore(KeyRing([OLD]), store).record(
            work, session_id=session_id, person_id="p-1", kind=SubmissionKind.DOCUMENT, content={"type": "cv"}
        )
    assert await sealing.wrap_anew(database, KeyRing([NEW, OLD])) == 2
    assert await sealing.wrap_anew(database, KeyRing([NEW, OLD])) == 0
    assert await content(database, new, file, session_id) == PDF
    async with database.reading() as connection:
        read = await SubmissionStore(KeyRing([NEW]), new).find(connection, submission.id)
        assert read is not None
        assert read.content == {"type": "cv"}
        assert await sealing.unreadable(connection, KeyRing([NEW])) == 0
        assert await sealing.unreadable(connection, KeyRing([OLD])) == 2
    with pytest.raises(Undecipherable):
        await content(database, store, file, session_id)


async def test_damaged_key_is_counted_and_stops_no_other(
    database: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.sealing.AT_A_TIME", 2)
    session_id = await begun(database)
    ids = sorted([(await kept(database, store, session_id)).id for _ in range(5)])
    async with database.unit_of_work() as work:
        await work.connection.execute(update(files).where(files.c.id == ids[1]).values(key=b"rubbish"))
    both = KeyRing([NEW, OLD])
    with capture_logs() as logged:
        assert await sealing.wrap_anew(database, both) == 4
    assert [(entry["event"], entry["table"], entry["count"]) for entry in logged] == [
        ("sealing.keys_damaged", "files", 1)
    ]
    async with database.reading() as connection:
        assert await sealing.damaged(connection, both) == 1
        assert await sealing.damaged(connection, KeyRing([NEW])) == 0, "that one is not of this secret"
        assert await sealing.unreadable(connection, KeyRing([NEW])) == 1
        assert await sealing.secrets_in_use(connection) == both.names


async def test_file_that_was_not_sent_is_deleted_in_time(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    with clock.at(clock.now() + KEPT_UNSENT - timedelta(seconds=1)):
        assert await run_outbox(database, store) == 0
        assert await content(database, store, file, session_id) == PDF
    with clock.at(clock.now() + KEPT_UNSENT):
        assert await run_outbox(database, store) == 1
        assert await content(database, store, file, session_id) is None
    async with database.reading() as connection:
        row = (await connection.execute(select(files))).one()
    assert (row.name, row.content, row.key) == (None, None, None)
    assert row.deleted_at == clock.now() + KEPT_UNSENT
    assert row.sha256 == file.sha256


async def test_entrusted_file_outlives_its_conversation_until_it_is_delivered(
    database: Database, store: FileStore
) -> None:
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    async with database.unit_of_work() as work:
        assert await store.entrust(work, file.id, session_id)
        await chats.erase(work, session_id)
    with clock.at(clock.now() + 10 * KEPT_UNSENT):
        assert await run_outbox(database, store) == 1
        assert await content(database, store, file, None) == PDF
        for _ in range(2):
            async with database.unit_of_work() as work:
                await store.delivered(work, file.id)
        with clock.at(clock.now() + KEPT_AFTER_DELIVERY):
            assert await run_outbox(database, store) == 1
            assert await content(database, store, file, None) is None


async def test_erasing_a_conversation_erases_its_files(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    await kept(database, store, session_id)
    async with database.unit_of_work() as work:
        await chats.erase(work, session_id)
    async with database.reading() as connection:
        assert (await connection.execute(select(files))).all() == []
    with clock.at(clock.now() + KEPT_UNSENT):
        assert await run_outbox(database, store) == 1


async def test_conversation_holds_only_so_many_files(database: Database, store: FileStore) -> None:
    session_id = await begun(database)
    for _ in range(MOST_FILES):
        await kept(database, store, session_id)
    with pytest.raises(Refused) as refused:
        await kept(database, store, session_id)
    assert refused.value.reason is Reason.TOO_MANY_FILES
    assert await kept(database, store, await begun(database))


async def test_conversation_holds_only_so_many_bytes(
    database: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.files.store.MOST_BYTES", MEBIBYTE)
    session_id = await begun(database)
    file = await kept(database, store, session_id, b"x" * MEBIBYTE)
    with pytest.raises(Refused):
        await kept(database, store, session_id)
    async with database.unit_of_work() as work:
        await store.delete(work, file.id)
    assert await kept(database, store, session_id)


async def test_all_conversations_together_hold_only_so_many_bytes_that_are_not_sent(
    database: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.files.store.MOST_BYTES_UNSENT", MEBIBYTE)
    session_id, other = await begun(database), await begun(database)
    file = await kept(database, store, session_id, b"x" * MEBIBYTE)
    with pytest.raises(Refused) as refused:
        await kept(database, store, other)
    assert refused.value.reason is Reason.NO_ROOM
    async with database.unit_of_work() as work:
        assert await store.entrust(work, file.id, session_id)
    assert await kept(database, store, other)


@asynccontextmanager
async def while_it_is_sent(database: Database, store: FileStore, file: StoredFile) -> AsyncIterator[None]:
    """What happens in the block begins once a submission has taken the file, and before that has committed."""
    assert file.session_id
    async with database.unit_of_work() as work:
        assert await store.entrust(work, file.id, file.session_id)
        yield
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not (await work.connection.execute(waiting)).scalar_one():  # noqa: ASYNC110  # the lock tells nobody
            await asyncio.sleep(0.01)


async def test_file_that_a_submission_has_just_taken_is_not_removed(postgresql_url: str, store: FileStore) -> None:
    database = Database(postgresql_url)
    await database.migrate()
    session_id = await begun(database)
    file = await kept(database, store, session_id)
    intake = Intake(database, store, Workshop(), None)
    async with while_it_is_sent(database, store, file):
        removed = asyncio.create_task(intake.remove(session_id, file.id))
    assert await removed is False
    assert await content(database, store, file, None) == PDF
    await database.close()


async def test_file_that_a_submission_has_just_taken_is_not_deleted_for_its_age(
    postgresql_url: str, store: FileStore
) -> None:
    database = Database(postgresql_url)
    await database.migrate()
    file = await kept(database, store, await begun(database))
    with clock.at(clock.now() + KEPT_UNSENT):
        async with while_it_is_sent(database, store, file):
            ticked = asyncio.create_task(run_outbox(database, store))
        assert await ticked == 1
    assert await content(database, store, file, None) == PDF
    await database.close()


class WatchedKey(DataKey):
    """Notes where it encrypts and decrypts contents."""

    threads: list[bool]

    def encrypt(self, content: bytes, part: str) -> bytes:
        if part == "content":
            with pytest.raises(LookupError):
                unit_of_work()  # the context goes along into the thread
            self.threads.append(threading.current_thread() is threading.main_thread())
        return super().encrypt(content, part)

    def decrypt(self, encrypted: bytes, part: str) -> bytes:
        if part == "content":
            self.threads.append(threading.current_thread() is threading.main_thread())
        return super().decrypt(encrypted, part)


class WatchedRing(KeyRing):
    """Gives out watched keys."""

    def __init__(self) -> None:
        super().__init__([OLD])
        self.threads: list[bool] = []

    def new_key(self, owner: str) -> tuple[DataKey, WrappedKey]:
        _, wrapped = super().new_key(owner)
        return self.unwrap(wrapped, owner), wrapped

    def unwrap(self, wrapped: WrappedKey, owner: str) -> DataKey:
        key = WatchedKey(self._unwrapped(wrapped, owner), owner)
        key.threads = self.threads
        return key


async def test_contents_are_encrypted_before_the_transaction_and_beside_the_event_loop(database: Database) -> None:
    ring = WatchedRing()
    store, session_id = FileStore(ring), await begun(database)
    file = await Intake(database, store, Workshop(), None).take(session_id, NAME, samples.pdf())
    assert await content(database, store, file, session_id)
    assert ring.threads == [False, False]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("CV.pdf", "CV.pdf"),
        ("IMG_1234.HEIC", "IMG_1234.pdf"),
        ("C:\\Users\\Amélie\\CV v2.1.docx", "CV v2.1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("fdp\u202egpj.exe", "fdpgpj.pdf"),
        ("a\nb\0.pdf", "ab.pdf"),
        ("", "document.pdf"),
        (".pdf", "pdf.pdf"),
        ("x" * 500 + ".pdf", "x" * 80 + ".pdf"),
    ],
)
def test_name_is_shown_without_tricks(given: str, shown: str) -> None:
    assert clean_name(given) == shown
