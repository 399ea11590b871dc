"""Cases, on both engines."""

import itertools
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from alembic import command
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import IntegrityError

from base import clock
from base.database import Database
from base.migrations import configuration
from casework.cases import Case, Line, Urgency, cases, open_case, open_cases
from conversations import store
from conversations.tables import chat_sessions

LINES = (Line("2026-03-11T10:15:00+01:00", "user", "Aidez-moi"), Line("2026-03-11T10:15:00+01:00", "bot", "Oui"))


async def begun(database: Database) -> str:
    """A chat session's id."""
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    return session.id


async def handed_over(
    database: Database,
    session_id: str,
    urgency: Urgency = Urgency.NORMAL,
    topic: str = "handover",
    transcript: Sequence[Line] = LINES,
) -> tuple[Case, bool]:
    async with database.unit_of_work() as work:
        return await open_case(work, session_id, topic, "fr", transcript, urgency)


async def listed(database: Database) -> tuple[Case, ...]:
    async with database.reading() as connection:
        return await open_cases(connection)


async def test_case_is_listed_as_it_was_opened(database: Database, frozen_clock: datetime) -> None:
    case, is_new = await handed_over(database, await begun(database), Urgency.IMMEDIATE, "crisis")
    assert is_new
    assert case == Case(case.id, "crisis", "fr", Urgency.IMMEDIATE, frozen_clock, LINES)
    assert await listed(database) == (case,)


async def test_case_is_normal_unless_said_otherwise(database: Database) -> None:
    session_id = await begun(database)
    async with database.unit_of_work() as work:
        case, _ = await open_case(work, session_id, "handover", "fr", LINES)
    assert case.urgency is Urgency.NORMAL


async def test_each_case_has_a_number_of_its_own_that_can_be_dictated(database: Database) -> None:
    opened = [(await handed_over(database, await begun(database)))[0] for _ in range(3)]
    assert len({case.number for case in opened}) == 3
    for case in opened:
        assert re.fullmatch(r"C-\d{5}", case.number)
        assert int(case.number.removeprefix("C-")) == case.id


def test_number_grows_beyond_five_digits(frozen_clock: datetime) -> None:
    assert Case(42, "x", "fr", Urgency.NORMAL, frozen_clock, ()).number == "C-00042"
    assert Case(123456, "x", "fr", Urgency.NORMAL, frozen_clock, ()).number == "C-123456"


async def test_opening_again_brings_the_open_case_up_to_date(database: Database, frozen_clock: datetime) -> None:
    session_id = await begun(database)
    first, _ = await handed_over(database, session_id)
    longer = (*LINES, Line("2026-03-11T10:20:00+01:00", "user", "Vite"))
    with clock.at(frozen_clock + timedelta(minutes=5)):
        second, is_new = await handed_over(database, session_id, topic="deadline", transcript=longer)
    assert not is_new
    assert second == Case(first.id, "deadline", "fr", Urgency.NORMAL, frozen_clock, longer)
    assert await listed(database) == (second,)


async def test_case_once_immediate_stays_so(database: Database) -> None:
    for first, second in itertools.product(Urgency, Urgency):
        session_id = await begun(database)
        await handed_over(database, session_id, first)
        case, _ = await handed_over(database, session_id, second)
        kept = Urgency.IMMEDIATE if Urgency.IMMEDIATE in {first, second} else Urgency.NORMAL
        assert case.urgency is kept
        assert {found.id: found.urgency for found in await listed(database)}[case.id] is kept


async def test_what_is_asked_afterwards_does_not_hide_why_someone_is_in_danger(database: Database) -> None:
    session_id = await begun(database)
    await handed_over(database, session_id, Urgency.IMMEDIATE, topic="crisis")
    longer = (*LINES, Line("2026-03-11T10:20:00+01:00", "user", "Et mes recherches ?"))
    case, _ = await handed_over(database, session_id, topic="job_search_rules", transcript=longer)
    assert (case.topic, case.urgency, case.transcript) == ("crisis", Urgency.IMMEDIATE, longer)


async def test_each_session_has_its_own_case(database: Database) -> None:
    one, _ = await handed_over(database, await begun(database))
    other, is_new = await handed_over(database, await begun(database), Urgency.IMMEDIATE)
    assert is_new
    assert {case.id: case.urgency for case in await listed(database)} == {
        one.id: Urgency.NORMAL,
        other.id: Urgency.IMMEDIATE,
    }


async def test_closed_case_is_neither_listed_nor_opened_again(database: Database) -> None:
    session_id = await begun(database)
    closed, _ = await handed_over(database, session_id, Urgency.IMMEDIATE)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(cases).values(state="closed"))
    assert await listed(database) == ()
    case, is_new = await handed_over(database, session_id)
    assert is_new
    assert case.id != closed.id
    assert case.urgency is Urgency.NORMAL
    assert await listed(database) == (case,)


async def test_those_in_danger_come_first_and_then_the_oldest(database: Database) -> None:
    urgencies = (Urgency.NORMAL, Urgency.IMMEDIATE, Urgency.NORMAL, Urgency.IMMEDIATE)
    opened = [(await handed_over(database, await begun(database), urgency))[0] for urgency in urgencies]
    assert [case.id for case in await listed(database)] == [opened[index].id for index in (1, 3, 0, 2)]


async def test_erasing_the_session_removes_its_case_only(database: Database) -> None:
    erased, kept = await begun(database), await begun(database)
    await handed_over(database, erased)
    remaining, _ = await handed_over(database, kept)
    async with database.unit_of_work() as work:
        await store.erase(work, erased)
    assert await listed(database) == (remaining,)


async def test_number_of_an_erased_case_is_not_given_again(database: Database) -> None:
    session_id = await begun(database)
    erased, _ = await handed_over(database, session_id)
    async with database.unit_of_work() as work:
        await store.erase(work, session_id)
    case, _ = await handed_over(database, await begun(database))
    assert case.id > erased.id


async def test_number_is_not_given_again_after_the_tables_were_made_anew(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    values = {"id": "s", "token_hash": "t", "channel": "web", "locale": "fr", "created_at": clock.now()}
    case = {"id": 7, "session_id": "s", "topic": "x", "language": "fr", "urgency": "normal", "transcript": "[]"}

    def before_that(connection: Connection) -> None:
        command.upgrade(configuration(connection), "0006")

    async with database.engine.connect() as connection:
        await connection.run_sync(before_that)
        await connection.execute(insert(chat_sessions).values(**values))
        columns = ", ".join([*case, "state", "opened_at"])
        await connection.execute(
            text(f"INSERT INTO cases ({columns}) VALUES (:{', :'.join(case)}, 'open', '2026-03-11')"),  # noqa: S608  # our own words
            case,
        )
        await connection.execute(text("DELETE FROM cases"))
        await connection.commit()
    await database.migrate()
    opened, _ = await handed_over(database, "s")
    assert opened.id == 8
    await database.close()


async def test_case_of_a_session_that_there_is_not_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await handed_over(database, "no such session")
