"""How often somebody may be wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from base import clock
from base.database import Database
from casework import wrong_tries
from casework.wrong_tries import FORGOTTEN_AFTER, LOCKED_FOR, MOST_TRIES
from conversations import store

MINE, ANOTHERS = "a" * 64, "b" * 64
"""Hashes of logins."""


async def opened(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    return session.id


async def tried(database: Database, session_id: str, subject: str = MINE) -> bool:
    """A wrong try, if one may be made."""
    async with database.unit_of_work() as work:
        may = await wrong_tries.begin(work, session_id, subject)
        if may:
            await wrong_tries.was_wrong(work, session_id, subject)
    return may


async def left(database: Database, session_id: str, subject: str = MINE) -> int:
    async with database.reading() as connection:
        return await wrong_tries.tries_left(connection, session_id, subject)


async def locked_until(database: Database, session_id: str, subject: str = MINE) -> datetime | None:
    async with database.reading() as connection:
        return await wrong_tries.locked_until(connection, session_id, subject)


async def test_fifth_wrong_try_locks_and_a_quarter_of_an_hour_later_there_are_five_again(
    database: Database, frozen_clock: datetime
) -> None:
    session_id = await opened(database)
    assert await left(database, session_id) == MOST_TRIES
    for wrong in range(1, MOST_TRIES + 1):
        assert await locked_until(database, session_id) is None
        assert await tried(database, session_id)
        assert await left(database, session_id) == MOST_TRIES - wrong
    assert await locked_until(database, session_id) == frozen_clock + LOCKED_FOR
    assert not await tried(database, session_id)
    with clock.at(frozen_clock + LOCKED_FOR - timedelta(seconds=1)):
        assert not await tried(database, session_id)
    with clock.at(frozen_clock + LOCKED_FOR):
        assert await locked_until(database, session_id) is None
        assert await left(database, session_id) == MOST_TRIES
        assert await tried(database, session_id)


async def test_lock_is_for_the_login_and_for_the_conversation(database: Database) -> None:
    first, second = await opened(database), await opened(database)
    for _ in range(MOST_TRIES):
        await tried(database, first)
    assert not await tried(database, second), "the same person elsewhere"
    assert not await tried(database, first, ANOTHERS), "somebody else in the same conversation"
    assert await tried(database, second, ANOTHERS)


async def test_erasing_the_conversation_does_not_give_more_tries(database: Database) -> None:
    first, second = await opened(database), await opened(database)
    for _ in range(MOST_TRIES):
        await tried(database, first)
    async with database.unit_of_work() as work:
        await store.erase(work, first)
    assert not await tried(database, second)


async def test_tries_count_from_when_they_are_made(database: Database) -> None:
    session_id = await opened(database)
    for _ in range(MOST_TRIES):
        async with database.unit_of_work() as work:
            assert await wrong_tries.begin(work, session_id, MINE)
    async with database.unit_of_work() as work:
        assert not await wrong_tries.begin(work, session_id, MINE)
    assert await locked_until(database, session_id) is not None


async def test_try_that_says_nothing_is_given_back_and_a_right_one_forgets_the_wrong_ones(database: Database) -> None:
    session_id = await opened(database)
    for _ in range(MOST_TRIES - 1):
        await tried(database, session_id)
    async with database.unit_of_work() as work:
        await wrong_tries.begin(work, session_id, MINE)
        await wrong_tries.does_not_count(work, session_id, MINE)
    assert await left(database, session_id) == 1
    async with database.unit_of_work() as work:
        await wrong_tries.begin(work, session_id, MINE)
        await wrong_tries.was_right(work, session_id, MINE)
    assert await left(database, session_id) == MOST_TRIES


async def test_wrong_tries_are_forgotten_the_next_day(database: Database, frozen_clock: datetime) -> None:
    session_id = await opened(database)
    for _ in range(MOST_TRIES - 1):
        await tried(database, session_id)
    with clock.at(frozen_clock + FORGOTTEN_AFTER):
        assert await left(database, session_id) == MOST_TRIES
