"""Whose a chat is, and what a ticket and a state are good for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from base import clock
from base.database import Database
from base.encryption import KeyRing
from base.settings import Settings
from casework import persons
from casework.persons import Ending, Login, Subject
from conversations import store

SECRET = "the secret of a test"
KEYS = KeyRing([SECRET])
BROWSER, OTHER = persons.new_secret(), persons.new_secret()
LATE = persons.LIFETIME


async def opened(database: Database) -> str:
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    return session.id


async def ticket_for(database: Database, session_id: str) -> str:
    async with database.unit_of_work() as work:
        return await persons.new_login(work, session_id)


async def begun(database: Database, ticket: str, state: str) -> Login | Ending:
    async with database.unit_of_work() as work:
        return await persons.begin(work, ticket, state, BROWSER)


async def ended(database: Database, state: str, browser: str = BROWSER) -> Login | Ending:
    async with database.unit_of_work() as work:
        return await persons.end(work, state, browser)


async def waiting(database: Database, ticket: str) -> Login | Ending:
    async with database.reading() as connection:
        return await persons.waiting_login(connection, ticket)


async def person_of(database: Database, session_id: str) -> str | None:
    async with database.reading() as connection:
        return await persons.person_of(connection, session_id)


async def linked(database: Database, session_id: str, person_id: str, lasts: timedelta = timedelta(minutes=30)) -> None:
    subject = subject_of(person_id)
    async with database.unit_of_work() as work:
        await persons.link(
            work,
            session_id,
            person_id,
            subject_hash=subject.hashes[0],
            hashed_by=KEYS.current,
            expires_at=clock.later(clock.now(), lasts),
        )


def subject_of(person_id: str, keys: KeyRing = KEYS) -> Subject:
    return Subject.of(keys, "https://id.test", f"login of {person_id}")


async def test_ticket_and_state_are_good_once_each(database: Database) -> None:
    session_id = await opened(database)
    ticket, state = await ticket_for(database, session_id), persons.new_secret()
    assert await waiting(database, ticket) == await waiting(database, ticket) == Login(session_id)
    assert await begun(database, ticket, state) == Login(session_id)
    assert await waiting(database, ticket) is Ending.USED
    assert await begun(database, ticket, persons.new_secret()) is Ending.USED
    assert await ended(database, state) == Login(session_id)
    assert await ended(database, state) is Ending.USED


async def test_each_is_good_for_ten_minutes(database: Database, frozen_clock: datetime) -> None:
    session_id = await opened(database)
    ticket, state = await ticket_for(database, session_id), persons.new_secret()
    almost = frozen_clock + LATE - timedelta(seconds=1)
    with clock.at(frozen_clock + LATE):
        assert await waiting(database, ticket) is Ending.EXPIRED
        assert await begun(database, ticket, state) is Ending.EXPIRED
    with clock.at(almost):
        assert await begun(database, ticket, state) == Login(session_id)
    with clock.at(almost + LATE):
        assert await ended(database, state) is Ending.EXPIRED
    assert await ended(database, state) is Ending.USED  # also a state that came too late


async def test_another_browser_gets_nothing_and_uses_the_state_up(database: Database) -> None:
    ticket, state = await ticket_for(database, await opened(database)), persons.new_secret()
    await begun(database, ticket, state)
    assert await ended(database, state, OTHER) is Ending.OTHER_BROWSER
    assert await ended(database, state) is Ending.USED


async def test_what_was_never_given_is_unknown(database: Database) -> None:
    ticket = await ticket_for(database, await opened(database))
    assert await waiting(database, "") is Ending.UNKNOWN
    assert await begun(database, ticket + "x", persons.new_secret()) is Ending.UNKNOWN
    assert await ended(database, "") is Ending.UNKNOWN


async def test_only_hashes_are_kept_and_not_for_long(database: Database, frozen_clock: datetime) -> None:
    session_id = await opened(database)
    ticket, state = await ticket_for(database, session_id), persons.new_secret()
    await begun(database, ticket, state)
    async with database.reading() as connection:
        (row,) = (await connection.execute(select(persons.logins))).all()
    assert not {ticket, state, BROWSER} & {str(value) for value in row}
    with clock.at(frozen_clock + LATE + persons.REMEMBERED + timedelta(seconds=1)):
        another = await ticket_for(database, session_id)
        assert await waiting(database, another) == Login(session_id)
    assert await waiting(database, ticket) is Ending.UNKNOWN


async def test_chat_is_one_persons_for_good(database: Database) -> None:
    first, second = await opened(database), await opened(database)
    assert await person_of(database, first) is None
    for session_id in (first, first, second):
        await linked(database, session_id, "p-00000001")
    assert await person_of(database, first) == await person_of(database, second) == "p-00000001"
    ticket = await ticket_for(database, first)
    async with database.unit_of_work() as work:
        assert await persons.log_out(work, first)
        assert not await persons.log_out(work, first)
    assert await person_of(database, first) is None
    assert await person_of(database, second) == "p-00000001"
    assert await waiting(database, ticket) is Ending.UNKNOWN
    with pytest.raises(persons.LinkedToAnother):
        await linked(database, first, "p-00000002")
    await linked(database, first, "p-00000001")
    assert await person_of(database, first) == "p-00000001"


async def test_login_ends_unless_it_is_used(database: Database, frozen_clock: datetime) -> None:
    session_id = await opened(database)
    await linked(database, session_id, "p-00000001")
    half_an_hour = frozen_clock + timedelta(minutes=30)
    with clock.at(half_an_hour - timedelta(seconds=1)):
        assert await person_of(database, session_id) == "p-00000001"
    with clock.at(half_an_hour):
        assert await person_of(database, session_id) is None
        async with database.unit_of_work() as work:
            await persons.prolong(work, session_id, half_an_hour + timedelta(hours=1))
        assert await person_of(database, session_id) is None, "what has ended is not prolonged"
    async with database.unit_of_work() as work:
        await persons.prolong(work, session_id, half_an_hour + timedelta(hours=1))
    with clock.at(half_an_hour):
        assert await person_of(database, session_id) == "p-00000001"


async def test_person_is_known_by_their_login_as_long_as_one_of_their_chats_is_here(database: Database) -> None:
    first, second = await opened(database), await opened(database)
    mine, other = subject_of("p-00000001"), subject_of("p-00000002")
    await linked(database, first, "p-00000001")
    async with database.reading() as connection:
        assert await persons.person_known_as(connection, mine) == "p-00000001"
        assert await persons.person_known_as(connection, other) is None
        assert [await persons.belongs_to_another(connection, first, one) for one in (mine, other)] == [False, True]
        assert not await persons.belongs_to_another(connection, second, other)
    async with database.unit_of_work() as work:
        await store.erase(work, first)
        assert await persons.person_known_as(work.connection, mine) is None


async def test_person_is_known_after_the_secret_was_changed(database: Database) -> None:
    session_id = await opened(database)
    await linked(database, session_id, "p-00000001")
    changed = subject_of("p-00000001", KeyRing(["another secret of a test", SECRET]))
    without = subject_of("p-00000001", KeyRing(["another secret of a test"]))
    async with database.reading() as connection:
        assert await persons.person_known_as(connection, changed) == "p-00000001"
        assert await persons.person_known_as(connection, without) is None
        for subject in (changed, without):
            assert not await persons.belongs_to_another(connection, session_id, subject), "nobody is taken for another"


async def test_erasing_a_conversation_takes_link_and_logins_with_it(database: Database) -> None:
    session_id = await opened(database)
    ticket = await ticket_for(database, session_id)
    await linked(database, session_id, "p-00000001")
    async with database.unit_of_work() as work:
        await store.erase(work, session_id)
    assert await person_of(database, session_id) is None
    assert await waiting(database, ticket) is Ending.UNKNOWN


def test_link_leads_to_the_public_address() -> None:
    settings = Settings(public_url="https://cornavin.example.ch/")
    assert persons.login_url(settings, "abc") == "https://cornavin.example.ch/login/abc"
