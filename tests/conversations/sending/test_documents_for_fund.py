"""Documents for the unemployment fund, which takes them only while it examines the application."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from base import clock
from bot.engine.assistant import Reply
from casework import applications
from conversations.models import Phase
from tests.conftest import ORDINARY_DAY
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import AMADOU, CAMILLE, LEA, MARCO, Counter

APPLICATION = "/v1/persons/*/benefit-application"
WANTED = "la caisse réclame mon contrat de travail, je veux l'envoyer"
LOOKING = "Je regarde sur Job-Room si votre caisse prend des documents maintenant."
DOWN = "**Job-Room ne répond pas pour l'instant.**"


async def summary(counter: Counter, talk: Talk) -> Reply:
    """Goes as far as the summary."""
    await talk.say(WANTED)
    await counter.work()
    shown = await talk.send(await counter.file(talk))
    assert shown.state.phase is Phase.AWAITING_CONFIRMATION
    return shown


async def requests(counter: Counter) -> list[dict[str, Any]]:
    return [entry["request"] for entry in await counter.received()]


# With each status.


async def test_while_the_fund_examines_the_application_it_gets_the_document(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        asked = await talk.say(WANTED)
        assert asked.messages[0].text == f"Noté : Contrat de travail.\n\n{LOOKING}"
        assert "elle prend vos documents" in text_of(asked)
        assert asked.state.slot == "files"
        shown = await talk.send(await counter.file(talk))
        assert "Document : **Contrat de travail**" in text_of(shown)
        assert "**pour votre caisse**" in text_of(shown)
        answer = text_of(await talk.say("oui"))
        assert "**Reçu par Job-Room le 11 mars 2026 à 10 h 15** : Contrat de travail, pour votre caisse." in answer
        (request,) = await requests(counter)
        assert (request["type"], request["recipient"]) == ("contract", "fund")
        told = text_of(await talk.say("c'est arrivé ?"))
        assert "pour votre caisse : **reçu par Job-Room**" in told


@pytest.mark.parametrize(
    ("person", "why", "way"),
    [
        (CAMILLE, "ne montre pas de demande d'indemnité", "Faites et transmettez d'abord la demande"),
        (AMADOU, "pas encore transmise", "Revenez ici avec vos documents"),
        (MARCO, "votre caisse a traité votre demande", "par e-mail, au guichet, par courrier ou au guichet virtuel"),
    ],
)
async def test_otherwise_nothing_is_sent_and_the_way_is_said(counter: Counter, person: str, why: str, way: str) -> None:
    async with counter.talking(person) as talk:
        file = await counter.file(talk)
        await talk.send(file)
        answer = await talk.say(WANTED)
        assert "Je n'ai rien envoyé" in text_of(answer)
        assert why in text_of(answer)
        assert way in text_of(answer)
        assert answer.state.form is None
        assert not await counter.kept(talk, file)
        assert await counter.submissions(talk) == ()


async def test_fund_can_be_tapped_and_the_type_is_asked_then(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say("je dois transmettre un document à l'orp")
        asked = await talk.tap("C'est pour ma caisse")
        assert asked.state.slot == "type"
        assert (await talk.tap("Attestation de l'employeur")).state.slot == "files"


@pytest.mark.parametrize("correction", ["non, c'est pour la caisse", "en fait c'est pour ma caisse de chômage"])
async def test_recipient_is_corrected_at_the_summary(counter: Counter, correction: str) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say("je veux envoyer ma lettre de licenciement à l'orp")
        assert "pour votre ORP" in text_of(await talk.send(await counter.file(talk)))
        again = await talk.say(correction)
        assert "**pour votre caisse**" in text_of(again)
        await talk.say("oui")
        assert [request["recipient"] for request in await requests(counter)] == ["fund"]


async def test_recipient_can_be_changed_by_a_tap(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say(WANTED)
        await talk.send(await counter.file(talk))
        await talk.say("non")
        assert (await talk.tap("Le destinataire")).state.slot == "recipient"
        assert "**pour votre ORP**" in text_of(await talk.tap("Mon ORP"))


async def test_login_comes_first(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        assert (await talk.say(WANTED)).state.slot == "is_linked"
        await counter.link(talk, LEA)
        await counter.program.on_linked(talk.session.id)
        await counter.settled()
        assert "elle prend vos documents" in (await counter.last(talk)).text


async def test_certificate_and_other_papers_go_their_own_ways(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        reply = await talk.say("je veux envoyer à la caisse mon contrat de travail et mon certificat médical")
        assert "Le certificat médical ne part pas avec ces documents" in text_of(reply)
        assert reply.state.slot == "files"


# A gateway that does not answer.


@pytest.mark.parametrize("kind", ["down", "5xx", "dropped"])
async def test_gateway_that_fails_is_said_and_the_task_goes_on_by_itself(slow: Counter, kind: str) -> None:
    async with slow.talking(LEA) as talk:
        await slow.fault(kind, count=1_000_000, path=APPLICATION)
        asked = await talk.say(WANTED)
        assert DOWN in text_of(asked)
        assert asked.state.slot == "is_taken"
        await slow.work()
        again = await talk.say("ok")
        assert "J'attends encore la réponse de Job-Room" in text_of(again)
        await slow.mended()
        clock.freeze(ORDINARY_DAY + timedelta(minutes=10))
        await slow.work()
        assert "Envoyez-moi le fichier" in (await slow.last(talk)).text
        said = [message.text for message in await transcript(slow.program.database, talk.session)]
        assert sum("elle prend vos documents" in text for text in said) == 1


async def test_slow_gateway_finds_nobody_waiting_who_has_given_up(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await talk.say(WANTED)
        await talk.say("annuler")
        before = await slow.last(talk)
        await slow.work()
        assert await slow.last(talk) == before


async def test_file_that_comes_meanwhile_is_taken(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await talk.say(WANTED)
        assert (await talk.send(await slow.file(talk))).state.slot == "is_taken"
        await slow.work()
        assert "Est-ce que je l'envoie ?" in (await slow.last(talk)).text


# The status changes.


async def test_status_that_is_known_to_have_changed_before_the_yes_sends_nothing(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await summary(slow, talk)
        await slow.advance(LEA)
        async with slow.program.database.unit_of_work() as work:
            await applications.follow(work, LEA)
        await slow.work()
        assert "Du nouveau" in (await slow.last(talk)).text
        answer = await talk.say("oui")
        assert "Je n'ai rien envoyé : votre caisse a traité votre demande" in text_of(answer)
        assert await slow.submissions(talk) == ()


async def test_status_that_changes_unseen_is_a_refusal_with_the_usual_ways(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await summary(slow, talk)
        await slow.advance(LEA)
        assert (await talk.say("oui")).state.phase is Phase.SUBMITTED
        await slow.work()
        told = (await slow.last(talk)).text
        assert "votre caisse a traité votre demande entre-temps" in told
        assert "par e-mail, au guichet, par courrier ou au guichet virtuel" in told
        assert await slow.received() == []


async def test_who_has_transmitted_since_sends_again_to_the_fund(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say(WANTED)
        await talk.send(await counter.file(talk))
        await counter.fault("409", reason="transmit-first")
        assert "pas encore transmise" in text_of(await talk.say("oui"))
        assert (await talk.tap("Envoyer à nouveau")).state.slot == "files"
        assert "**pour votre caisse**" in text_of(await talk.send(await counter.file(talk)))


# Twice.


async def test_second_yes_and_two_devices_send_once(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say(WANTED)
        await talk.send(await counter.file(talk))
        await asyncio.gather(talk.say("oui"), talk.say("oui"))
        await talk.say("oui")
        assert len(await requests(counter)) == 1
