"""The database and its unit of work, on both engines."""

import asyncio
import socket
import stat
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, create_engine, func, insert, inspect, select
from sqlalchemy.exc import IntegrityError, StatementError

import base.migrations
import bot.engine.tracker_store  # noqa: F401  # every table must be known to `metadata`
import casework.canned_answers  # noqa: F401  # as above
from base import clock
from base.database import Database, DatabaseUnavailable, Effect, UnitOfWork, metadata, unit_of_work
from base.outbox import outbox, put
from base.paths import PROJECT
from base.settings import Settings
from casework.cases import Matter, open_case
from conversations.tables import turns

MIGRATES_WHEN_TOLD = """
import asyncio, sys

import base.migrations
from base.database import Database

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(Database(sys.argv[1]).migrate())
"""


class Refused(Exception):
    """What goes wrong in these tests."""


async def note(work: UnitOfWork, what: str) -> int:
    """Writes something that can be told apart afterwards."""
    return await put(work, "note", what, {})


async def noted(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list((await connection.execute(select(outbox.c.key).order_by(outbox.c.id))).scalars())


def seen_from_outside(url: URL) -> int:
    """How many rows another program would see at this very moment."""
    engine = create_engine(url.set(drivername=url.drivername.replace("+inline", "")))
    with engine.connect() as connection:
        count = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
    engine.dispose()
    return count


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


# The unit of work


async def test_what_belongs_together_commits_together(database: Database) -> None:
    async with database.unit_of_work() as work:
        await note(work, "one")
        await note(work, "two")
        assert seen_from_outside(database.url) == 0
    assert await noted(database) == ["one", "two"]


async def test_nothing_remains_of_a_unit_of_work_that_fails(database: Database) -> None:
    async def failing() -> None:
        async with database.unit_of_work() as work:
            await note(work, "one")
            raise Refused

    with pytest.raises(Refused):
        await failing()
    assert await noted(database) == []


async def test_nothing_remains_of_a_unit_of_work_that_is_cancelled(database: Database) -> None:
    written = asyncio.Event()

    async def cancelled() -> None:
        async with database.unit_of_work() as work:
            await note(work, "one")
            written.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(cancelled())
    await written.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.unit_of_work() as work:
        await note(work, "two")
    assert await noted(database) == ["two"]


async def test_running_unit_of_work_is_found_without_being_handed_on(database: Database) -> None:
    with pytest.raises(LookupError):
        unit_of_work()
    async with database.unit_of_work() as work:
        assert unit_of_work() is work
    with pytest.raises(LookupError):
        unit_of_work()


async def test_failed_attempt_undoes_its_own_part_only(database: Database) -> None:
    called: list[str] = []

    async def failing(work: UnitOfWork) -> None:
        async with work.attempt():
            await note(work, "attempted")
            work.effect("set_reminder")
            work.after_commit(lambda: called.append("attempted"))
            work.outcome = "cancelled"
            raise Refused

    async with database.unit_of_work() as work:
        await note(work, "before")
        work.effect("save_effort", month="2026-03")
        work.after_commit(lambda: called.append("before"))
        work.outcome = "submitted"
        with pytest.raises(Refused):
            await failing(work)
        await note(work, "after")
        work.after_commit(lambda: called.append("after"))
        assert [(effect.op, dict(effect.payload)) for effect in work.effects] == [("save_effort", {"month": "2026-03"})]
        assert work.outcome == "submitted"
    assert await noted(database) == ["before", "after"]
    assert called == ["before", "after"]


async def test_successful_attempt_is_kept(database: Database) -> None:
    called: list[str] = []
    async with database.unit_of_work() as work:
        async with work.attempt():
            await note(work, "attempted")
            work.effect("set_reminder")
            work.after_commit(lambda: called.append("attempted"))
            work.outcome = "submitted"
        assert [effect.op for effect in work.effects] == ["set_reminder"]
        assert work.outcome == "submitted"
    assert await noted(database) == called == ["attempted"]


async def test_work_goes_on_after_the_database_refused_a_statement_of_an_attempt(database: Database) -> None:
    async with database.unit_of_work() as work:
        row_id = await note(work, "before")
        with pytest.raises(IntegrityError):
            async with work.attempt():
                await work.connection.execute(
                    insert(outbox).values(
                        id=row_id,
                        kind="note",
                        key="twice",
                        payload={},
                        due_at=clock.now(),
                        next_attempt_at=clock.now(),
                        created_at=clock.now(),
                    )
                )
        await note(work, "after")
    assert await noted(database) == ["before", "after"]


async def test_effect_cannot_be_changed_afterwards(database: Database) -> None:
    async with database.unit_of_work() as work:
        work.effect("save_effort", month="2026-03")
        (effect,) = work.effects
        assert isinstance(effect, Effect)
        with pytest.raises(TypeError):
            effect.payload["month"] = "2026-04"  # type: ignore[index]


async def test_callbacks_run_once_the_rest_of_the_world_sees_the_commit(database: Database) -> None:
    seen: list[int] = []
    async with database.unit_of_work() as work:
        await note(work, "one")
        work.after_commit(lambda: seen.append(seen_from_outside(database.url)))
        await note(work, "two")
        assert seen == []
    assert seen == [2]


async def test_callbacks_never_run_without_a_commit(database: Database) -> None:
    called: list[str] = []

    async def failing() -> None:
        async with database.unit_of_work() as work:
            work.after_commit(lambda: called.append("now"))
            raise Refused

    with pytest.raises(Refused):
        await failing()
    async with database.unit_of_work() as work:
        await note(work, "later")
    assert called == []


async def test_inserted_row_is_given_by_its_number(database: Database) -> None:
    async with database.unit_of_work() as work:
        row_id = await note(work, "one")
        found = select(outbox.c.id).where(outbox.c.key == "one")
        assert (await work.connection.execute(found)).scalar_one() == row_id


# One after another


async def section(database: Database, key: str, course: list[str]) -> None:
    """Reads, takes its time, and writes what it read: two at once would both write the same."""
    async with database.unit_of_work(serialise=key) as work:
        course.append("in")
        count = (await work.connection.execute(select(func.count()).select_from(outbox))).scalar_one()
        await asyncio.sleep(0.01)
        await note(work, f"saw {count}")
        course.append("out")


async def test_units_of_work_with_the_same_key_run_one_after_another(database: Database) -> None:
    course: list[str] = []
    await asyncio.gather(*(section(database, "chat", course) for _ in range(5)))
    assert course == ["in", "out"] * 5
    assert await noted(database) == ["saw 0", "saw 1", "saw 2", "saw 3", "saw 4"]


async def test_units_of_work_of_two_processes_run_one_after_another_on_postgresql(postgresql_url: str) -> None:
    course: list[str] = []
    async with opened(postgresql_url) as one, opened(postgresql_url) as other:
        await one.migrate()
        await asyncio.gather(*(section(database, "chat", course) for database in (one, other) * 3))
        assert await noted(one) == [f"saw {count}" for count in range(6)]
    assert course == ["in", "out"] * 6


async def test_next_of_the_same_key_runs_after_one_that_failed(database: Database) -> None:
    with pytest.raises(Refused):
        async with database.unit_of_work(serialise="chat"):
            raise Refused
    async with asyncio.timeout(5), database.unit_of_work(serialise="chat") as work:
        await note(work, "next")
    assert await noted(database) == ["next"]


async def test_units_of_work_with_other_keys_run_side_by_side_on_postgresql(postgresql_url: str) -> None:
    async with (
        opened(postgresql_url) as database,
        asyncio.timeout(10),
        database.unit_of_work(serialise="one"),
        database.unit_of_work(serialise="other") as work,
    ):
        await work.connection.execute(select(1))


# Reading


async def test_reader_sees_one_state_while_others_write(database: Database) -> None:
    async with database.reading() as connection:
        count = select(func.count()).select_from(outbox)
        assert (await connection.execute(count)).scalar_one() == 0
        async with database.unit_of_work() as work:
            await note(work, "meanwhile")
        assert (await connection.execute(count)).scalar_one() == 0
    assert await noted(database) == ["meanwhile"]


async def test_database_that_is_there_answers(database: Database) -> None:
    await database.ping()


# Moments


async def test_moment_comes_back_the_same_in_zurich(database: Database) -> None:
    winter, summer = (
        datetime(2026, 1, 15, 23, 30, tzinfo=UTC),
        datetime(2026, 7, 15, 12, 0, 0, 123456, tzinfo=clock.ZONE),
    )
    async with database.unit_of_work() as work:
        for moment in (winter, summer):
            await put(work, "note", "key", {}, due=moment)
    async with database.reading() as connection:
        found = list((await connection.execute(select(outbox.c.due_at).order_by(outbox.c.id))).scalars())
    assert found == [winter, summer]
    assert [moment.tzinfo for moment in found] == [clock.ZONE, clock.ZONE]
    assert [moment.hour for moment in found] == [0, 12]


async def test_hour_that_comes_twice_in_autumn_is_not_confused(database: Database) -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    async with database.unit_of_work() as work:
        for moment in (first, first + timedelta(hours=1)):
            await put(work, "note", "key", {}, due=moment)
    async with database.reading() as connection:
        found = list((await connection.execute(select(outbox.c.due_at).order_by(outbox.c.due_at))).scalars())
    assert [moment.astimezone(UTC) for moment in found] == [first, first + timedelta(hours=1)]


async def test_moments_are_compared_as_moments_whatever_their_zone(database: Database) -> None:
    noon = datetime(2026, 7, 15, 12, 0, tzinfo=clock.ZONE)
    async with database.unit_of_work() as work:
        await put(work, "note", "key", {}, due=noon)
    async with database.reading() as connection:
        for bound, expected in ((noon.astimezone(UTC), 1), (noon.astimezone(UTC) + timedelta(seconds=1), 0)):
            query = select(func.count()).select_from(outbox).where(outbox.c.due_at >= bound)
            assert (await connection.execute(query)).scalar_one() == expected


async def test_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs a time zone"):
        async with database.unit_of_work() as work:
            await put(work, "note", "key", {}, due=datetime(2026, 7, 15))
    assert await noted(database) == []


# Migrations


async def test_migrations_make_the_tables_that_the_code_describes(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "target_metadata": metadata})
        return list(compare_metadata(context, metadata))

    async with database.reading() as connection:
        assert await connection.run_sync(differences) == []
        tables = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    assert tables == {*metadata.tables, "alembic_version"}


async def test_migrating_again_keeps_what_is_there(database: Database) -> None:
    async with database.unit_of_work() as work:
        await note(work, "kept")
    await database.migrate()
    assert await noted(database) == ["kept"]


async def test_replicas_may_migrate_at_once_on_postgresql(bare_postgresql_url: str) -> None:
    replicas = [Database(bare_postgresql_url) for _ in range(5)]
    await asyncio.gather(*(replica.ping() for replica in replicas))  # connected, so that they begin together
    async with asyncio.timeout(30):
        await asyncio.gather(*(replica.migrate() for replica in replicas))
    assert await noted(replicas[0]) == []
    for replica in replicas:
        await replica.close()


async def test_processes_may_migrate_at_once_on_sqlite(bare_sqlite_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATES_WHEN_TOLD, bare_sqlite_url, cwd=PROJECT, stdin=PIPE, stdout=PIPE
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0]
    async with opened(bare_sqlite_url) as database:
        assert await noted(database) == []


async def test_reference_to_nothing_is_refused_on_every_connection(database: Database) -> None:
    values = {"id": "t", "session_id": "nobody", "client_id": "c", "at": clock.now(), "state": {}, "debug": {}}

    async def orphan() -> None:
        async with database.unit_of_work() as work:
            await work.connection.execute(insert(turns).values(**values))

    with pytest.raises(IntegrityError):
        await orphan()
    async with database.reading():  # keeps the connection that migrated, so that another is opened
        with pytest.raises(IntegrityError):
            await orphan()


# Databases that are not as they should be


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that is taken, so that nobody else answers there, but at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


@pytest.mark.parametrize(
    "address", ["clerk:hunter2@127.0.0.1:{port}/cornavin", "clerk@127.0.0.1:{port}/cornavin?password=hunter2"]
)
async def test_unreachable_server_is_named_in_one_line_without_the_password(silent_port: int, address: str) -> None:
    url = Settings(database_url=f"postgresql://{address.format(port=silent_port)}").database_url
    async with opened(url) as database:
        with pytest.raises(DatabaseUnavailable) as refused:
            await database.migrate()
    message = str(refused.value)
    assert f"127.0.0.1:{silent_port}/cornavin" in message
    assert "CORNAVIN_DATABASE_URL" in message
    assert "hunter2" not in message
    assert len(message.splitlines()) == 1


async def test_folder_in_place_of_the_sqlite_file_is_named_in_one_line(tmp_path: Path) -> None:
    async with opened(Settings(database_url=f"sqlite:///{tmp_path}").database_url) as database:
        with pytest.raises(DatabaseUnavailable) as refused:
            await database.migrate()
    assert str(tmp_path) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


async def test_file_that_is_no_database_is_named_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "cornavin.db"
    file.write_bytes(b"Dear diary, " * 1000)
    async with opened(Settings(database_url=f"sqlite:///{file}").database_url) as database:
        with pytest.raises(DatabaseUnavailable) as refused:
            await database.migrate()
    assert str(file) in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


async def test_data_folder_that_cannot_be_made_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", encoding="utf-8")
    url = Settings(database_url=f"sqlite:///{tmp_path / 'data' / 'cornavin.db'}").database_url
    with pytest.raises(DatabaseUnavailable) as refused:
        await Database(url).migrate()
    assert len(str(refused.value).splitlines()) == 1


async def test_folder_of_the_sqlite_file_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "folder" / "cornavin.db"
    async with opened(Settings(database_url=f"sqlite:///{file}").database_url) as database:
        await database.migrate()
        assert await noted(database) == []
    assert file.exists()


async def test_sqlite_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "cornavin.db"
    async with opened(Settings(database_url=f"sqlite:///{file}").database_url) as database:
        await database.migrate()
        for name in ("cornavin.db", "cornavin.db-wal", "cornavin.db-shm"):
            assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


async def test_rights_to_a_sqlite_file_that_is_there_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "cornavin.db"
    file.touch()
    file.chmod(0o640)
    async with opened(Settings(database_url=f"sqlite:///{file}").database_url) as database:
        await database.migrate()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


async def test_database_of_a_newer_version_is_named_in_one_line(sqlite_url: str) -> None:
    async with opened(sqlite_url) as database:
        await database.migrate()
        async with database.unit_of_work() as work:
            await work.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(
            DatabaseUnavailable, match=r"newer version of Cornavin \(revision 9999\).* start that version"
        ):
            await database.migrate()


async def test_references_are_guarded_again_after_a_migration_that_failed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE half (done INTEGER)")
        raise OSError("the disk is full")

    async with opened(sqlite_url) as database:
        await database.migrate()
        monkeypatch.setattr(base.migrations, "upgrade", fails)
        with pytest.raises(DatabaseUnavailable, match="the disk is full"):
            await database.migrate()
        async with database.reading() as connection:
            assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar_one() == 1
            assert not await connection.run_sync(lambda bound: inspect(bound).has_table("half"))


@pytest.mark.parametrize("nested", [True, False])
async def test_database_in_memory_is_read_while_a_unit_of_work_is_open(nested: bool) -> None:
    async with opened(Settings(database_url="sqlite://").database_url) as database:
        await database.migrate()
        async with database.unit_of_work() as work:
            await note(work, "first")
            # A task of its own, begun before the unit of work, waits; what runs inside of it sees what it did.
            reading = asyncio.get_running_loop().create_task(noted(database), context=None if nested else Context())
            await asyncio.sleep(0)
            if nested:
                assert await reading == ["first"]
        assert await reading == ["first"]


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
async def test_database_in_memory_works_and_leaves_no_file(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    async def failing(database: Database) -> None:
        async with database.unit_of_work() as work:
            await note(work, "undone")
            raise Refused

    async with opened(Settings(database_url=url).database_url) as database:
        await database.migrate()
        async with database.unit_of_work() as work:
            await note(work, "kept")
        with pytest.raises(Refused):
            await failing(database)
        assert await noted(database) == ["kept"]
    assert not any(tmp_path.iterdir())  # noqa: ASYNC240  # an empty folder does not block


async def _case_of_nobody(database: Database) -> None:
    async with database.unit_of_work() as work:
        await open_case(work, "nobody", Matter("756.1234", "fr"))


async def test_failing_statement_does_not_name_what_was_typed(database: Database) -> None:
    with pytest.raises(IntegrityError) as failure:
        await _case_of_nobody(database)
    assert "756.1234" not in str(failure.value)
