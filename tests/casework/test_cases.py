"""Cases, on both engines."""

import itertools
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, insert, text, update
from sqlalchemy.exc import IntegrityError

from base import clock
from base.database import Database
from base.migrations import configuration
from casework import case_events, cases
from casework.case_events import Agent, Event
from casework.cases import (
    Case,
    CaseState,
    Cause,
    Filters,
    Line,
    Matter,
    Need,
    Office,
    TimeLimit,
    Urgency,
    open_case,
    open_cases,
)
from conversations import store
from conversations.tables import chat_sessions

LINES = (Line("2026-03-11T10:15:00+01:00", "user", "Aidez-moi"), Line("2026-03-11T10:15:00+01:00", "bot", "Oui"))
SOON, LATER = date(2026, 3, 12), date(2026, 3, 30)


def limit(safe: date) -> TimeLimit:
    return TimeLimit("objection", safe, safe, ("Décision reçue.",))


async def begun(database: Database) -> str:
    """A chat session's id."""
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
    return session.id


async def handed_over(
    database: Database,
    session_id: str,
    *,
    is_danger: bool = False,
    topic: str = "handover",
    transcript: Sequence[Line] = LINES,
    **about: object,
) -> tuple[Case, bool]:
    matter = Matter(topic, "fr", transcript, is_danger=is_danger, **about)  # type: ignore[arg-type]  # as its fields
    async with database.unit_of_work() as work:
        return await open_case(work, session_id, matter)


async def listed(database: Database, filters: Filters | None = None, after: int | None = None) -> list[int]:
    async with database.reading() as connection:
        return [case.id for case in await cases.queue(connection, filters, after=after)]


async def found(database: Database, case_id: int) -> Case:
    async with database.reading() as connection:
        case = await cases.find(connection, case_id)
    assert case is not None
    return case


async def test_case_carries_what_it_was_opened_with(database: Database, frozen_clock: datetime) -> None:
    session_id = await begun(database)
    matter = Matter(
        "objection",
        "fr",
        LINES,
        Office.LEGAL,
        Cause.COMPLAINT,
        "web",
        limit=limit(SOON),
        summary=("Demande : x", "Connu : y", "Essayé : z", "trop"),
        needs=(Need("decision"), Need("ree_number", None, has_none=True), Need("uid", "CHE-109.322.551")),
        files=("f1",),
    )
    async with database.unit_of_work() as work:
        case, is_new = await open_case(work, session_id, matter)
    assert is_new
    assert (case.session_id, case.office, case.cause, case.channel) == (
        session_id,
        Office.LEGAL,
        Cause.COMPLAINT,
        "web",
    )
    assert (case.limit, case.safe, case.urgency) == (limit(SOON), SOON, Urgency.PRESSING)
    assert case.summary == ("Demande : x", "Connu : y", "Essayé : z")
    assert case.missing == (Need("decision"),)
    assert (case.files, case.labels, case.transcript) == (("f1",), (), LINES)
    assert (case.state, case.agent, case.is_live, case.version) == (CaseState.OPEN, None, False, 1)
    assert case.opened_at == case.waiting_since == frozen_clock
    async with database.reading() as connection:
        assert await open_cases(connection) == (case,)
        (event,) = await case_events.of(connection, case.id)
    assert (event.kind, event.agent, event.at) == (Event.OPENED, None, frozen_clock)


async def test_each_case_has_a_number_of_its_own_that_can_be_dictated(database: Database) -> None:
    opened = [(await handed_over(database, await begun(database)))[0] for _ in range(3)]
    assert len({case.number for case in opened}) == 3
    for case in opened:
        assert re.fullmatch(r"C-\d{5}", case.number)
        assert int(case.number.removeprefix("C-")) == case.id


async def test_opening_again_brings_the_open_case_up_to_date(database: Database, frozen_clock: datetime) -> None:
    session_id = await begun(database)
    first, _ = await handed_over(database, session_id, needs=(Need("uid", "CHE-109.322.551"), Need("decision")))
    longer = (*LINES, Line("2026-03-11T10:20:00+01:00", "user", "Vite"))
    with clock.at(frozen_clock + timedelta(minutes=5)):
        again = await handed_over(
            database, session_id, topic="deadline", transcript=longer, limit=limit(LATER), needs=(Need("uid"),)
        )
    second, is_new = again
    assert not is_new
    assert (second.id, second.topic, second.transcript) == (first.id, "deadline", longer)
    assert (second.opened_at, second.waiting_since) == (frozen_clock, frozen_clock)
    assert second.needs == (Need("uid", "CHE-109.322.551"),), "what was given is not lost"
    assert second.safe == LATER


async def test_nearest_date_is_kept_whatever_is_asked_afterwards(database: Database) -> None:
    session_id = await begun(database)
    await handed_over(database, session_id, limit=limit(SOON))
    case, _ = await handed_over(database, session_id, limit=limit(LATER))
    assert case.safe == SOON
    case, _ = await handed_over(database, session_id)
    assert case.safe == SOON


async def test_case_once_in_danger_stays_so_and_says_why(database: Database) -> None:
    for first, second in itertools.product((True, False), repeat=2):
        session_id = await begun(database)
        await handed_over(database, session_id, is_danger=first, topic="crisis" if first else "ipa")
        case, _ = await handed_over(database, session_id, is_danger=second, topic="crisis" if second else "ipa")
        assert case.is_danger is (first or second)
        assert case.topic == ("crisis" if first or second else "ipa")


async def test_office_that_an_agent_works_for_stays(database: Database) -> None:
    session_id = await begun(database)
    case, _ = await handed_over(database, session_id, office=Office.FUND)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(cases.cases).values(agent="anne", state=CaseState.CLAIMED))
    case, _ = await handed_over(database, session_id, office=Office.ORP)
    assert (case.office, case.state) == (Office.FUND, CaseState.CLAIMED)


async def test_each_session_has_its_own_case(database: Database) -> None:
    one, _ = await handed_over(database, await begun(database))
    other, is_new = await handed_over(database, await begun(database), is_danger=True)
    assert is_new
    assert await listed(database) == [other.id, one.id]


async def test_resolved_case_is_neither_listed_nor_opened_again(database: Database) -> None:
    session_id = await begun(database)
    resolved, _ = await handed_over(database, session_id, is_danger=True)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(cases.cases).values(state=CaseState.RESOLVED))
    assert await listed(database) == []
    case, is_new = await handed_over(database, session_id)
    assert is_new
    assert (case.id != resolved.id, case.is_danger) == (True, False)
    assert await listed(database) == [case.id]


# The queue


async def test_queue_is_danger_then_dates_then_waiting_page_by_page(database: Database, frozen_clock: datetime) -> None:
    opened = {}
    waiting: Mapping[str, Mapping[str, Any]] = {
        "old": {},
        "later": {"limit": limit(LATER)},
        "soon": {"limit": limit(SOON)},
        "danger": {"is_danger": True},
        "young": {},
        "also soon": {"limit": limit(SOON)},
        "danger with a date": {"is_danger": True, "limit": limit(SOON)},
    }
    for minutes, (name, about) in enumerate(waiting.items()):
        with clock.at(frozen_clock + timedelta(minutes=minutes)):
            opened[name] = (await handed_over(database, await begun(database), **about))[0].id
    names = ["danger", "danger with a date", "soon", "also soon", "later", "old", "young"]
    expected = [opened[name] for name in names]
    assert await listed(database) == expected
    async with database.reading() as connection:
        assert [case.id for case in await cases.queue(connection, limit=3)] == expected[:3]
        third = await found(database, expected[2])
        assert await cases.ahead_of(connection, third) == 2
    assert await listed(database, after=expected[2]) == expected[3:]


async def test_queue_shows_what_is_asked_for(database: Database) -> None:
    danger, _ = await handed_over(database, await begun(database), is_danger=True, office=Office.FUND)
    soon, _ = await handed_over(database, await begun(database), limit=limit(SOON), office=Office.LEGAL)
    later, _ = await handed_over(database, await begun(database), limit=limit(LATER), summary=("Demande : RÉTROACTIF",))
    plain, _ = await handed_over(database, await begun(database), topic="ipa_rules")
    for filters, expected in (
        (Filters(offices=(Office.FUND, Office.LEGAL)), [danger, soon]),
        (Filters(offices=()), []),
        (Filters(urgency=Urgency.IMMEDIATE), [danger]),
        (Filters(urgency=Urgency.PRESSING), [soon]),
        (Filters(urgency=Urgency.DATED), [later]),
        (Filters(urgency=Urgency.NORMAL), [plain]),
        (Filters(text="retroactif"), [later]),
        (Filters(text=soon.number.lower()), [soon]),
        (Filters(text="ipa"), [plain]),
        (Filters(text="100%"), []),
        (Filters(language="de"), []),
        (Filters(agent="anne"), []),
        (Filters(states=(CaseState.WAITING,)), []),
    ):
        assert await listed(database, filters) == [case.id for case in expected], filters
        async with database.reading() as connection:
            assert await cases.count(connection, filters) == len(expected)


async def test_queue_stands_still_while_the_days_go_by(database: Database, frozen_clock: datetime) -> None:
    for safe in (LATER, SOON, None, date(2026, 3, 20)):
        await handed_over(database, await begun(database), limit=limit(safe) if safe else None)
    today = await listed(database)
    for days in (1, 9, 30):
        with clock.at(frozen_clock + timedelta(days=days)):
            assert await listed(database) == today


async def test_history_of_a_person_is_that_of_their_conversations(database: Database) -> None:
    session_id = await begun(database)
    first, _ = await handed_over(database, session_id)
    async with database.unit_of_work() as work:
        await work.connection.execute(update(cases.cases).values(state=CaseState.RESOLVED))
    second, _ = await handed_over(database, session_id)
    await handed_over(database, await begun(database))
    async with database.reading() as connection:
        assert [case.id for case in await cases.history_of_person(connection, second)] == [first.id]


# Erasing


async def test_erasing_the_session_removes_its_case_and_its_history_only(database: Database) -> None:
    erased, kept = await begun(database), await begun(database)
    gone, _ = await handed_over(database, erased)
    remaining, _ = await handed_over(database, kept)
    async with database.unit_of_work() as work:
        await store.erase(work, erased)
    assert await listed(database) == [remaining.id]
    async with database.reading() as connection:
        assert await case_events.of(connection, gone.id) == ()


async def test_case_that_is_taken_out_says_nothing_any_more(database: Database) -> None:
    session_id = await begun(database)
    case, _ = await handed_over(
        database, session_id, summary=("Demande : x",), needs=(Need("uid", "CHE"),), files=("f",)
    )
    async with database.unit_of_work() as work:
        await case_events.note(work, case.id, Event.NOTED, 2, {"text": "secret"}, Agent("anne", "Anne"))
        await cases.take_out(work, session_id, cases.cases.c.id == case.id)
        await store.erase(work, session_id)
    left = await found(database, case.id)
    assert (left.session_id, left.transcript, left.summary, left.needs, left.files) == (None, (), (), (), ())
    async with database.reading() as connection:
        assert "secret" not in str(await case_events.of(connection, case.id))


async def test_number_of_an_erased_case_is_not_given_again(database: Database) -> None:
    session_id = await begun(database)
    erased, _ = await handed_over(database, session_id)
    async with database.unit_of_work() as work:
        await store.erase(work, session_id)
    case, _ = await handed_over(database, await begun(database))
    assert case.id > erased.id


async def test_number_is_not_given_again_after_the_tables_were_made_anew(bare_sqlite_url: str) -> None:
    database = Database(bare_sqlite_url)
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
