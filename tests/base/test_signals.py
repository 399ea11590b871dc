"""Telling whoever waits, on both engines."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from base.database import Database
from base.signals import Signals


class Refused(Exception):
    """What goes wrong in these tests."""


async def announce(database: Database, signals: Signals, *topics: str) -> None:
    async with database.unit_of_work() as work:
        for topic in topics:
            await signals.announce(work, topic)


async def announce_and_fail(database: Database, signals: Signals, topic: str) -> None:
    async with database.unit_of_work() as work:
        await signals.announce(work, topic)
        raise Refused


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Signals]:
    """Signals that receive what is announced, here and in other processes."""
    signals = Signals(database)
    task = asyncio.create_task(signals.listen())
    try:
        async with asyncio.timeout(10):
            with signals.watch("ready") as ready:
                while not ready.is_set():  # the connection takes a moment
                    await announce(database, signals, "ready")
                    await signals.wait(ready, 0.02)
            yield signals
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def test_who_watches_is_woken_by_an_announcement(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("chat") as one, signals.watch("chat") as other:
            await announce(database, signals, "chat")
            await one.wait()
            await other.wait()


async def test_announcement_waits_for_the_commit(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("chat") as chat:
            async with database.unit_of_work() as work:
                await signals.announce(work, "chat")
                await signals.wait(chat, 0.02)
                assert not chat.is_set()
            await chat.wait()


async def test_nothing_is_announced_when_the_unit_of_work_fails(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("failed") as failed, signals.watch("next") as following:
            with pytest.raises(Refused):
                await announce_and_fail(database, signals, "failed")
            await announce(database, signals, "next")
            await following.wait()
            assert not failed.is_set()


async def test_nothing_is_announced_of_an_attempt_that_failed(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("failed") as failed, signals.watch("kept") as kept:

            async def attempt() -> None:
                async with work.attempt():
                    await signals.announce(work, "failed")
                    raise Refused

            async with database.unit_of_work() as work:
                with pytest.raises(Refused):
                    await attempt()
                await signals.announce(work, "kept")
            await kept.wait()
            assert not failed.is_set()


async def test_other_topics_stay_silent(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("mine") as mine, signals.watch("yours") as yours:
            await announce(database, signals, "yours")
            await yours.wait()
            assert not mine.is_set()


async def test_watcher_can_be_woken_again(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("chat") as chat:
            for _ in range(3):
                await announce(database, signals, "chat")
                await chat.wait()
                chat.clear()


async def test_who_has_stopped_watching_is_left_alone(database: Database) -> None:
    async with listening(database) as signals:
        with signals.watch("chat") as remaining:
            with signals.watch("chat") as left:
                pass
            await announce(database, signals, "chat")
            await remaining.wait()
            assert not left.is_set()


async def test_waiting_ends_by_itself(sqlite_url: str) -> None:
    signals = Signals(Database(sqlite_url))
    with signals.watch("chat") as chat:
        async with asyncio.timeout(10):
            await signals.wait(chat, 0.01)
        assert not chat.is_set()


async def test_processes_on_one_postgresql_hear_each_other(postgresql_url: str) -> None:
    one, other = Database(postgresql_url), Database(postgresql_url)
    async with listening(one) as hearing, listening(other) as announcing:
        with hearing.watch("chat") as there, announcing.watch("chat") as here:
            await announce(other, announcing, "chat")
            await there.wait()
            await here.wait()
    await one.close()
    await other.close()


async def test_announcement_of_a_process_that_does_not_listen_is_heard(postgresql_url: str) -> None:
    one, other = Database(postgresql_url), Database(postgresql_url)
    async with listening(one) as hearing:
        with hearing.watch("chat") as there:
            await announce(other, Signals(other), "chat")
            await there.wait()
    await one.close()
    await other.close()
