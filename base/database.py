"""One database, SQLite or PostgreSQL, and the unit of work in which everything that belongs together commits."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Connection, CursorResult, DateTime, Dialect, MetaData, event, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator, TypeEngine

import base.sqlite_dialect  # noqa: F401  # registers the driver `sqlite+inline`
from base import clock
from base.errors import OperatorError

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table of every floor registers here; base/migrations creates them."""

Json = JSON().with_variant(JSONB(), "postgresql")

SWITCHES, BETWEEN_SWITCHES = 100, 0.05
"""How often a new SQLite file is asked for its write-ahead log, and how many seconds lie between."""

_UTC = ZoneInfo("UTC")


class Instant(TypeDecorator[datetime]):
    """A moment: stored in UTC, given back aware in Europe/Zurich."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        in_utc = value.astimezone(_UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (value.replace(tzinfo=_UTC) if value.tzinfo is None else value).astimezone(clock.ZONE)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        return self


class DatabaseUnavailable(OperatorError):
    """The database does not answer or refuses us."""


@dataclass(frozen=True)
class Effect:
    """Something a turn did that outlives it; reported in debug mode.

    Args:
        op: One of the operations named in the chat API contract, e.g. `create_handover`.
        payload: What it was done with; never personal data.
    """

    op: str
    payload: MappingProxyType[str, Any]


@dataclass(frozen=True)
class Awaited:
    """News that usually come at once after a turn has committed, such as that a submission was received.

    Args:
        otherwise: Response that is said when they do not.
        values: What its placeholders stand for.
    """

    otherwise: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass
class UnitOfWork:
    """One transaction, and what is to happen once it has committed."""

    connection: AsyncConnection
    wake_workers: Callable[[], None] = lambda: None
    """Lets the workers of this process look for rows of the outbox; for `after_commit`."""
    effects: list[Effect] = field(default_factory=list)
    outcome: str | None = None
    """How a task ended in this turn, if one did: a `conversations.models.Phase`."""
    progress: Mapping[str, Any] = field(default_factory=dict)
    """How far the task under way is: `step`, `steps` and `expects` of `conversations.models.State`."""
    is_taken: bool = False
    """Whether a task took the message for itself."""
    is_passing: bool = False
    """Whether what is said in this turn is forgotten once the conversation pauses."""
    understood: dict[str, Any] = field(default_factory=dict)
    """What the task under way knows, by the names of the chat API's debug slots; JSON values, nothing personal."""
    awaits: Awaited | None = None
    """What the answer to this turn waits for, once it has committed."""
    erases: tuple[str, ...] = ()
    """Conversations that are erased once this turn is answered."""
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    def effect(self, op: str, **payload: Any) -> None:
        """Notes that this turn did something that outlives it."""
        self.effects.append(Effect(op, MappingProxyType(payload)))

    async def serialise(self, key: str) -> bool:
        """Has this unit of work run alone with another key, too, unless one of that key runs already.

        Returns:
            False when it does: waiting for it could wait for ever.
        """
        if self.connection.dialect.name == "sqlite":
            return True  # one writer
        query = select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0)))
        return bool((await self.connection.execute(query)).scalar_one())

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Calls `callback` once the transaction has committed, and never if it does not."""
        self._after_commit.append(callback)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """A part that may fail by itself: when it raises, what it did is undone and the rest can go on."""
        effects, callbacks, outcome = len(self.effects), len(self._after_commit), self.outcome
        progress, is_taken, understood, awaits = self.progress, self.is_taken, dict(self.understood), self.awaits
        erases = self.erases
        try:
            async with self.connection.begin_nested():
                yield
        except BaseException:
            del self.effects[effects:], self._after_commit[callbacks:]
            self.outcome, self.progress, self.is_taken = outcome, progress, is_taken
            self.understood, self.awaits, self.erases = understood, awaits, erases
            raise


_current: ContextVar[UnitOfWork] = ContextVar("unit_of_work")


def unit_of_work() -> UnitOfWork:
    """The unit of work of the running turn.

    Raises:
        LookupError: Outside of `Database.unit_of_work`.
    """
    return _current.get()


class Database:
    """The program's database.

    Args:
        url: SQLAlchemy address with an asynchronous driver, as `Settings.database_url` gives it.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._create_engine()
        # SQLite has one writer. Queueing for it here is fair and quick; its own waiting sleeps and retries.
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._in_memory = self.is_sqlite and self.url.database in {None, "", ":memory:"}
        self.workers: set[Callable[[], None]] = set()
        """Each wakes a worker of this process that waits for rows of the outbox."""

    def _create_engine(self) -> AsyncEngine:
        if not self.is_sqlite:
            return create_async_engine(
                self.url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
            )
        engine = create_async_engine(self.url, hide_parameters=True)  # what people type must not reach the log
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    @property
    def name(self) -> str:
        """The address without what must not be shown, such as a password."""
        return self.url.set(password=None, query={}).render_as_string()

    @asynccontextmanager
    async def unit_of_work(self, *, serialise: str | None = None) -> AsyncIterator[UnitOfWork]:
        """A transaction that commits when the block ends and is undone when it raises.

        Args:
            serialise: Units of work with the same key run one after another, in every process that shares the database.
        """
        if self._writer is None:
            async with self._transaction(serialise) as work:
                yield work
        else:
            async with self._writer, self._transaction(None) as work:
                yield work
        for callback in work._after_commit:
            callback()

    @asynccontextmanager
    async def _transaction(self, advisory_key: str | None) -> AsyncIterator[UnitOfWork]:
        async with self.engine.connect() as connection, connection.begin():
            if advisory_key is not None:
                await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(advisory_key, 0))))
            work = UnitOfWork(connection, self._wake_workers)
            token = _current.set(work)
            try:
                yield work
            finally:
                _current.reset(token)

    def _wake_workers(self) -> None:
        for wake in self.workers:
            wake()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only reads, and sees one consistent state."""
        running = _current.get(None)
        if self._in_memory and running is not None and running.connection.engine is self.engine:
            yield running.connection  # there is no other connection to the same data
            return
        async with self._alone_in_memory(), self.engine.connect() as connection:
            if self.is_sqlite:
                await connection.execution_options(reads_only=True)
            else:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def _alone_in_memory(self) -> AsyncIterator[None]:
        """A database in memory has one connection only, so that even readers take turns."""
        if self._in_memory and self._writer is not None:
            async with self._writer:
                yield
        else:
            yield

    async def migrate(self) -> None:
        """Brings the tables to the state this version needs.

        Raises:
            DatabaseUnavailable: When the database cannot be reached or written, or a newer version has changed it.
        """
        from base.migrations import NewerDatabase, upgrade

        try:
            if self.is_sqlite and not self._in_memory:
                _make_private(Path(str(self.url.database)))
            async with self.engine.connect() as connection, self._migrating(connection):
                await connection.run_sync(upgrade)
                await connection.commit()
        except NewerDatabase as error:
            raise DatabaseUnavailable(
                cause=f"the database {self.name} was made by a newer version of Cornavin (revision {error})",
                remedy="start that version, or set CORNAVIN_DATABASE_URL to another database",
            ) from error
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseUnavailable(
                cause=f"the database {self.name} cannot be used ({str(error).splitlines()[0]})",
                remedy="check CORNAVIN_DATA_DIR or CORNAVIN_DATABASE_URL and the rights to the folder"
                if self.is_sqlite
                else "check CORNAVIN_DATABASE_URL and that the server runs",
            ) from error

    @asynccontextmanager
    async def _migrating(self, connection: AsyncConnection) -> AsyncIterator[None]:
        """Lets one process migrate at a time, and SQLite's tables be rebuilt without deleting what refers to them."""
        if not self.is_sqlite:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("migrate", 0))))
            yield
            return
        driver: Any = (await connection.get_raw_connection()).driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")  # has no effect once a transaction has begun
        try:
            yield
        finally:
            await connection.rollback()
            driver.execute("PRAGMA foreign_keys = ON")

    async def ping(self) -> None:
        """Raises SQLAlchemyError or OSError when the database does not answer."""
        async with self.reading() as connection:
            await connection.execute(select(1))

    async def close(self) -> None:
        await self.engine.dispose()


def _make_private(file: Path) -> None:
    """Makes a file that is not there yet; only its owner may read it, and what SQLite puts beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)


def inserted_id(result: CursorResult[Any]) -> int:
    """The number that the database gave to the row just inserted."""
    key = result.inserted_primary_key
    if key is None:
        raise LookupError("the statement inserted no row with a key")
    return int(key[0])


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin_sqlite, not by the driver
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 5000")
    _use_write_ahead_log(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Makes readers and the writer of a file independent of each other; the file remembers it.

    The first switch needs the file for itself and, unlike every other statement, does not wait for its turn.
    """
    for attempt in range(1, SWITCHES + 1):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or attempt == SWITCHES:
                raise
            time.sleep(BETWEEN_SWITCHES)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reads_only = connection.get_execution_options().get("reads_only", False)
    # A deferred transaction that turns into a writer can fail half-way; a writer says so at once.
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")
