"""«Mes échéances» and reminders, as whole conversations."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import httpx
import pytest
from sqlalchemy import func, select

from base import clock
from base.outbox import PENDING, outbox
from bot.program import Program
from casework import agenda
from conversations import store
from tests.support.conversing import Talk, talking, text_of, transcript

LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    """Of somebody who has agreed to what is kept."""
    async with talking(program.assistant, program.database, has_consented=True) as conversation:
        yield conversation


def at(day: str, time: str = "09:00") -> datetime:
    """Moves the program's clock."""
    moment = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=clock.ZONE)
    clock.freeze(moment)
    return moment


async def waiting(program: Program) -> int:
    """How many outbox rows wait."""
    async with program.database.reading() as connection:
        count = select(func.count()).select_from(outbox).where(outbox.c.state == PENDING)
        return int((await connection.execute(count)).scalar_one())


async def test_agenda_is_empty_at_first(talk: Talk) -> None:
    assert "Je n'ai encore noté aucune date" in text_of(await talk.say("mes échéances"))


async def test_agenda_lists_every_date_the_next_one_first(talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.say("calcule mon délai")
    await talk.tap("Mes recherches")
    await talk.tap("Ce mois-ci")
    lines = [line for line in text_of(await talk.say("mes échéances")).splitlines() if line.startswith("- ")]
    assert len(lines) == 2
    assert "dimanche 5 avril 2026" in lines[0]
    assert "Remettre les recherches d'emploi de mars 2026" in lines[0]
    assert "Dernier jour : mardi 7 avril 2026" in lines[0]
    assert "**vendredi 17 avril 2026** : Envoyer l'opposition (décision de la caisse de chômage)" in lines[1]
    assert "Dernier jour : lundi 20 avril 2026" in lines[1]


async def test_date_that_an_answer_computes_is_in_the_agenda_once(talk: Talk) -> None:
    assert "dimanche 5 avril 2026" in text_of(
        await talk.say("jusqu'à quand je dois remettre mes recherches d'emploi de ce mois ?")
    )
    await talk.say("calcule mon délai")
    await talk.tap("Mes recherches")
    await talk.tap("Ce mois-ci")
    lines = [line for line in text_of(await talk.say("mes échéances")).splitlines() if line.startswith("- ")]
    assert len(lines) == 1


async def test_corrected_date_replaces_the_wrong_one(talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.say("non, c'était le 9 mars")
    lines = [line for line in text_of(await talk.say("mes échéances")).splitlines() if line.startswith("- ")]
    assert len(lines) == 1
    assert "jeudi 23 avril 2026" in lines[0]


async def test_date_whose_safe_day_is_over_shows_the_last_day(talk: Talk) -> None:
    await talk.say(LETTER)
    at("2026-04-18")
    assert "la date sûre est passée. Dernier jour : **lundi 20 avril 2026**" in text_of(await talk.say("mes échéances"))
    at("2026-04-21")
    assert "aucune date" in text_of(await talk.say("mes échéances"))


async def test_reminders_come_seven_and_two_days_before_where_the_person_is(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    reply = await talk.tap("Me le rappeler")
    assert "Rappel : vendredi 10 avril 2026, mercredi 15 avril 2026." in text_of(reply)
    assert [effect["op"] for effect in reply.debug.effects] == ["set_reminder", "set_reminder"]
    assert await program.worker.tick(at("2026-04-10", "08:59")) == 0
    assert await program.worker.tick(at("2026-04-10")) == 1
    told = (await transcript(program.database, talk.session))[-1]
    assert told.author == "bot"
    assert "au plus tard le vendredi 17 avril 2026." in told.text.replace("\xa0", " ")
    assert "Rappel : Envoyer l'opposition (décision de la caisse de chômage)" in told.text.replace("\xa0", " ")
    assert [choice.label for choice in told.choices] == ["Mes échéances", "Arrêter les rappels"]
    assert await program.worker.tick(at("2026-04-15")) == 1
    assert await waiting(program) == 0


async def test_reminder_leaves_an_open_question_open(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    asked = await talk.say("j'ai reçu une autre décision, calcule mon délai")
    await program.worker.tick(at("2026-04-10"))
    async with program.database.reading() as connection:
        assert await store.last_state(connection, talk.session.id) == asked.state
    told = (await transcript(program.database, talk.session))[-1]
    assert [choice.id for choice in told.choices] == [choice.id for choice in asked.messages[-1].choices]
    assert (await talk.tap("« Décision »")).state.slot == "authority"


async def test_reminder_is_told_once_even_if_its_row_is_worked_twice(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await program.worker.tick(at("2026-04-10"))
    before = await transcript(program.database, talk.session)
    async with program.database.unit_of_work() as work:
        await work.connection.execute(outbox.update().values(state=PENDING, next_attempt_at=clock.now()))
    await program.worker.tick(clock.now())
    assert await transcript(program.database, talk.session) == before


async def test_reminders_follow_a_date_that_moves(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await talk.say("ah non, la décision je l'ai reçue le 9 mars")
    assert "1. **jeudi 16 avril 2026 à 9 h 00**, mardi 21 avril 2026 :" in text_of(await talk.say("mes échéances"))
    assert await program.worker.tick(at("2026-04-15")) == 0
    assert await program.worker.tick(at("2026-04-16")) == 1


async def test_reminders_are_stopped_by_one_word_and_the_date_stays(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    stopped = await talk.say("arrête les rappels")
    assert "je n'enverrai plus de rappel" in text_of(stopped)
    assert [effect["op"] for effect in stopped.debug.effects] == ["cancel_reminder", "cancel_reminder"]
    assert await waiting(program) == 0
    assert "aucun rappel prévu" in text_of(await talk.say("arrête les rappels"))
    assert "vendredi 17 avril 2026" in text_of(await talk.say("mes échéances"))


async def test_two_decisions_of_one_day_are_two_dates(talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.say("j'ai reçu une autre décision, calcule mon délai")
    for choice in ("« Décision »", "L'OCE", "Indemnités", "sans signature"):
        await talk.tap(choice)
    await talk.say("le 5")
    lines = [line for line in text_of(await talk.say("mes échéances")).splitlines() if line.startswith("- ")]
    assert len(lines) == 2


async def test_no_reminder_comes_after_they_were_stopped(talk: Talk, program: Program) -> None:
    await talk.say("jusqu'à quand je dois remettre mes recherches d'emploi de ce mois ?")
    await talk.say("mets-moi un rappel")
    await talk.say("calcule mon délai")
    await talk.tap("Mes recherches")
    await talk.tap("Ce mois-ci")
    await talk.say("mets-moi un rappel")
    await talk.say("arrête les rappels")
    assert await waiting(program) == 0


async def test_reminders_that_are_late_are_told_once(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    before = len(await transcript(program.database, talk.session))
    late = at("2026-04-16", "12:00")
    while await program.worker.tick(late):
        pass
    assert len(await transcript(program.database, talk.session)) == before + 1


async def test_asking_twice_reminds_once(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await talk.say("mets-moi un rappel")
    assert await waiting(program) == 2


async def test_reminder_that_would_come_too_late_is_not_promised(talk: Talk, program: Program) -> None:
    at("2026-04-16")
    await talk.say(LETTER)
    assert "La date est trop proche pour un rappel" in text_of(await talk.tap("Me le rappeler"))
    assert await waiting(program) == 0


async def test_reminder_asked_for_without_a_date_leads_to_one(talk: Talk) -> None:
    asked = await talk.say("mets-moi un rappel")
    assert "Quelle date dois-je vous rappeler ?" in text_of(asked)
    assert (await talk.tap("Mes recherches")).state.slot == "month"


async def test_erased_conversation_is_not_reminded(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    async with program.database.unit_of_work() as work:
        await store.erase(work, talk.session.id)
    assert await program.worker.tick(at("2026-04-10")) == 1
    async with program.database.reading() as connection:
        assert await agenda.find(connection, 1) is None
        assert not await store.session_exists(connection, talk.session.id)


@pytest.mark.parametrize(("suffix", "begins"), [(".ics", b"BEGIN:VCALENDAR"), (".docx", b"PK"), (".pdf", b"%PDF")])
async def test_files_of_an_answer_are_fetched_by_who_got_them(
    client: httpx.AsyncClient, suffix: str, begins: bytes
) -> None:
    session = (await client.post("/api/chat/sessions", json={})).json()
    bearer = {"Authorization": f"Bearer {session['token']}"}
    said = {"client_id": "1", "text": LETTER}
    reply = (await client.post("/api/chat/messages", json=said, headers=bearer)).json()
    (attachment,) = [
        one for message in reply["messages"] for one in message["attachments"] if one["name"].endswith(suffix)
    ]
    fetched = await client.get(attachment["url"], headers=bearer)
    assert fetched.status_code == 200
    assert fetched.content.startswith(begins)
    assert fetched.headers["content-type"] == attachment["mime"]
    assert fetched.headers["cache-control"] == "no-store"
    other = (await client.post("/api/chat/sessions", json={})).json()
    stranger = {"Authorization": f"Bearer {other['token']}"}
    assert (await client.get(attachment["url"], headers=stranger)).status_code == 404
    assert (await client.get(attachment["url"])).status_code == 401
