"""What is followed until it is there: reminders that come again by themselves."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from base import clock
from base.database import Database
from casework import agenda
from conversations import store


async def a_session(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "test", "fr")
    return session.id


def local(day: int, month: int = 3, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.ZONE)


async def times(database: Database, session_id: str) -> list[datetime]:
    async with database.reading() as connection:
        return [one.at for one in await agenda.ahead(connection, session_id)]


async def test_what_is_followed_is_reminded_of_every_second_working_day_and_on_the_eve(database: Database) -> None:
    session_id = await a_session(database)  # on Wednesday 11 March
    async with database.unit_of_work() as work:
        first = await agenda.follow(work, session_id, "auf:1", "certificate", {}, by=date(2026, 3, 17))
    assert first == (local(13), local(16))
    clock.freeze(local(13))
    async with database.unit_of_work() as work:
        told = next(iter(await agenda.ahead(work.connection, session_id)), None)
        assert told is not None
    clock.freeze(local(16, hour=12))
    async with database.reading() as connection:
        assert await agenda.ahead(connection, session_id) == ()


async def test_a_reminder_that_was_told_goes_on_over_weekends_and_a_stopped_program(database: Database) -> None:
    session_id = await a_session(database)
    async with database.unit_of_work() as work:
        await agenda.follow(work, session_id, "auf:1", "certificate", {})
        (reminder,) = await agenda.ahead(work.connection, session_id)
    clock.freeze(local(13))  # a Friday
    async with database.unit_of_work() as work:
        assert await agenda.go_on(work, reminder) == local(17)
    assert await times(database, session_id) == [local(17)]
    clock.freeze(local(25, hour=10))
    async with database.unit_of_work() as work:
        assert await agenda.go_on(work, reminder) == local(27)


async def test_what_is_there_is_not_reminded_of_any_more_and_others_are(database: Database) -> None:
    session_id = await a_session(database)
    async with database.unit_of_work() as work:
        await agenda.follow(work, session_id, "auf:1", "certificate", {}, by=date(2026, 3, 17))
        await agenda.follow(work, session_id, "auf:2", "certificate", {})
        assert await agenda.settle(work, session_id, "auf:1") == 2
        assert await agenda.settle(work, session_id, "auf:1") == 0
        assert [one.key for one in await agenda.ahead(work.connection, session_id)] == ["auf:2"]


async def test_following_twice_reminds_once(database: Database) -> None:
    session_id = await a_session(database)
    async with database.unit_of_work() as work:
        for _ in range(2):
            await agenda.follow(work, session_id, "auf:1", "certificate", {})
        assert len(await agenda.ahead(work.connection, session_id)) == 1


async def test_following_ends_by_itself(database: Database) -> None:
    session_id = await a_session(database)
    async with database.unit_of_work() as work:
        await agenda.follow(work, session_id, "auf:1", "certificate", {})
        (reminder,) = await agenda.ahead(work.connection, session_id)
        clock.freeze(local(12, month=4))
        assert await agenda.go_on(work, reminder) is None


@pytest.mark.parametrize(
    ("set_at", "expected"),
    [
        pytest.param(local(25), [local(25, 4), local(25, 5)], id="over the change of the clocks"),
        pytest.param(local(31), [local(30, 4), local(31, 5)], id="in a shorter month"),
        pytest.param(local(18, 10, 18), [local(18, 11, 18), local(18, 12, 18)], id="over the change back"),
    ],
)
async def test_a_monthly_reminder_keeps_its_day_and_its_hour(
    database: Database, set_at: datetime, expected: list[datetime]
) -> None:
    session_id = await a_session(database)
    async with database.unit_of_work() as work:
        await agenda.set_reminder(work, session_id, "ipa", {}, set_at, repeats=agenda.Repeats.MONTHLY)
    for again in expected:
        async with database.unit_of_work() as work:
            (reminder,) = await agenda.ahead(work.connection, session_id)
            clock.freeze(reminder.at)
            assert await agenda.go_on(work, reminder) == again
