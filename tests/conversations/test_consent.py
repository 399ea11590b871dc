"""Agreeing to what is kept, as whole conversations."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import func, select, update

from base.settings import Settings
from bot.engine.assistant import Reply
from bot.engine.dialogue import Dialogue
from casework import consents
from casework.drafts import drafts
from casework.files.store import files
from casework.persons import logins
from conversations.models import Phase
from tests.support.conversing import Talk, text_of
from tests.support.project import responses
from tests.support.sending import Counter, opened

ASKED = "Puis-je garder ce qu'il faut pour cela ?"
LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"
SEND_CV = "je veux envoyer mon cv à ma conseillère"


@pytest.fixture
async def counter(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    async with opened(settings, dialogue, is_worked=False) as everything:
        yield everything


@pytest.fixture
async def talk(counter: Counter) -> AsyncIterator[Talk]:
    """Of somebody of whom nothing is known."""
    async with counter.talking(person=None, has_consented=False) as conversation:
        yield conversation


async def count(counter: Counter, table: object) -> int:
    async with counter.program.database.reading() as connection:
        query = select(func.count()).select_from(table)  # type: ignore[arg-type]  # a table
        return int((await connection.execute(query)).scalar_one())


def is_asked(reply: Reply) -> bool:
    return reply.state.slot == "has_consented" and ASKED in text_of(reply)


def test_new_text_has_a_new_version() -> None:
    """Who changes the text raises `consents.VERSION` and writes its fingerprint here."""
    (text,) = [variation["text"] for variation in responses()["utter_consent"]]
    assert (consents.VERSION, hashlib.sha256(text.encode()).hexdigest()[:16]) == (2, "eb4306014a5a555d")


async def test_one_tap_and_the_task_goes_on_with_what_was_said(counter: Counter, talk: Talk) -> None:
    asked = await talk.say(SEND_CV)
    assert is_asked(asked)
    assert "90 jours" in text_of(asked)
    assert f"({counter.program.settings.public_url}/confidentialite)" in text_of(asked)
    assert (asked.state.step, asked.state.expects) == (None, "choice")
    assert await count(counter, logins) == 0
    agreed = await talk.tap("D'accord")
    assert agreed.state.slot == "is_linked", "the document was said before"
    assert await count(counter, consents.consents) == 1


@pytest.mark.parametrize("yes", ["oui", "d'accord", "ok", "👍"])
async def test_typed_yes_agrees(counter: Counter, talk: Talk, yes: str) -> None:
    await talk.say(SEND_CV)
    assert (await talk.say(yes)).state.slot == "is_linked"


async def test_version_and_time_are_kept_and_nothing_is_asked_again(
    counter: Counter, talk: Talk, frozen_clock: datetime
) -> None:
    await talk.say(SEND_CV)
    await talk.tap("D'accord")
    await talk.say("annuler")
    assert (await talk.say(SEND_CV)).state.slot == "is_linked"
    async with counter.program.database.reading() as connection:
        (row,) = (await connection.execute(select(consents.consents))).all()
    assert tuple(row) == (talk.session.id, consents.VERSION, frozen_clock)


@pytest.mark.parametrize("no", ["non", "non merci", "je refuse", "pas d'accord", "non je veux pas"])
async def test_no_ends_the_task_and_leaves_all_answers(counter: Counter, talk: Talk, no: str) -> None:
    await talk.say(SEND_CV)
    refused = await talk.say(no)
    assert "je ne commence pas" in text_of(refused)
    assert (refused.state.phase, refused.state.form, refused.state.slot) == (Phase.CANCELLED, None, None)
    assert await count(counter, drafts) == 0
    assert await count(counter, consents.consents) == 0
    assert "8 chiffres" in text_of(await talk.say("c'est quoi le numéro personnel ?"))
    assert is_asked(await talk.say(SEND_CV)), "the same request offers it again"
    assert (await talk.tap("D'accord")).state.slot == "is_linked"


async def test_tapped_no_erases_what_was_sent_for_it(counter: Counter, talk: Talk) -> None:
    file = await counter.file(talk)
    await talk.say(SEND_CV)
    await talk.send(file)
    assert (await talk.tap("Non, ne rien garder")).state.phase is Phase.CANCELLED
    async with counter.program.database.reading() as connection:
        (content,) = (await connection.execute(select(files.c.content))).scalars()
    assert content is None


async def test_what_is_neither_yes_nor_no_is_asked_again(talk: Talk) -> None:
    await talk.say(SEND_CV)
    again = await talk.say("je sais pas trop")
    assert "il me faut un « oui » ou un « non »" in text_of(again)
    assert is_asked(again)


async def test_question_about_it_is_answered_and_it_stays_open(talk: Talk) -> None:
    await talk.say(SEND_CV)
    between = await talk.say("qui peut voir ce que je vous écris ici ?")
    assert between.debug.topic == "data_protection"
    assert is_asked(between)


async def test_older_version_is_asked_again_also_in_the_middle(counter: Counter) -> None:
    async with counter.talking() as talk:
        assert (await talk.say(SEND_CV)).state.slot == "files"
        async with counter.program.database.unit_of_work() as work:
            await work.connection.execute(update(consents.consents).values(version=consents.VERSION - 1))
        assert is_asked(await talk.say("voilà"))
        assert (await talk.tap("D'accord")).state.slot == "files"
    assert await count(counter, consents.consents) == 2


async def test_yes_in_one_conversation_holds_in_the_others_of_the_person(counter: Counter) -> None:
    async with counter.talking(has_consented=False) as first, counter.talking(has_consented=False) as second:
        await first.say(SEND_CV)
        await first.tap("D'accord")
        assert (await second.say(SEND_CV)).state.slot == "files"


async def test_deadline_needs_no_consent_and_its_reminder_does(counter: Counter, talk: Talk) -> None:
    assert "vendredi 17 avril 2026" in text_of(await talk.say(LETTER))
    assert "vendredi 17 avril 2026" in text_of(await talk.say("mes échéances"))
    await talk.say(LETTER)
    assert is_asked(await talk.tap("Me le rappeler"))
    reply = await talk.tap("D'accord")
    assert "Rappel : vendredi 10 avril 2026" in text_of(reply)
    assert [effect["op"] for effect in reply.debug.effects] == ["set_reminder", "set_reminder"]
    assert reply.state.form is None


async def test_reminder_that_is_refused_is_not_set_and_the_date_stays(talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    assert (await talk.tap("Non, ne rien garder")).debug.effects == []
    listed = text_of(await talk.say("mes échéances"))
    assert "vendredi 17 avril 2026" in listed
    assert "Vos rappels" not in listed


async def test_task_that_was_interrupted_goes_on_after_a_no(talk: Talk) -> None:
    asked = await talk.say("j'ai reçu une décision, calcule mon délai")
    assert asked.state.form == "deadline_form"
    assert is_asked(await talk.say(SEND_CV))
    refused = await talk.say("non")
    assert (refused.state.form, refused.state.slot) == ("deadline_form", asked.state.slot)


async def test_what_keeps_nothing_asks_nothing(talk: Talk) -> None:
    assert (await talk.say("je veux transmettre mon attestation de gain intermédiaire")).state.form is None
    assert "Quelle date" in text_of(await talk.say("mets-moi un rappel"))
    assert "Voici ce que je garde" in text_of(await talk.say("mes données"))
