"""Preparing the application for unemployment benefit over several days, with moved time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from base import clock
from base.database import Database
from bot.engine.dialogue import Dialogue
from bot.program import Program, assembled
from casework import agenda
from tests.support.conversing import Talk, talking, text_of

BEGIN = "je veux préparer ma demande d'indemnité"


@pytest.fixture
async def talk(program: Program) -> AsyncIterator[Talk]:
    """Of somebody who has agreed to what is kept, on Wednesday 11 March 2026."""
    async with talking(program.assistant, program.database, has_consented=True) as conversation:
        yield conversation


@pytest.fixture
async def begun(talk: Talk) -> Talk:
    """A list for the current month."""
    await talk.say(BEGIN)
    await talk.tap("Ce mois-ci")
    return talk


def at(day: str) -> None:
    """Moves the program's clock."""
    clock.freeze(datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=clock.ZONE))


def ticked(talk: Talk) -> str:
    """The numbers of what the last reply shows as done."""
    assert talk.reply is not None
    return "".join(line[0] for line in text_of(talk.reply).splitlines() if ". ✅" in line)


async def due_dates(database: Database, talk: Talk) -> list[tuple[str, str]]:
    async with database.reading() as connection:
        found = await agenda.coming(connection, talk.session.id, clock.today())
    return [(str(due.safe), str(due.deadline)) for due in found]


async def test_list_begins_with_the_first_month_and_its_time_limit(talk: Talk, program: Program) -> None:
    asked = await talk.say(BEGIN)
    assert (asked.state.slot, asked.state.expects, asked.debug.topic) == ("month", "month", "benefit_application")
    listed = text_of(await talk.tap("Le mois passé"))
    assert "dès février 2026 : 0 sur 7" in listed
    assert "À demander au plus tard le vendredi 29 mai 2026" in listed
    assert "jusqu'au dimanche 31 mai 2026" in listed
    assert await due_dates(program.database, talk) == [("2026-05-29", "2026-05-31")]


async def test_consent_is_asked_before_anything_is_kept(program: Program) -> None:
    async with talking(program.assistant, program.database) as talk:
        assert (await talk.say(BEGIN)).state.slot == "has_consented"
        assert (await talk.say("oui")).state.slot == "month"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("j'ai l'attestation de l'employeur", "4"),
        ("j'ai ouvert mon compte job-room et choisi ma caisse, mais pas encore l'ipa", "23"),
        ("coche 3", "3"),
        ("1, 2 et 3", "123"),
        ("tout sauf la demande transmise", "123456"),
        ("je suis inscrite", "1"),
        ("jai recu les attestation de mes patrons", "4"),
        ("l'attestation du chef n'est toujours pas là", ""),
        ("voici les autres documents que la caisse voulait, c'est fait", "6"),
    ],
)
async def test_items_are_ticked_in_words(begun: Talk, said: str, expected: str) -> None:
    reply = await begun.say(said)
    assert ticked(begun) == expected
    assert reply.state.slot == "is_paused"


async def test_items_are_ticked_by_a_tap_and_unticked_by_a_correction(begun: Talk) -> None:
    await begun.tap("caisse de chômage choisie")
    await begun.tap("attestations des employeurs")
    assert ticked(begun) == "34"
    await begun.say("non, pas encore l'attestation")
    assert ticked(begun) == "3"
    await begun.say("décoche 3")
    assert ticked(begun) == ""


async def test_paper_that_no_source_names_is_not_listed(begun: Talk) -> None:
    reply = await begun.say("j'ai le contrat")
    assert "mes sources ne le citent pas" in text_of(reply)
    assert ticked(begun) == ""


async def test_question_in_between_is_answered_and_the_list_stays(begun: Talk) -> None:
    await begun.say("coche 3")
    between = await begun.say("c'est quoi l'ipa exactement ?")
    assert (between.debug.topic, between.state.slot) == ("ipa_rules", "is_paused")
    assert "il reste 6 à cocher" in text_of(between)
    await begun.tap("Voir ma liste")
    assert ticked(begun) == "3"


async def test_list_survives_a_pause_of_a_week_and_a_restart(begun: Talk, program: Program, dialogue: Dialogue) -> None:
    await begun.say("coche 3")
    assert (await begun.say("plus tard")).state.form is None
    at("2026-03-18")
    async with assembled(program.settings, dialogue) as again:
        later = Talk(again.assistant, begun.session)
        await later.say("ma liste pour la demande d'indemnité")
        assert ticked(later) == "3"
        await later.say("j'ai l'attestation")
        assert ticked(later) == "34"


async def test_list_that_was_left_open_goes_on_after_a_week(begun: Talk) -> None:
    await begun.say("coche 3")
    at("2026-03-18")
    await begun.say("et j'ai l'attestation maintenant")
    assert ticked(begun) == "34"


async def test_first_month_is_corrected_and_its_reminders_move(begun: Talk, program: Program) -> None:
    await begun.tap("Me rappeler la date limite")
    await begun.say("en fait le premier mois c'est février")
    assert await due_dates(program.database, begun) == [("2026-05-29", "2026-05-31")]
    async with program.database.reading() as connection:
        assert [f"{one.at:%m-%d}" for one in await agenda.ahead(connection, begun.session.id)] == ["05-22", "05-27"]


async def test_reminder_is_offered_once_and_comes(begun: Talk, program: Program) -> None:
    reply = await begun.tap("Me rappeler la date limite")
    assert [effect["op"] for effect in reply.debug.effects] == ["set_reminder", "set_reminder"]
    assert "Me rappeler la date limite" not in [c.label for message in reply.messages for c in message.choices]
    clock.freeze(datetime(2026, 6, 23, 9, tzinfo=clock.ZONE))
    assert await program.worker.tick(clock.now()) == 1


async def test_month_whose_time_limit_has_passed_is_said_without_a_promise(talk: Talk) -> None:
    await talk.say(BEGIN)
    late = text_of(await talk.say("novembre"))
    assert "pour novembre 2025, le délai est passé depuis le samedi 28 février 2026" in late
    assert "Demandez tout de suite à votre caisse" in late


async def test_what_is_done_leaves_the_agenda(begun: Talk, program: Program) -> None:
    await begun.tap("Me rappeler la date limite")
    await begun.say("tout sauf la demande transmise")
    done = await begun.say("ça y est, j'ai transmis la demande")
    assert "Tout est coché" in text_of(done)
    assert [effect["op"] for effect in done.debug.effects] == ["cancel_reminder", "cancel_reminder"]
    assert done.state.form is None
    assert await due_dates(program.database, begun) == []


async def test_cancelling_erases_the_list(begun: Talk) -> None:
    await begun.say("coche 3")
    assert "j'ai effacé votre liste" in text_of(await begun.say("annule"))
    assert (await begun.say("ma liste pour la demande d'indemnité")).state.slot == "month"


async def test_list_is_begun_anew_on_request(begun: Talk) -> None:
    await begun.say("coche 3")
    await begun.say("plus tard")
    assert (await begun.say("recommence ma liste pour la demande d'indemnité")).state.slot == "month"
