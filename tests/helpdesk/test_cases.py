"""Working on cases at the console, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest

from base import clock
from bot.engine.assistant import Turn
from bot.helpdesk.queue import AT_A_TIME
from bot.program import Program
from casework import access, canned_answers, case_work, cases, return_codes
from casework.access import Actor, Kind
from casework.case_events import Agent
from casework.cases import Case, CaseState, Need, Outcome
from casework.files.limits import Kind as FileKind
from casework.files.limits import Prepared
from casework.triage import Office
from conversations import store
from conversations.models import Draft, FileId, Session
from eservices.sandbox.people import A_PDF
from law.offices import Item
from tests.helpdesk.conftest import Console
from tests.support.helpdesk import BRUNO, CLAIRE, HTMX, Seat, conversation, opened


async def handed_over(program: Program, session: Session) -> tuple[Case, str]:
    """The case of somebody who asks for a human, and the code that they are given."""
    told = await program.assistant.answer(Turn(session, "asks", "je veux parler à un humain"))
    code = return_codes.spot(told.messages[-1].text)
    assert code is not None
    async with program.database.reading() as connection:
        (case,) = await cases.of_session(connection, session.id)
    return case, code


async def test_queue_is_in_order_and_each_position_says_why(nadia: Seat, program: Program) -> None:
    await opened(program.database, topic="sanctions")
    await opened(program.database, topic="objection", safe=date(2026, 3, 12))
    await opened(program.database, topic="crisis", is_danger=True)
    await opened(program.database, office=Office.FUND, topic="repayment")
    page = await nadia.open()
    shown = [page.text.index(words) for words in ("Détresse", "Opposition", "Sanction")]
    assert shown == sorted(shown)
    assert "3 cas" in page.text
    assert "Restitution" not in page.text, "the queue of another office"
    assert "Il reste 1 jour ouvrable, jusqu'au 12 mars 2026 ; attend depuis moins d'une minute" in page.text
    assert "Sans délai Attend depuis moins d'une minute" in page.text


async def test_second_of_two_who_claim_is_told_who_was_quicker(nadia: Seat, marc: Seat, program: Program) -> None:
    case = await opened(program.database)
    seen = (await nadia.see(case)).version
    answers = await asyncio.gather(nadia.do(case, "claim", seen), marc.do(case, "claim", seen))
    assert sorted(answer.status for answer in answers) == [200, 409]
    (won,), (lost,) = ([a for a in answers if a.status == status] for status in (200, 409))
    assert "Vous avez pris le cas." in won.text
    winner = nadia if won is answers[0] else marc
    assert f"{winner.agent.name} a pris le cas, aujourd'hui à 10:15." in lost.text


async def test_reply_sent_twice_is_one_and_a_late_one_keeps_its_text(nadia: Seat, marc: Seat, program: Program) -> None:
    session = await conversation(program.database, "comment m'inscrire ?")
    case = await opened(program.database, session)
    seen = (await marc.see(case)).version
    for _ in range(2):
        page = await nadia.do(case, "reply", seen, text="Bonjour, voici.", client_id="once")
        assert page.status == 200, page.text
    assert page.text.count("Nadia Keller a répondu") == 1
    late = await marc.post(f"/cases/{case.number}/reply", {"version": seen, "text": "Moi aussi.", "client_id": "2r"})
    assert late.status == 409
    assert "Nadia Keller a répondu, aujourd'hui à 10:15." in late.text
    assert ">Moi aussi.</textarea>" in late.source


async def test_whoever_opens_a_case_is_noted_for_the_person(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database, "bonjour")
    case = await opened(program.database, session)
    for _ in range(2):
        assert (await nadia.see(case)).status == 200
    async with program.database.reading() as connection:
        noted = await access.of(connection, [session.id])
    assert [(one.actor, one.kind, one.object, one.agent) for one in noted] == [
        (Actor.AGENT, Kind.CASE, case.number, "nadia")
    ]


async def test_identifiers_are_masks_until_an_agent_asks_which_is_noted(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database)
    async with program.database.unit_of_work() as work:
        concealed = await program.vault.conceal(
            work, session.id, "mon mail : camille@exemple.ch, IBAN CH9300762011623852957"
        )
        await store.record_notice(work, session.id, "said", Draft("user", concealed, "fr"))
    case = await opened(program.database, session)
    assert "camille@exemple.ch" not in (await nadia.see(case)).text
    page = await nadia.do(case, "reveal", "1")
    assert "E-mail : camille@exemple.ch" in page.text
    assert "CH93" not in page.text
    async with program.database.reading() as connection:
        assert len(await access.of(connection, [session.id])) == 2


async def test_case_goes_to_another_office_and_out_of_sight(console: Console, nadia: Seat, program: Program) -> None:
    case = await opened(program.database)
    page = await nadia.do(case, "transfer", "1", to="office:fund", text="C'est pour la caisse.")
    assert page.response.headers["hx-redirect"] == "/helpdesk"
    assert (await nadia.see(case)).status == 403
    bruno = await console.seat(BRUNO)
    assert "C'est pour la caisse." in (await bruno.see(case)).text


async def test_case_goes_through_everything_an_agent_can_do(console: Console, marc: Seat, program: Program) -> None:
    session = await conversation(program.database, "aidez-moi")
    case = await opened(program.database, session)
    claire = await console.seat(CLAIRE)
    await claire.open()
    for seat, deed, fields, state in (
        (marc, "claim", {}, CaseState.CLAIMED),
        (marc, "snooze", {"until": "tomorrow"}, CaseState.SNOOZED),
        (marc, "claim", {}, CaseState.CLAIMED),
        (marc, "note", {"text": "À rappeler."}, CaseState.CLAIMED),
        (marc, "label", {"label": "urgent"}, CaseState.CLAIMED),
        (marc, "take-over", {}, CaseState.CLAIMED),
        (marc, "give-back", {}, CaseState.CLAIMED),
        (marc, "release", {}, CaseState.OPEN),
        (claire, "assign", {"to": "marc"}, CaseState.CLAIMED),
        (marc, "resolve", {"outcome": "answered"}, CaseState.RESOLVED),
        (marc, "reopen", {}, CaseState.CLAIMED),
    ):
        seen = (await seat.see(case)).version
        page = await seat.do(case, deed, seen, **fields)
        assert page.status == 200, f"{deed}: {page.text}"
        async with program.database.reading() as connection:
            now = await cases.find(connection, case.id)
        assert now is not None
        assert now.state is state, deed
    assert "urgent" in page.text
    assert "À rappeler." in page.text


async def test_assistant_suggests_an_answer_with_its_sources_and_nothing_is_kept(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database, "où trouver mon numéro personnel ?", "je veux parler à un humain")
    case = await opened(program.database, session)
    page = await nadia.open(f"/cases/{case.number}/suggestion", headers={"hx-request": "true"})
    assert page.status == 200
    assert "numéro personnel" in page.text
    assert "Sources" in page.text
    async with program.database.reading() as connection:
        assert len(await cases.open_cases(connection)) == 1


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("office=seco", "lh"),
        ("urgency=pressing", "op"),
        ("language=de", "sa"),
        ("state=claimed", "lh"),
        ("mine=1", "lh"),
        ("q=sanction", "sa"),
        ("q=C-00002", "op"),
        ("q=opposition+mars", "op"),
        ("office=orp&language=fr", "op"),
        ("office=fund", ""),
        ("q=zzz", ""),
        ("urgency=unheard&office=of", "op sa lh"),
    ],
)
async def test_queue_shows_what_is_asked_for(nadia: Seat, program: Program, asked: str, shown: str) -> None:
    titles = {"op": "Opposition", "sa": "Sanction", "lh": "Connexion à Job-Room"}
    await opened(program.database, topic="sanctions", language="de")
    await opened(program.database, topic="objection", safe=date(2026, 3, 12), summary=("Une décision du 2 mars.",))
    taken = await opened(program.database, office=Office.SECO, topic="jobroom_login")
    await opened(program.database, office=Office.FUND, topic="repayment")
    await nadia.do(taken, "claim", "1")
    page = await nadia.open(f"?{asked}", headers=HTMX)
    assert [name for name, title in titles.items() if title in page.text] == shown.split()


async def test_queue_goes_on_where_its_page_ends_and_stays_there(nadia: Seat, program: Program) -> None:
    found = [await opened(program.database) for _ in range(AT_A_TIME + 2)]
    assert f'href="/helpdesk?after={found[AT_A_TIME - 1].id}"' in (await nadia.open()).source
    page = await nadia.open(f"?after={found[AT_A_TIME - 1].id}")
    assert [case.number in page.text for case in found[-3:]] == [False, True, True]
    assert f'name="after" value="{found[AT_A_TIME - 1].id}"' in page.source, "what asks for the page anew names it"


async def test_agent_sees_the_files_that_were_given_for_the_case_and_no_others(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database)
    case = await opened(program.database, session)
    files, paper = program.files.store, Prepared(A_PDF, FileKind.PDF, 1)
    async with program.database.unit_of_work() as work:
        given, kept = [FileId((await files.keep(work, session.id, f"{n}.pdf", paper)).id) for n in (1, 2)]
        await store.record_notice(work, session.id, "files", Draft("user", "", "fr", sent=(given, kept)))
        await case_work.add_files(work, case, [given])
    page = await nadia.see(case)
    assert given in page.source
    assert kept not in page.source
    assert "Un fichier que la personne n'a pas donné pour ce cas." in page.text
    assert (await nadia.open(f"/cases/{case.number}/files/{kept}")).status == 404
    assert (await nadia.open(f"/cases/{case.number}/files/{given}")).response.content == A_PDF


async def test_person_reads_who_has_opened_their_case(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database, "bonjour")
    await nadia.see(await opened(program.database, session))
    reply = await program.assistant.answer(Turn(session, "who", "qui a lu mes données ?"))
    assert "le service d'aide" in reply.messages[-1].text


async def test_history_of_the_person_shows_the_cases_of_the_agents_offices(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database, "bonjour")
    for office in (Office.SECO, Office.FUND):
        before = await opened(program.database, session, office)
        async with program.database.unit_of_work() as work:
            await case_work.resolve(work, before.id, before.version, Agent("anne", "Anne Favre"), Outcome.ANSWERED)
    page = await nadia.see(await opened(program.database, session))
    assert "C-00001, Inscription" in page.text
    assert "C-00002" not in page.text
    assert "Un autre cas dans un office que vous ne voyez pas." in page.text


async def test_suggestion_passes_over_what_is_no_question(nadia: Seat, program: Program) -> None:
    session = await conversation(program.database, "où trouver mon numéro personnel ?")
    async with program.database.unit_of_work() as work:
        said = await program.vault.conceal(
            work, session.id, "mon email est camille@exemple.ch et mon tel 079 123 45 67"
        )
        await store.record_notice(work, session.id, "reach", Draft("user", said, "fr"))
    case = await opened(program.database, session)
    page = await nadia.open(f"/cases/{case.number}/suggestion", headers=HTMX)
    assert "L'assistant répondrait à « où trouver mon numéro personnel ? »" in page.text


async def test_return_code_is_not_for_agents(nadia: Seat, program: Program) -> None:
    case, code = await handed_over(program, await conversation(program.database, "bonjour"))
    page = await nadia.see(case)
    assert code not in page.source
    assert return_codes.HIDDEN in page.text


async def test_note_of_a_transfer_that_was_refused_is_not_lost(nadia: Seat, marc: Seat, program: Program) -> None:
    case = await opened(program.database)
    await nadia.do(case, "claim", "1")
    fields = {"version": "1", "to": "office:fund", "text": "C'est pour vous."}
    page = await marc.post(f"/cases/{case.number}/transfer", fields)
    assert page.status == 409
    assert "Nadia Keller a pris le cas" in page.text
    assert ">C&#39;est pour vous.</textarea>" in page.source


async def test_what_is_said_elsewhere_before_and_here_after_a_case_is_not_for_agents(
    nadia: Seat, program: Program, frozen_clock: datetime
) -> None:
    first, second = (
        await conversation(program.database, "première"),
        await conversation(program.database, "sans rapport"),
    )
    case, code = await handed_over(program, first)
    clock.freeze(frozen_clock + timedelta(minutes=1))
    for session, text in ((second, f"mon code {code}"), (second, "j'attends")):
        await program.assistant.answer(Turn(session, text, text))
    page = await nadia.see(case)
    assert [said in page.text for said in ("première", "sans rapport", "j'attends", code)] == [True, False, True, False]
    await nadia.do(case, "resolve", page.version, outcome="answered")
    clock.freeze(frozen_clock + timedelta(minutes=2))
    await program.assistant.answer(Turn(second, "later", "autre chose"))
    page = await nadia.see(case)
    assert [said in page.text for said in ("j'attends", "autre chose")] == [True, False]


@pytest.mark.parametrize(
    ("language", "filled"),
    [("fr", "C-00001 : jeudi 12 mars 2026 ; la décision"), ("de", "C-00001 : Donnerstag, 12. März 2026 ; {manque}")],
)
async def test_canned_answer_is_filled_in_its_own_language(
    nadia: Seat, program: Program, language: str, filled: str
) -> None:
    case = await opened(program.database, safe=date(2026, 3, 12), language="it", needs=(Need(Item.DECISION),))
    async with program.database.unit_of_work() as work:
        text = "{numero} : {date} ; {manque}"
        answer_id = await canned_answers.save(work, "Titre", text, CLAIRE, office=Office.ORP, language=language)
    page = await nadia.open(f"/cases/{case.number}/answer", params={"answer": str(answer_id)})
    assert page.response.json() == {"text": filled}
