"""Reminders as people ask for them, change them and stop them, with moved time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from base import clock
from bot.program import Program
from casework import agenda
from tests.support.conversing import Talk, talking, text_of, transcript

LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    """Of somebody who has agreed to what is kept, on Wednesday 11 March 2026 at 10:15."""
    async with talking(program.assistant, program.database, has_consented=True) as conversation:
        yield conversation


def at(day: str, hour: str = "09:00") -> datetime:
    """Moves the program's clock."""
    moment = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=clock.ZONE)
    clock.freeze(moment)
    return moment


async def times(program: Program, talk: Talk) -> list[str]:
    """When the reminders of a conversation come, on Swiss clocks."""
    async with program.database.reading() as connection:
        return [f"{one.at:%m-%d %H:%M}" for one in await agenda.ahead(connection, talk.session.id)]


async def told(program: Program, talk: Talk) -> str:
    """The last message of the conversation."""
    return (await transcript(program.database, talk.session))[-1].text.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("asked", "expected", "title"),
    [
        ("rappelle-moi vendredi d'envoyer mes recherches", ["03-13 09:00"], "envoyer mes recherches"),
        ("rappel le 20 à 18h pour l'IPA", ["03-20 18:00"], "Remplir et envoyer votre IPA"),
        ("rappelle-moi lundi d'envoyer mon certificat médical", ["03-16 09:00"], "envoyer mon certificat médical"),
        ("rapel demain a 14h30 dapeler ma conseillere stp", ["03-12 14:30"], "apeler ma conseillere"),
        ("fais-moi penser avant vendredi à renvoyer le papier", ["03-12 09:00"], "renvoyer le papier"),
        ("mets un rappel le 12 avril à midi pour mon rdv chez Manor", ["04-12 12:00"], "mon rdv chez Manor"),
        ("rappelle-moi l'ipa le 25 de chaque mois", ["03-25 09:00"], "puis chaque mois"),
        ("rappel tous les lundis à 8h pour postuler", ["03-16 08:00"], "puis chaque semaine"),
        (
            "envoie-moi un message trois jours avant le 5 pour mes recherches",
            ["04-02 09:00"],
            "Remettre vos recherches",
        ),
        (
            "rappelle-moi le 20 pour l'IPA et le 3 pour mes recherches",
            ["03-20 09:00", "04-03 09:00"],
            "Remettre vos recherches d'emploi",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_one_sentence_is_enough(
    talk: Talk, program: Program, asked: str, expected: list[str], title: str
) -> None:
    reply = await talk.say(asked)
    assert title in text_of(reply)
    assert await times(program, talk) == expected
    assert [effect["op"] for effect in reply.debug.effects] == ["set_reminder"] * len(expected)
    assert reply.state.form is None


async def test_what_is_missing_is_asked_for_and_what_cannot_be_is_asked_again(talk: Talk, program: Program) -> None:
    assert (await talk.say("mets-moi un rappel")).state.slot == "matter"
    assert (await talk.say("appeler ma conseillère")).state.slot == "day"
    assert "Le mardi 10 mars 2026 est déjà passé" in text_of(await talk.say("hier"))
    assert "c'est trop loin" in text_of(await talk.say("dans trois ans"))
    assert "n'existe pas dans le calendrier" in text_of(await talk.say("le 31.4."))
    assert "Cette heure est déjà passée" in text_of(await talk.say("aujourd'hui à 9h"))
    between = await talk.say("c'est quoi l'ipa exactement ?")
    assert (between.debug.topic, between.state.slot) == ("ipa_rules", "day")
    assert "appeler ma conseillère" in text_of(await talk.say("demain matin"))
    assert await times(program, talk) == ["03-12 09:00"]


async def test_question_about_a_reminder_is_given_up_by_a_word(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi d'acheter des timbres")
    assert (await talk.say("laisse tomber")).state.form is None
    assert await times(program, talk) == []


async def test_reminder_that_was_set_is_corrected(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi vendredi d'envoyer mes recherches")
    await talk.say("non, jeudi")
    assert await times(program, talk) == ["03-12 09:00"]
    await talk.say("plutôt à 18h")
    assert await times(program, talk) == ["03-12 18:00"]
    at("2026-03-12", "18:00")
    assert await program.worker.tick(clock.now()) == 1
    assert "**Rappel : envoyer mes recherches.**" in await told(program, talk)


async def test_reminders_are_listed_with_numbers_that_can_be_used(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi le 20 pour l'IPA et le 3 pour mes recherches")
    await talk.say("rappelle-moi demain d'appeler ma conseillère")
    lines = [line for line in text_of(await talk.say("mes rappels")).splitlines() if line[:2] in {"1.", "2.", "3."}]
    assert [line.rpartition(" : ")[2] for line in lines] == [
        "appeler ma conseillère",
        "Remplir et envoyer votre IPA",
        "Remettre vos recherches d'emploi",
    ]
    await talk.say("décale le 2 à lundi")
    assert await times(program, talk) == ["03-12 09:00", "03-16 09:00", "04-03 09:00"]
    stopped = await talk.say("supprime le 1")
    assert "Je ne vous rappelle plus : appeler ma conseillère" in text_of(stopped)
    assert [effect["op"] for effect in stopped.debug.effects] == ["cancel_reminder"]
    assert await times(program, talk) == ["03-16 09:00", "04-03 09:00"]


async def test_one_reminder_is_stopped_by_its_matter_and_never_another_one(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi le 20 pour l'IPA et le 3 pour mes recherches")
    await talk.say("enlève le rappel pour l'IPA")
    assert await times(program, talk) == ["04-03 09:00"]
    asked = await talk.say("enlève le rappel pour l'opposition")
    assert "Lequel dois-je arrêter ?" in text_of(asked)
    assert await times(program, talk) == ["04-03 09:00"]
    await talk.tap("Remettre vos recherches")
    assert await times(program, talk) == []


async def test_all_but_one_are_stopped(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi le 20 pour l'IPA et le 3 pour mes recherches")
    await talk.say("enlever les rappels de recherches mais garder celui de l'ipa")
    assert await times(program, talk) == ["03-20 09:00"]


async def test_unclear_stop_asks_which_and_all_stops_all(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi le 20 pour l'IPA et le 3 pour mes recherches")
    assert "Lequel dois-je arrêter ?" in text_of(await talk.say("enlève le rappel"))
    await talk.tap("Tous")
    assert await times(program, talk) == []


async def test_monthly_reminder_comes_until_it_is_stopped(talk: Talk, program: Program) -> None:
    await talk.say("chaque mois le 31 à 8h rappelle-moi l'ipa")
    for day, following in (("2026-03-31", "jeudi 30 avril 2026"), ("2026-04-30", "dimanche 31 mai 2026")):
        assert await program.worker.tick(at(day, "07:59")) == 0
        assert await program.worker.tick(at(day, "08:00")) == 1
        assert f"de nouveau le {following}" in await told(program, talk)
    await talk.say("arrête les rappels")
    assert await program.worker.tick(at("2026-05-31")) == 0


async def test_monthly_reminder_that_was_missed_is_told_once(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi l'ipa le 25 de chaque mois")
    before = len(await transcript(program.database, talk.session))
    while await program.worker.tick(at("2026-06-02", "10:00")):
        pass
    assert len(await transcript(program.database, talk.session)) == before + 1
    assert "jeudi 25 juin 2026" in await told(program, talk)


async def test_computed_date_is_reminded_of_when_the_person_wants(talk: Talk, program: Program) -> None:
    await talk.say(LETTER)  # safe until Friday 17 April
    await talk.say("préviens-moi 3 jours avant")
    assert await times(program, talk) == ["04-14 09:00"]
    await talk.say("plutôt une semaine avant")
    assert await times(program, talk) == ["04-10 09:00"]
    await talk.say("non, à midi")
    assert await times(program, talk) == ["04-10 12:00"]


async def test_reminder_in_the_quiet_hours_is_moved_and_that_is_said(talk: Talk, program: Program) -> None:
    reply = await talk.say("rappelle-moi demain à 22h d'appeler ma mère")
    assert "Entre 21 h 00 et 7 h 00, je n'écris à personne" in text_of(reply)
    assert await times(program, talk) == ["03-13 07:00"]


async def test_reminder_of_another_conversation_cannot_be_stopped(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi demain d'appeler ma conseillère")
    async with talking(program.assistant, program.database, has_consented=True) as other:
        assert "aucun rappel prévu" in text_of(await other.say("supprime le 1"))
    assert await times(program, talk) == ["03-12 09:00"]


async def test_markup_in_the_words_of_a_person_is_left_out(talk: Talk, program: Program) -> None:
    await talk.say("rappelle-moi demain de lire [ceci](https://exemple.invalid) **vite**")
    async with program.database.reading() as connection:
        (reminder,) = await agenda.ahead(connection, talk.session.id)
    assert not set("[]*<>`") & set(reminder.about["words"])


async def test_what_is_followed_is_told_until_it_is_there(talk: Talk, program: Program) -> None:
    async with program.database.unit_of_work() as work:
        await agenda.follow(work, talk.session.id, "incapacity:1", "certificate", {})
    assert await program.worker.tick(at("2026-03-13")) == 1
    assert "Rappel : Envoyer le certificat médical." in await told(program, talk)
    assert "mardi 17 mars 2026" in await told(program, talk)
    async with program.database.unit_of_work() as work:
        await agenda.settle(work, talk.session.id, "incapacity:1")
    assert await program.worker.tick(at("2026-03-17")) == 0
