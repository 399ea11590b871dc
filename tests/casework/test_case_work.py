"""What agents do with cases, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from base import clock, outbox
from base.database import Database, UnitOfWork
from casework import case_events, case_work
from casework.case_events import Agent, Event
from casework.case_work import CaseGone, HeldByAnother, NotNow, Overtaken, Unfit
from casework.cases import Case, CaseState, Filters, Matter, Outcome, find, open_case, queue
from casework.triage import Office
from conversations import store

ANNE, BRUNO = Agent("anne", "Anne Favre"), Agent("bruno", "Bruno Rey")


async def opened(database: Database, **about: Any) -> Case:
    async with database.unit_of_work() as work:
        session, _ = await store.open_session(work, "web", "fr")
        case, _ = await open_case(work, session.id, Matter("ipa_rules", "fr", **about))
    return case


async def did(database: Database, deed: Callable[..., Awaitable[Case]], case: Case, agent: Agent, *more: Any) -> Case:
    """What becomes of a case of which an agent saw this version."""
    async with database.unit_of_work() as work:
        return await deed(work, case.id, case.version, agent, *more)


async def history(database: Database, case: Case) -> list[tuple[Event, str | None]]:
    async with database.reading() as connection:
        events = await case_events.of(connection, case.id)
    return [(event.kind, event.agent.name if event.agent else None) for event in events]


async def told(database: Database) -> list[Event]:
    """What people are told of, in order."""
    found = []
    async with database.reading() as connection:
        query = select(outbox.outbox.c.payload).where(outbox.outbox.c.kind == case_work.TELL)
        for payload in (await connection.execute(query.order_by(outbox.outbox.c.id))).scalars():
            event = await case_events.find(connection, payload["event"])
            assert event is not None
            found.append(event.kind)
    return found


async def test_case_goes_from_hand_to_hand_and_its_history_says_how(database: Database) -> None:
    case = await opened(database)
    case = await did(database, case_work.claim, case, ANNE)
    assert (case.state, case.agent_name) == (CaseState.CLAIMED, "Anne Favre")
    case = await did(database, case_work.release, case, ANNE)
    assert (case.state, case.agent) == (CaseState.OPEN, None)
    case = await did(database, case_work.assign, case, ANNE, BRUNO)
    assert case.agent_name == "Bruno Rey"
    case = await did(database, case_work.transfer, case, BRUNO, Office.FUND, "Concerne le paiement.")
    assert (case.office, case.state, case.agent) == (Office.FUND, CaseState.OPEN, None)
    case = await did(database, case_work.transfer, case, ANNE, BRUNO)
    assert (case.agent_name, case.state) == ("Bruno Rey", CaseState.CLAIMED)
    case = await did(database, case_work.resolve, case, BRUNO, Outcome.DONE)
    assert (case.state, case.outcome) == (CaseState.RESOLVED, Outcome.DONE)
    case = await did(database, case_work.reopen, case, ANNE)
    assert (case.state, case.agent_name, case.outcome) == (CaseState.CLAIMED, "Anne Favre", None)
    assert await history(database, case) == [
        (Event.OPENED, None),
        (Event.CLAIMED, "Anne Favre"),
        (Event.RELEASED, "Anne Favre"),
        (Event.ASSIGNED, "Anne Favre"),
        (Event.TRANSFERRED, "Bruno Rey"),
        (Event.TRANSFERRED, "Anne Favre"),
        (Event.RESOLVED, "Bruno Rey"),
        (Event.REOPENED, "Anne Favre"),
    ]


async def test_second_of_two_is_told_who_was_quicker_and_what_they_did(database: Database) -> None:
    case = await opened(database)
    await did(database, case_work.claim, case, ANNE)
    deeds: list[tuple[Callable[..., Awaitable[Case]], tuple[Any, ...]]] = [
        (case_work.claim, ()),
        (case_work.release, ()),
        (case_work.assign, (BRUNO,)),
        (case_work.transfer, (Office.FUND,)),
        (case_work.snooze, (clock.now() + timedelta(days=1),)),
        (case_work.resolve, (Outcome.DONE,)),
        (case_work.reopen, ()),
        (case_work.reply, ("Bonjour",)),
        (case_work.take_over, ()),
        (case_work.give_back, ()),
    ]
    for deed, more in deeds:
        with pytest.raises(Overtaken) as refused:
            await did(database, deed, case, BRUNO, *more)
        event = refused.value.event
        assert (event.kind, event.agent, event.at) == (Event.CLAIMED, ANNE, clock.now())
    assert [kind for kind, _ in await history(database, case)] == [Event.OPENED, Event.CLAIMED]


async def test_of_many_who_act_at_once_one_wins(database: Database) -> None:
    case = await opened(database)
    agents = [Agent(f"a{number}", f"Agente {number}") for number in range(6)]

    async def attempt(agent: Agent, number: int) -> Agent | None:
        """The agent who was quicker; None when it was this one."""
        deed: tuple[Any, ...] = (case_work.claim, case, agent) if number % 2 else (case_work.reply, case, agent, "Oui")
        try:
            await did(database, *deed)
        except Overtaken as refused:
            return refused.event.agent
        return None

    quicker = await asyncio.gather(*(attempt(agent, number) for number, agent in enumerate(agents)))
    winner = agents[quicker.index(None)]
    assert [one for one in quicker if one is not None] == [winner] * 5
    async with database.reading() as connection:
        after = await find(connection, case.id)
    assert after is not None
    assert after.agent == winner.id
    assert len(await history(database, case)) == 2


async def test_own_deeds_notes_and_labels_of_others_stand_in_nobodys_way(database: Database) -> None:
    seen = await opened(database)
    await did(database, case_work.claim, seen, ANNE)
    await did(database, case_work.note, seen, BRUNO, "Déjà vu la semaine passée.")
    await did(database, case_work.label, seen, BRUNO, "RHT")
    case = await did(database, case_work.reply, seen, ANNE, "Bonjour")
    assert (case.state, case.labels) == (CaseState.WAITING, ("RHT",))


async def test_case_of_another_is_not_worked_on_and_says_whose_it_is(database: Database) -> None:
    case = await did(database, case_work.claim, await opened(database), ANNE)
    with pytest.raises(HeldByAnother) as refused:
        await did(database, case_work.reply, case, BRUNO, "Bonjour")
    assert refused.value.case.agent_name == "Anne Favre"


async def test_reply_that_is_sent_twice_is_kept_once(database: Database) -> None:
    case = await opened(database)
    for _ in range(2):
        await did(database, case_work.reply, case, ANNE, "Bonjour", "r1")
    assert [kind for kind, _ in await history(database, case)] == [Event.OPENED, Event.REPLIED]
    assert await told(database) == [Event.REPLIED]


async def test_person_is_told_of_what_concerns_them(database: Database) -> None:
    case = await did(database, case_work.claim, await opened(database), ANNE)
    case = await did(database, case_work.note, case, ANNE, "À vérifier")
    case = await did(database, case_work.take_over, case, ANNE)
    case = await did(database, case_work.reply, case, ANNE, "Bonjour")
    assert (case.is_live, case.state) == (True, CaseState.CLAIMED)
    case = await did(database, case_work.give_back, case, ANNE)
    await did(database, case_work.resolve, case, ANNE, Outcome.ANSWERED)
    assert await told(database) == [Event.TOOK_OVER, Event.REPLIED, Event.GAVE_BACK, Event.RESOLVED]


async def test_snoozed_case_comes_back_by_itself(database: Database, frozen_clock: datetime) -> None:
    case, morning = await opened(database), frozen_clock + timedelta(days=1)
    with pytest.raises(NotNow):
        await did(database, case_work.snooze, case, ANNE, frozen_clock)
    case = await did(database, case_work.snooze, case, ANNE, morning)
    assert case.state is CaseState.SNOOZED
    async with database.reading() as connection:
        assert await queue(connection) == ()
        assert len(await queue(connection, Filters(states=(CaseState.SNOOZED,)))) == 1
        with clock.at(morning):
            (back,) = await queue(connection)
            assert await queue(connection, Filters(states=(CaseState.SNOOZED, CaseState.OPEN))) == ()
    assert (back.state, back.agent_name) == (CaseState.CLAIMED, "Anne Favre")


async def test_person_who_writes_ends_the_waiting(database: Database, frozen_clock: datetime) -> None:
    case = await did(database, case_work.reply, await opened(database), ANNE, "Quel mois ?")
    later = frozen_clock + timedelta(hours=2)
    with clock.at(later):
        async with database.unit_of_work() as work:
            await case_work.person_wrote(work, case)
        async with database.reading() as connection:
            (back,) = await queue(connection)
    assert (back.state, back.waiting_since, back.version) == (CaseState.CLAIMED, later, case.version)


async def test_texts_must_be_texts_and_cases_must_be_there(database: Database) -> None:
    case = await opened(database)
    for text in ("", "  \n", "x" * (case_work.LONGEST_REPLY + 1)):
        with pytest.raises(Unfit):
            await did(database, case_work.reply, case, ANNE, text)
    resolved = await did(database, case_work.resolve, case, ANNE, Outcome.DUPLICATE)
    with pytest.raises(NotNow):
        await did(database, case_work.reply, resolved, ANNE, "Bonjour")
    async with database.unit_of_work() as work:
        await erase_all(work)
    with pytest.raises(CaseGone):
        await did(database, case_work.claim, case, ANNE)


async def erase_all(work: UnitOfWork) -> None:
    for session_id in (await work.connection.execute(select(store.chat_sessions.c.id))).scalars().all():
        await store.erase(work, session_id)
