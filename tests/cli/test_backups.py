"""Backups: made while the program runs, whole or refused, and never with a key; on both engines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from alembic import command
from pydantic import SecretStr
from sqlalchemy import Connection, func, select, text

from base.database import Database
from base.encryption import KeyRing
from base.keys import FILE_NAME, secrets_of
from base.migrations import configuration
from base.settings import Settings
from bot.backup import archive, making, postgresql, restoring
from bot.backup.archive import BackupFailed, BackupUnusable, Manifest
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.files.store import FileStore
from casework.submissions import Kind, Submission, SubmissionStore
from conversations import store as chats
from conversations.models import Debug, Draft, State
from conversations.tables import chat_sessions, turns
from tests.support.commands import assert_one_line, bare_environment, cornavin

SECRET = "the secret of the test"
PDF = b"%PDF-1.7 a certificate"
SAID = "Je suis malade depuis lundi"


def kept_with(folder: Path, url: str = "", secret: str | None = SECRET) -> Settings:
    """Settings of an installation."""
    return Settings(data_dir=folder, database_url=url, secret_key=SecretStr(secret) if secret else None)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    database = Database(settings.database_url)
    try:
        yield database
    finally:
        await database.close()


def store_of(settings: Settings) -> SubmissionStore:
    keys = KeyRing(secrets_of(settings))
    return SubmissionStore(keys, FileStore(keys))


async def filled(settings: Settings) -> Submission:
    """A database with a conversation, in which a document was handed in."""
    store = store_of(settings)
    async with opened(settings) as database:
        await database.migrate()
        session_id = await speak(database, SAID)
        async with database.unit_of_work() as work:
            file = await store.files.keep(work, session_id, "certificat.pdf", Prepared(PDF, FileKind.PDF, 1))
            content = {"type": "cv", "name": "certificat.pdf"}
            return await store.record(
                work, session_id=session_id, person_id="p-1", kind=Kind.DOCUMENT, content=content, file_ids=[file.id]
            )


async def speak(database: Database, said: str) -> str:
    """A new conversation with one turn; both in one transaction."""
    async with database.unit_of_work() as work:
        session, _ = await chats.open_session(work, "web", "fr")
        debug = Debug().model_dump(mode="json")
        await chats.record_turn(work, session.id, session.id, "1", [Draft("user", said, "fr")], State(), debug)
    return session.id


async def assert_all_there(settings: Settings, submission: Submission) -> None:
    store = store_of(settings)
    async with opened(settings) as database, database.reading() as connection:
        found = await store.find(connection, submission.id)
        assert found == submission
        assert await store.files.read(connection, submission.files[0].file_id, None) == PDF
        (message,) = await chats.history(connection, str(submission.session_id))
        assert message.text == SAID


async def emptied(settings: Settings) -> None:
    """The database as it is before the first start."""
    async with opened(settings) as database:
        if database.is_sqlite:
            Path(str(database.url.database)).unlink()  # noqa: ASYNC240  # a small file
        else:
            async with database.unit_of_work() as work:
                for statement in ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"):
                    await work.connection.execute(text(statement))


async def test_everything_can_be_read_after_it_was_restored_into_nothing(database_url: str, tmp_path: Path) -> None:
    settings = kept_with(tmp_path, database_url)
    submission = await filled(settings)
    made = await making.make(settings, tmp_path / "backup.tar")
    assert made.secrets == (KeyRing(secrets_of(settings)).current,)
    await emptied(settings)
    assert await restoring.restore(settings, tmp_path / "backup.tar") == made
    await assert_all_there(settings, submission)
    async with opened(settings) as database:
        assert await speak(database, "Et maintenant ?")


async def test_what_is_there_is_overwritten_only_when_that_is_said(database_url: str, tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path, database_url), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    async with opened(settings) as database:
        later = await speak(database, "Ceci vient après")
    with pytest.raises(BackupFailed, match="holds something already; add --replace"):
        await restoring.restore(settings, backup)
    async with opened(settings) as database, database.reading() as connection:
        assert await chats.session_exists(connection, later)
    await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)
    async with opened(settings) as database, database.reading() as connection:
        assert not await chats.session_exists(connection, later)


async def test_backup_made_while_others_write_holds_one_consistent_state(database_url: str, tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path, database_url), tmp_path / "backup.tar"
    await filled(settings)
    async with opened(settings) as database:
        making_it = asyncio.create_task(asyncio.to_thread(asyncio.run, making.make(settings, backup)))
        while not making_it.done():
            await speak(database, "Je continue")
            await asyncio.sleep(0)
        await making_it
    await restoring.restore(settings, backup, replaces=True)
    async with opened(settings) as database, database.reading() as connection:
        sessions, said = [
            (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (chat_sessions, turns)
        ]
    assert sessions == said >= 1


@pytest.mark.parametrize("secret", [SECRET, None], ids=["set", "made"])
async def test_no_key_and_no_content_of_a_file_is_in_the_archive(tmp_path: Path, secret: str | None) -> None:
    settings, backup = kept_with(tmp_path, secret=secret), tmp_path / "backup.tar"
    await filled(settings)
    await making.make(settings, backup)
    content = backup.read_bytes()
    (used,) = secrets_of(settings)
    for hidden in (used.encode(), FILE_NAME.encode(), PDF, b"certificat.pdf"):
        assert hidden not in content
    assert SAID.encode() in content, "the search would find nothing anyway"
    assert backup.stat().st_mode & 0o077 == 0


async def test_what_was_erased_is_in_no_backup(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    submission = await filled(settings)
    async with opened(settings) as database, database.unit_of_work() as work:
        await chats.erase(work, str(submission.session_id))
    await making.make(settings, backup)
    assert SAID.encode() not in backup.read_bytes()


async def test_missing_secret_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path / "old"), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    name = KeyRing(secrets_of(settings)).current
    for secret in ("another secret and long", None):
        elsewhere = kept_with(tmp_path / "new", secret=secret)
        with pytest.raises(BackupUnusable, match=f"without the secret {name}; add it to CORNAVIN_SECRET_KEY"):
            await restoring.restore(elsewhere, backup)
        assert not elsewhere.data_dir.exists()
    both = kept_with(tmp_path / "new", secret="another secret and long,the secret of the test")
    await restoring.restore(both, backup)
    await assert_all_there(both, submission)
    lost = kept_with(tmp_path / "lost", secret="another secret and long")
    await restoring.restore(lost, backup, even_unreadable=True)
    async with opened(lost) as database, database.reading() as connection:
        assert await chats.history(connection, str(submission.session_id))


def cut(size: int) -> Callable[[bytes], bytes]:
    return lambda content: content[:size] if size >= 0 else content.rstrip(b"\0")[:size]


def spoilt(content: bytes) -> bytes:
    place = content.index(SAID.encode())
    return content[:place] + b"T" + content[place + 1 :]


@pytest.mark.parametrize(
    "damage",
    [cut(0), cut(1), cut(511), cut(700), cut(1024), cut(100_000), cut(-1), spoilt, lambda _: b"Dear diary, " * 500],
    ids=["empty", "1", "511", "700", "1024", "100000", "last-byte", "one-byte-differs", "something-else"],
)
async def test_damaged_archive_is_refused_before_anything_is_changed(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    backup.write_bytes(damage(backup.read_bytes()))
    with pytest.raises(BackupUnusable, match="damaged or cut off; use another one; nothing was changed"):
        await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)
    assert sorted(os.listdir(tmp_path)) == ["backup.tar", "cornavin.db"], "something was left behind"  # noqa: PTH208  # quick


def rewritten(backup: Path, change: Callable[[Manifest], Manifest]) -> None:
    """The archive says something else of itself."""
    copied = backup.with_name("copied")
    with archive.opened(backup) as (made, content):
        archive.extract(backup, content, made.database, copied)
    archive.write(backup, change(made), copied)
    copied.unlink()


async def test_backup_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    rewritten(backup, lambda made: made.model_copy(update={"revision": "9999"}))
    with pytest.raises(BackupUnusable, match=r"newer version of Cornavin \(revision 9999\); restore it with that"):
        await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)


async def test_archive_of_an_unknown_format_is_refused(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    await filled(settings)
    await making.make(settings, backup)
    rewritten(backup, lambda made: made.model_copy(update={"format": 2}))
    with pytest.raises(BackupUnusable, match="a format that this version does not know"):
        await restoring.restore(settings, backup, replaces=True)


async def test_copy_of_another_kind_of_database_is_refused(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    await filled(settings)
    await making.make(settings, backup)
    with pytest.raises(BackupUnusable, match=r"another kind of database \(sqlite\)"):
        await restoring.restore(kept_with(tmp_path, "postgresql://nobody@127.0.0.1:9/x"), backup)


async def test_backup_of_an_older_version_is_made_and_brought_up_to_date(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"

    def to_the_first_revision(connection: Connection) -> None:
        command.upgrade(configuration(connection), "0001")

    async with opened(settings) as database, database.engine.connect() as connection:
        await connection.run_sync(to_the_first_revision)
        await connection.commit()
    assert (await making.make(settings, backup)).revision == "0001"
    await restoring.restore(settings, backup, replaces=True)
    async with opened(settings) as database:
        assert await speak(database, SAID)


async def test_nothing_is_replaced_under_a_program_that_runs(database_url: str, tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path, database_url), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    async with opened(settings) as running:
        await running.ping()
        with pytest.raises(BackupFailed, match=r"programs? works? with .*; stop (it|them) first"):
            await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)


async def test_damaged_database_can_be_replaced(tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    (tmp_path / "cornavin.db").write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(BackupFailed, match="cannot be copied"):
        await making.make(settings, tmp_path / "other.tar")
    await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)


async def test_tools_of_postgresql_that_are_not_there_are_named(
    postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, backup = kept_with(tmp_path, postgresql_url), tmp_path / "backup.tar"
    submission = await filled(settings)
    await making.make(settings, backup)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql, "_DEBIAN", str(tmp_path / "{tool}-{major}"))
    with pytest.raises(BackupFailed, match=r"pg_dump of PostgreSQL \d+ is not installed; install it"):
        await making.make(settings, tmp_path / "other.tar")
    with pytest.raises(BackupFailed, match=r"pg_restore of PostgreSQL \d+ is not installed; install it"):
        await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)
    assert not (tmp_path / "other.tar").exists()


async def test_restore_that_fails_half_way_changes_nothing_on_postgresql(postgresql_url: str, tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path, postgresql_url), tmp_path / "backup.tar"
    submission = await filled(settings)
    async with opened(settings) as database, database.unit_of_work() as work:
        await work.connection.execute(text("CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'"))
    await making.make(settings, backup)  # the function is in it, and is there already
    with pytest.raises(BackupFailed, match=r"psql failed \(.*mine.* already exists"):
        await restoring.restore(settings, backup, replaces=True)
    await assert_all_there(settings, submission)


async def test_tables_of_somebody_else_are_not_removed(postgresql_url: str, tmp_path: Path) -> None:
    settings, backup = kept_with(tmp_path, postgresql_url), tmp_path / "backup.tar"
    await filled(settings)
    await making.make(settings, backup)
    await emptied(settings)
    async with opened(settings) as database, database.unit_of_work() as work:
        await work.connection.execute(text("CREATE TABLE of_somebody_else (id int)"))
    with pytest.raises(BackupFailed, match="holds tables that are not this version's"):
        await restoring.restore(settings, backup, replaces=True)


def test_commands_say_what_they_did_and_what_is_wrong(tmp_path: Path) -> None:
    environment, backup = bare_environment(tmp_path / "data"), str(tmp_path / "backup.tar")
    asyncio.run(filled(kept_with(tmp_path / "data", secret=None)))
    made = cornavin(environment, "backup", backup)
    assert made.returncode == 0, made.stderr
    assert "can be read with the secret" in made.stdout
    assert_one_line(cornavin(environment, "restore", backup), "--replace")
    restored = cornavin(environment, "restore", backup, "--replace")
    assert restored.returncode == 0, restored.stderr
    assert "Restored as it was on" in restored.stdout
