"""«C'est arrivé ?» and «ma demande en est où ?» as whole conversations, and the news of an application."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from base import clock
from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.engine.assistant import Reply
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from casework import applications, persons
from conversations.models import Phase
from eservices.reasons import Reason
from eservices.sandbox.people import person_id
from law.documents import ApplicationStatus
from tests.conftest import ORDINARY_DAY
from tests.engine.test_pseudo_locale import PseudoTranslations
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import AMADOU, CAMILLE, LEA, MARCO, Counter, opened

SUMMARY = "Est-ce que je l'envoie ?"
ASKED = "Je regarde votre demande d'indemnité sur Job-Room."
APPLICATION = "/v1/persons/*/benefit-application"
WHERE_TO_LOOK = "Connectez-vous, et je regarde"


async def sent(counter: Counter, talk: Talk, first: str = "je veux envoyer mon cv à ma conseillère") -> Reply:
    await talk.say(first)
    await talk.send(await counter.file(talk))
    return await talk.tap("Oui, envoyer")


async def news(counter: Counter, talk: Talk) -> list[str]:
    """What was said of an application."""
    said = [message.text for message in await transcript(counter.program.database, talk.session)]
    return [text for text in said if "demande d'indemnité" in text and text != ASKED]


async def known(counter: Counter, person: str) -> applications.Application | None:
    async with counter.program.database.reading() as connection:
        return await applications.known(connection, person)


# What was handed in.


@pytest.mark.parametrize(
    "asked",
    ["c'est arrivé ?", "tu as bien reçu mon CV ?", "vous avez reçu mon cv", "mon document est bien parti ?", "reçu ?"],
)
async def test_who_asks_is_told_what_became_of_it(counter: Counter, talk: Talk, asked: str) -> None:
    await sent(counter, talk)
    answer = await talk.say(asked)
    (submission,) = await counter.submissions(talk)
    text = text_of(answer)
    line = f"- **CV** ({submission.number}), pour votre ORP : **reçu par Job-Room** le 11 mars 2026 à 10 h 15."
    assert line in text
    assert "Bac à sable" in text
    assert [file.name for file in answer.messages[0].attachments] == ["Reçu d'envoi.pdf"]


async def test_status_names_each_submission_with_its_own_state(slow: Counter) -> None:
    async with slow.talking() as talk:
        await slow.fault("409", reason=Reason.FILE_INFECTED)
        await sent(slow, talk)
        await slow.work()
        clock.freeze(ORDINARY_DAY + timedelta(minutes=5))
        await sent(slow, talk, "je veux envoyer mon diplôme à l'orp")
        await talk.send(await slow.file(talk))
        text = text_of(await talk.say("c'est arrivé ?"))
        for part in (
            "enregistré ici, transmission en cours",
            "refusé par Job-Room",
            "adressez-vous à votre ORP",
            "reçu ici, **pas encore envoyé**",
        ):
            assert part in text
        assert text.index("Diplôme") < text.index("CV")


async def test_file_that_waits_for_a_yes_was_not_sent(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    await talk.send(await counter.file(talk))
    answer = await talk.say("tu as bien reçu mon cv ?")
    assert "1 fichier : reçu ici, **pas encore envoyé**." in text_of(answer)
    assert SUMMARY in text_of(answer)


async def test_who_is_logged_in_is_told_of_their_other_conversations(counter: Counter, talk: Talk) -> None:
    await sent(counter, talk)
    async with counter.talking(CAMILLE) as elsewhere:
        answer = await elsewhere.say("c'est arrivé ?")
        assert "**CV**" in text_of(answer)
        assert answer.messages[0].attachments == (), "the receipt is where it was sent from"


async def test_who_is_not_logged_in_is_told_of_this_conversation_only(counter: Counter, talk: Talk) -> None:
    await sent(counter, talk)
    async with counter.program.database.unit_of_work() as work:
        await persons.log_out(work, talk.session.id)
    here = await talk.say("c'est arrivé ?")
    assert "Vos envois depuis cette conversation" in text_of(here)
    assert "Me connecter" in [choice.label for choice in here.messages[-1].choices]
    async with counter.talking(person=None) as stranger:
        assert "**CV**" not in text_of(await stranger.say("c'est arrivé ?"))


async def test_who_has_sent_nothing_is_told_so(talk: Talk) -> None:
    assert "Je n'ai encore rien envoyé pour vous" in text_of(await talk.say("avez-vous reçu mes documents"))


# The application.


@pytest.mark.parametrize(
    ("person", "said", "way"),
    [
        (CAMILLE, "Job-Room ne montre pas de demande", "Faites-la sur Job-Room"),
        (AMADOU, "« Demande non finalisée »", "complétez-la et transmettez-la"),
        (LEA, "« Droit en cours d'examen »", "Envoyez-la maintenant"),
        (MARCO, "**Votre caisse a traité votre demande", "au guichet virtuel"),
    ],
)
async def test_each_status_is_told_with_what_can_be_done(counter: Counter, person: str, said: str, way: str) -> None:
    async with counter.talking(person) as talk:
        answer = await talk.say("ma demande en est où")
        assert answer.messages[0].text == ASKED
        assert said in text_of(answer)
        assert way in text_of(answer)
        assert answer.messages[1].sources


@pytest.mark.parametrize(
    "asked",
    [
        "la caisse a reçu mon dossier ?",
        "où en est ma demande d'indemnité",
        "est-ce que ma demande est acceptée ou encore à l'étude",
        "avez-vous des nouvelles de ma demande",
        "mon dossier est-il complet",
    ],
)
async def test_who_asks_in_other_words_is_told_too(counter: Counter, asked: str) -> None:
    async with counter.talking(LEA) as talk:
        assert "Votre caisse examine votre demande" in text_of(await talk.say(asked))


async def test_who_asks_for_their_file_is_told_of_both(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await sent(counter, talk)
        text = text_of(await talk.say("où en est mon dossier"))
        assert "**CV**" in text
        assert "Votre caisse examine votre demande" in text


@pytest.mark.parametrize(
    "asked", ["où en est ma demande d'indemnité", "avez-vous reçu mes documents", "c'est arrivé ?"]
)
async def test_who_is_not_logged_in_is_offered_the_login_and_told_where_to_look(counter: Counter, asked: str) -> None:
    async with counter.talking(person=None) as talk:
        answer = await talk.say(asked)
        assert WHERE_TO_LOOK in text_of(answer)
        assert "Question : à votre caisse de chômage" in text_of(answer)
        assert (await talk.tap("Me connecter")).state.slot == "is_proven"


@pytest.mark.parametrize("person", [None, LEA])
async def test_what_a_status_means_stays_information(counter: Counter, person: str | None) -> None:
    async with counter.talking(person) as talk:
        text = text_of(await talk.say("statut droit en cours d'examen ça veut dire quoi"))
        assert ASKED not in text
        assert "caisse" in text
        assert "« Droit en cours d'examen »" in text


@pytest.mark.parametrize("asked", ["mon ipa a-t-elle été reçue", "où en est mon opposition"])
async def test_what_is_handled_elsewhere_is_not_asked_for(counter: Counter, talk: Talk, asked: str) -> None:
    await sent(counter, talk)
    text = text_of(await talk.say(asked))
    assert ASKED not in text
    assert "Opposition" in text


async def test_question_in_the_middle_of_a_task_is_answered_and_the_summary_stays_open(counter: Counter) -> None:
    async with counter.talking(LEA) as talk:
        await talk.say("je veux envoyer mon cv à ma conseillère")
        await talk.send(await counter.file(talk))
        answer = await talk.say("au fait ma demande d'indemnité elle en est où ?")
        assert "Votre caisse examine votre demande" in text_of(answer)
        assert (await talk.say("oui")).state.phase is Phase.SUBMITTED


# A gateway that does not answer.


@pytest.mark.parametrize("kind", ["down", "5xx", "dropped"])
async def test_gateway_that_fails_is_said_and_the_answer_follows(slow: Counter, kind: str) -> None:
    async with slow.talking(LEA) as talk:
        await slow.fault(kind, count=1_000_000, path=APPLICATION)
        answer = await talk.say("où en est ma demande d'indemnité")
        assert "**Job-Room ne répond pas pour l'instant.** Je continue d'essayer" in text_of(answer)
        await slow.work()
        assert await known(slow, LEA) is None
        await slow.mended()
        clock.freeze(ORDINARY_DAY + timedelta(minutes=10))
        await slow.work()
        assert "Votre caisse examine votre demande" in (await slow.last(talk)).text


async def test_slow_gateway_is_bridged_by_what_was_known_last(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await talk.say("où en est ma demande d'indemnité")
        await slow.work()
        clock.freeze(ORDINARY_DAY + timedelta(days=2))
        answer = text_of(await talk.say("où en est ma demande d'indemnité"))
        assert "La dernière fois, le 11 mars 2026 à 10 h 15, votre caisse examinait la demande." in answer


async def test_asking_again_tries_again_at_once_and_is_answered_once(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await slow.fault("down", count=1, path=APPLICATION)
        await talk.say("où en est ma demande d'indemnité")
        await slow.work()
        await talk.say("alors ma demande d'indemnité ?")
        await slow.work()
        clock.freeze(ORDINARY_DAY + timedelta(days=1))
        await slow.work()
        told = [text for text in await news(slow, talk) if "Votre caisse examine" in text]
        assert len(told) == 1


# It is followed.


async def test_it_is_read_at_the_login_and_a_change_is_told_in_each_conversation(slow: Counter) -> None:
    async with slow.talking(AMADOU) as talk, slow.talking(AMADOU) as other:
        async with slow.program.database.unit_of_work() as work:
            await applications.follow(work, AMADOU)
        await slow.work()
        found = await known(slow, AMADOU)
        assert found is not None
        assert (found.status, found.read_at) == (ApplicationStatus.DRAFT, ORDINARY_DAY)
        assert await news(slow, talk) == [], "what was found first is no news"
        await slow.advance(AMADOU)
        clock.freeze(ORDINARY_DAY + timedelta(hours=23))
        await slow.work()
        assert await news(slow, talk) == []
        clock.freeze(ORDINARY_DAY + timedelta(hours=24))
        await slow.work()
        for conversation in (talk, other):
            (told,) = await news(slow, conversation)
            assert told.startswith("**Du nouveau pour votre demande d'indemnité.**")
            assert "« Droit en cours d'examen »" in told
        await slow.advance(AMADOU)
        clock.freeze(ORDINARY_DAY + timedelta(hours=48))
        await slow.work()
        assert "Votre caisse a traité votre demande" in (await news(slow, talk))[-1]
        clock.freeze(ORDINARY_DAY + timedelta(days=5))
        await slow.work()
        assert len(await news(slow, talk)) == 2


async def test_change_that_one_asks_for_is_told_as_an_answer_and_elsewhere_as_news(slow: Counter) -> None:
    async with slow.talking(LEA) as talk, slow.talking(LEA) as other:
        await talk.say("où en est ma demande d'indemnité")
        await slow.work()
        await slow.advance(LEA)
        await talk.say("et maintenant, où en est ma demande d'indemnité")
        await slow.work()
        assert "Du nouveau" not in (await slow.last(talk)).text
        assert "Votre caisse a traité" in (await slow.last(talk)).text
        assert (await slow.last(other)).text.startswith("**Du nouveau")


async def test_who_logs_in_is_followed_from_then_on(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        await talk.say("je veux me connecter")
        await counter.log_in(talk)
        await talk.say("10000011")
        await talk.say("17 mai 1994")
        await counter.settled()
        found = await known(counter, CAMILLE)
        assert found is not None
        assert found.status is None


async def test_gateway_that_is_down_changes_nothing(slow: Counter) -> None:
    async with slow.talking(LEA) as talk:
        await talk.say("où en est ma demande d'indemnité")
        await slow.work()
        before = await known(slow, LEA)
        async with slow.program.database.unit_of_work() as work:
            await applications.follow(work, LEA)
        await slow.fault("down", count=1_000_000, path=APPLICATION)
        for days in range(10):
            clock.freeze(ORDINARY_DAY + timedelta(days=days))
            await slow.work()
        assert await known(slow, LEA) == before
        assert len(await news(slow, talk)) == 2, "that it does not answer, and how it stood before"
        await slow.mended()
        await slow.advance(LEA)
        clock.freeze(ORDINARY_DAY + timedelta(days=11))
        await slow.work()
        assert "Votre caisse a traité" in (await slow.last(talk)).text


async def test_nobody_is_followed_whose_conversations_are_erased(slow: Counter) -> None:
    async with slow.talking(LEA) as talk, slow.talking(LEA) as other:
        async with slow.program.database.unit_of_work() as work:
            await applications.follow(work, LEA)
        await slow.work()
        assert "le statut de votre demande d'indemnité" in text_of(await talk.say("mes données"))
        await talk.say("efface mes données")
        await talk.tap("Cette conversation")
        await talk.tap("Oui")
        assert await known(slow, LEA) is not None, "another conversation is there"
        await other.say("efface mes données")
        await other.tap("Oui")
        assert await known(slow, LEA) is None
        clock.freeze(ORDINARY_DAY + timedelta(days=2))
        await slow.work()
        assert await known(slow, LEA) is None


# Another language.


@pytest.fixture(scope="module")
def bilingual(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": PseudoTranslations()}))


async def test_everything_is_worded_for_translation(settings: Settings, bilingual: Dialogue) -> None:
    """`PseudoTranslations` refuses every text that was not extracted."""
    async with opened(settings, bilingual, is_worked=False) as counter:
        for place in range(1, 5):
            async with counter.talking(person_id(place), locale="de") as talk:
                for _ in range(2):
                    await talk.say("où en est ma demande d'indemnité")
                    await counter.work()
                await counter.advance(person_id(place)) if place > 1 else None
                async with counter.program.database.unit_of_work() as work:
                    await applications.follow(work, person_id(place))
                await counter.work()
                said = await transcript(counter.program.database, talk.session)
                assert all("⟦" in message.text for message in said if message.author == "bot")
