"""Telling whoever waits for something that it is there, in this process and in others on the same database."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterator

import psycopg
import structlog
from sqlalchemy import func, select

from base.database import Database, UnitOfWork

log = structlog.get_logger(__name__)

_CHANNEL = "cornavin"
_RETRY_SECONDS = 5


class Signals:
    """Wakes those who watch a topic when a unit of work that announced it has committed.

    A signal can be lost, for example while the connection to PostgreSQL is renewed; who waits must look for itself
    from time to time.

    Args:
        database: SQLite serves one process; on PostgreSQL, LISTEN and NOTIFY reach every process.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._watchers: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextlib.contextmanager
    def watch(self, topic: str) -> Iterator[asyncio.Event]:
        """An event that is set at every announcement of the topic, and to be cleared by who waits for it."""
        event = asyncio.Event()
        self._watchers[topic].add(event)
        try:
            yield event
        finally:
            self._watchers[topic].discard(event)
            if not self._watchers[topic]:
                del self._watchers[topic]

    @staticmethod
    async def wait(event: asyncio.Event, seconds: float) -> None:
        """Waits for an event that `watch` gave, `seconds` at the most."""
        with contextlib.suppress(TimeoutError):  # not wait_for(): in Python 3.11 it can swallow a cancellation
            async with asyncio.timeout(seconds):
                await event.wait()

    async def announce(self, work: UnitOfWork, topic: str) -> None:
        """Announces a topic as soon as the unit of work has committed."""
        if self._database.is_sqlite:
            work.after_commit(lambda: self._wake(topic))
        else:
            await work.connection.execute(select(func.pg_notify(_CHANNEL, topic)))

    async def listen(self) -> None:
        """Receives the announcements of all processes until cancelled; nothing to do on SQLite."""
        while not self._database.is_sqlite:
            try:
                await self._receive()
            except psycopg.OperationalError:
                log.warning("signals.connection_lost", retry_seconds=_RETRY_SECONDS)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _receive(self) -> None:
        address = self._database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            async for notification in connection.notifies():
                self._wake(notification.payload)

    def _wake(self, topic: str) -> None:
        for event in self._watchers.get(topic, ()):
            event.set()
