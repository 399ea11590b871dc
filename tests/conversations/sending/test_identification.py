"""Who is speaking, as whole conversations: the two questions, their answers, and the end of a login."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from base import clock
from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.engine.assistant import Reply
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from casework import access, drafts
from casework.access import Actor, Deed, Kind
from conversations import store
from conversations.models import WEB, Phase
from eservices.reasons import Reason
from eservices.sandbox import people
from tests.conftest import ORDINARY_DAY
from tests.engine.test_pseudo_locale import PseudoTranslations
from tests.support.conversing import Talk, text_of
from tests.support.sending import CAMILLE, Counter, opened

NUMBER, BORN = people.personal_number(1), "17 mai 1994"
ANOTHERS_NUMBER = people.personal_number(2)
CHECKS = "/v1/enrolments"
ASKS_NUMBER, ASKS_BIRTH_DATE = "Quel est votre numéro personnel ?", "Quelle est votre date de naissance ?"
MISMATCH = "Job-Room ne trouve personne"


@pytest.fixture
async def talk(counter: Counter) -> AsyncIterator[Talk]:
    """Of somebody who wants to send their CV and has come back from the provider."""
    async with counter.talking(person=None) as conversation:
        await until_the_number(counter, conversation)
        yield conversation


async def until_the_number(counter: Counter, talk: Talk, subject: str = "sub-camille") -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    await counter.log_in(talk, subject)
    asked = await counter.last(talk)
    assert ASKS_NUMBER in asked.text
    talk.reply = Reply((asked,), *(None, None))  # type: ignore[arg-type]  # only its choices count


async def give(talk: Talk, number: str = NUMBER, born: str = BORN) -> Reply:
    await talk.say(number)
    return await talk.say(born)


async def kept(counter: Counter, talk: Talk) -> str:
    """Everything of a conversation that can be read in the database."""
    async with counter.program.database.reading() as connection:
        said = await store.history(connection, talk.session.id)
        draft = await drafts.latest(connection, talk.session.id)
    return "\n".join([*(message.text for message in said), str(draft)])


# Right.


async def test_both_are_asked_once_and_the_task_goes_on_where_it_waited(counter: Counter, talk: Talk) -> None:
    asked = await counter.last(talk)
    assert asked.text.startswith("Vous vous êtes bien connecté·e.")
    for document in ("confirmation d'inscription à l'ORP", "formulaire IPA"):
        assert document in asked.text
    born = await talk.say(NUMBER)
    assert ASKS_BIRTH_DATE in text_of(born)
    assert (born.state.slot, born.state.expects) == ("birth_date", "birth_date")
    done = await talk.say(BORN)
    assert "Je vérifie avec Job-Room" in done.messages[0].text
    assert "Vous êtes connecté·e, merci." in done.messages[1].text
    assert "Envoyez-moi le fichier" in done.messages[1].text
    assert (done.state.form, done.state.slot, done.state.expects) == ("documents_form", "files", "file")
    assert done.state.logged_in
    assert await counter.person_of(talk) == CAMILLE
    await talk.send(await counter.file(talk))
    assert (await talk.say("oui")).state.phase is Phase.SUBMITTED


async def test_person_can_see_that_both_went_to_job_room(counter: Counter, talk: Talk) -> None:
    await give(talk)
    async with counter.program.database.reading() as connection:
        noted = await access.of(connection, [talk.session.id])
    assert [(one.actor, one.deed, one.kind) for one in noted] == [(Actor.SYSTEM, Deed.SENT, Kind.IDENTITY)]


async def test_neither_number_nor_date_is_kept_in_what_was_said(counter: Counter, talk: Talk) -> None:
    await give(talk)
    everything = await kept(counter, talk)
    for personal in (NUMBER, BORN, "1994-05-17"):
        assert personal not in everything


async def test_both_in_one_message(counter: Counter, talk: Talk) -> None:
    await talk.say(f"{NUMBER}, né le {BORN}")
    assert await counter.person_of(talk) == CAMILLE


@pytest.mark.parametrize("typed", ["10000011", "10 00 00 11", "10.000.011", "mon numéro c'est 10000011 merci"])
async def test_number_in_several_spellings(counter: Counter, talk: Talk, typed: str) -> None:
    assert ASKS_BIRTH_DATE in text_of(await talk.say(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "17.05.1994",
        "17/5/94",
        "17 mai 1994",
        "le 17 mai 1994",
        "1994-05-17",
        "17051994",
        "né le 17.5.94",
        "17. Mai 1994",
    ],
)
async def test_birth_date_in_several_spellings(counter: Counter, talk: Talk, typed: str) -> None:
    await give(talk, born=typed)
    assert await counter.person_of(talk) == CAMILLE


async def test_question_in_between_is_answered_and_asked_again(talk: Talk) -> None:
    reply = await talk.say("c'est quoi le numéro personnel ?")
    assert "Ce n'est pas votre numéro AVS" in text_of(reply)
    assert ASKS_NUMBER in text_of(reply)


async def test_who_logs_in_without_a_task_is_asked_and_then_what_to_do(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        link = await talk.say("je veux me connecter")
        assert f"({counter.program.settings.public_url}/login/" in text_of(link)
        await counter.log_in(talk)
        done = await give(talk)
        assert "Que voulez-vous faire ?" in text_of(done)
        assert (await talk.tap("Envoyer un document")).state.slot == "type"


async def test_number_that_was_mistyped_is_changed_before_the_check(counter: Counter, talk: Talk) -> None:
    await talk.say(ANOTHERS_NUMBER)
    assert ASKS_NUMBER in text_of(await talk.tap("Changer mon numéro"))
    await give(talk)
    assert await counter.person_of(talk) == CAMILLE


# Something else instead.


@pytest.mark.parametrize(
    ("typed", "recognised"),
    [
        ("756.1234.5678.97", "C'est un numéro AVS"),
        ("079 123 45 67", "C'est un numéro de téléphone"),
        ("CH93 0076 2011 6238 5295 7", "C'est un numéro de compte"),
        ("17.05.1994", "C'est une date"),
        ("1000001", "Je compte 7 chiffres"),
        ("100000115", "Je compte 9 chiffres"),
        ("1 000 001", "Je compte 7 chiffres"),
    ],
)
async def test_other_number_is_recognised_and_said_where_the_right_one_is(
    counter: Counter, talk: Talk, typed: str, recognised: str
) -> None:
    reply = await talk.say(typed)
    assert recognised in text_of(reply)
    for document in ("confirmation d'inscription à l'ORP", "formulaire IPA"):
        assert document in text_of(reply)
    assert reply.state.slot == "personal_number"
    assert typed not in await kept(counter, talk)


async def test_date_given_for_the_number_is_not_asked_again(counter: Counter, talk: Talk) -> None:
    await talk.say(BORN)
    await talk.say(NUMBER)
    assert await counter.person_of(talk) == CAMILLE


@pytest.mark.parametrize("typed", ["31.02.1994", "le 17 mai 2030", "17.13.1994", "17 mai 1794"])
async def test_day_that_is_no_birth_date(talk: Talk, typed: str) -> None:
    reply = await give(talk, born=typed)
    assert "ne peut pas être une date de naissance" in text_of(reply)
    assert reply.state.slot == "birth_date"


async def test_year_alone_is_not_enough(talk: Talk) -> None:
    reply = await give(talk, born="je suis né en 1994")
    assert "Il me faut aussi le jour et le mois" in text_of(reply)
    assert reply.state.slot == "birth_date"


@pytest.mark.parametrize("typed", ["je sais pas", "bonjour", "ok"])
async def test_what_holds_no_number_is_helped_with(talk: Talk, typed: str) -> None:
    assert (await talk.say(typed)).state.slot == "personal_number"


# Wrong.


async def test_mismatch_is_said_with_the_documents_and_the_tries_left(talk: Talk) -> None:
    reply = await give(talk, number=ANOTHERS_NUMBER)
    text = text_of(reply)
    assert MISMATCH in text
    assert "Il vous reste 4 essais" in text
    for document in ("confirmation d'inscription à l'ORP", "formulaire IPA"):
        assert document in text
    assert reply.state.slot == "personal_number"


async def test_number_that_is_right_is_not_typed_again(counter: Counter, talk: Talk) -> None:
    await give(talk, born="18 mai 1994")
    assert ASKS_BIRTH_DATE in text_of(await talk.tap("Le numéro est juste"))
    await talk.say(BORN)
    assert await counter.person_of(talk) == CAMILLE


async def test_unknown_number_and_wrong_date_are_told_in_the_same_words(counter: Counter, talk: Talk) -> None:
    told = [text_of(await give(talk, number, born)) for number, born in ((NUMBER, "18 mai 1994"), ("99999999", BORN))]
    first, second = (text.split("Il vous reste")[0].split("(")[0] for text in told)
    assert first == second


async def wrong_five_times(talk: Talk) -> Reply:
    for day in range(1, 5):
        assert f"Il vous reste {5 - day} essai" in text_of(await give(talk, born=f"{day} mai 1994"))
    return await give(talk, born="5 mai 1994")


async def test_five_wrong_tries_lock_for_a_quarter_of_an_hour(counter: Counter, talk: Talk) -> None:
    locked = await wrong_five_times(talk)
    assert "Trop d'essais : je ne vérifie plus rien jusqu'au 11 mars 2026 à 10 h 30." in text_of(locked)
    assert "Trop d'essais" in text_of(await talk.say("et maintenant"))
    clock.freeze(ORDINARY_DAY + timedelta(minutes=14, seconds=59))
    assert "Trop d'essais" in text_of(await talk.tap("Réessayer"))
    clock.freeze(ORDINARY_DAY + timedelta(minutes=15))
    assert ASKS_NUMBER in text_of(await talk.tap("Réessayer"))
    await give(talk, number=people.personal_number(3), born="30 mars 1979")  # the gateway has locked the other number
    assert await counter.person_of(talk) == people.person_id(3)


async def test_lock_is_the_persons_in_every_conversation(counter: Counter, talk: Talk) -> None:
    await wrong_five_times(talk)
    async with counter.talking(person=None) as another:
        await another.say("je veux envoyer mon cv à ma conseillère")
        await counter.log_in(another)
        assert "Trop d'essais" in (await counter.last(another)).text


async def test_lock_is_the_conversations_whoever_logs_in(counter: Counter, talk: Talk) -> None:
    await wrong_five_times(talk)
    await counter.log_in(talk, "sub-somebody-else")
    assert "Trop d'essais" in (await counter.last(talk)).text


async def test_tries_of_several_conversations_are_counted_together(slow: Counter) -> None:
    """Also those whose result is not known yet: who asks many at the same time gets no more of them."""
    asked = 0
    for _ in range(7):
        async with slow.talking(person=None) as talk:
            await talk.say("je veux envoyer mon cv à ma conseillère")
            await slow.log_in(talk)
            if "Trop d'essais" not in (await slow.last(talk)).text:
                asked += "Je vérifie" in text_of(await give(talk, born="18 mai 1994"))
    assert asked == 5


async def test_gateway_that_takes_no_more_tries(counter: Counter, talk: Talk) -> None:
    await counter.fault("409", path=CHECKS, reason=Reason.TOO_MANY_ATTEMPTS)
    reply = await give(talk)
    assert "n'accepte plus d'essai avec ce numéro" in text_of(reply)
    await give(talk)
    assert await counter.person_of(talk) == CAMILLE


async def test_number_of_another_login_is_refused_in_words(counter: Counter, talk: Talk) -> None:
    reply = await give(talk, people.personal_number(10), "11 février 1969")
    assert "déjà lié à un autre accès" in text_of(reply)
    assert "/login/" in text_of(reply)
    assert await counter.person_of(talk) is None


# The gateway does not answer.


async def test_gateway_that_is_down_is_said_and_nothing_is_typed_again(slow: Counter) -> None:
    async with slow.talking(person=None) as talk:
        await until_the_number(slow, talk)
        await slow.fault("down", count=3, path=CHECKS)
        reply = await give(talk)
        assert "**Job-Room ne répond pas encore.** Vos réponses sont gardées" in text_of(reply)
        await slow.work()
        waiting = await talk.say("alors ?")
        assert "Job-Room n'a pas encore répondu" in text_of(waiting)
        assert waiting.state.slot == "is_recognised"
        await slow.mended()
        clock.freeze(ORDINARY_DAY + timedelta(minutes=5))
        await slow.work()
        news = await slow.last(talk)
        assert "Vous êtes connecté·e, merci." in news.text
        assert await slow.person_of(talk) == CAMILLE


async def test_answers_that_are_changed_while_the_gateway_is_down_are_those_that_count(slow: Counter) -> None:
    async with slow.talking(person=None) as talk:
        await until_the_number(slow, talk)
        await give(talk, number=ANOTHERS_NUMBER)
        assert ASKS_NUMBER in text_of(await talk.say("non je me suis trompé"))
        await give(talk)
        await slow.work()
        assert await slow.person_of(talk) == CAMILLE
        assert MISMATCH not in await kept(slow, talk)


async def test_who_gives_up_meanwhile_hears_nothing_of_a_mismatch(slow: Counter) -> None:
    async with slow.talking(person=None) as talk:
        await until_the_number(slow, talk)
        await give(talk, number=ANOTHERS_NUMBER)
        await talk.say("annuler")
        await slow.work()
        assert MISMATCH not in await kept(slow, talk)


# Another conversation, and another person.


async def test_second_conversation_of_the_person_is_linked_without_a_question(counter: Counter, talk: Talk) -> None:
    await give(talk)
    async with counter.talking(person=None) as another:
        await another.say("je veux envoyer mon cv à ma conseillère")
        await counter.log_in(another)
        assert "Envoyez-moi le fichier" in (await counter.last(another)).text
        assert await counter.person_of(another) == CAMILLE


async def test_what_one_said_is_not_checked_with_the_login_of_another(slow: Counter) -> None:
    async with slow.talking(person=None) as talk:
        await until_the_number(slow, talk)
        await slow.fault("down", path=CHECKS)
        await give(talk)
        await slow.log_in(talk, "sub-somebody-else")
        assert ASKS_NUMBER in (await slow.last(talk)).text
        await slow.mended()
        clock.freeze(ORDINARY_DAY + timedelta(minutes=5))
        await slow.work()
        assert await slow.person_of(talk) is None


async def test_someone_who_helps_is_told_how(talk: Talk) -> None:
    text = text_of(await talk.tap("J'aide une autre personne"))
    assert "Chaque personne se connecte avec son propre accès" in text
    assert "office cantonal de l'emploi" in text


# The end of a login.


async def logged_in(counter: Counter, channel: str = WEB) -> AsyncIterator[Talk]:
    async with counter.talking(person=None, channel=channel) as talk:
        await until_the_number(counter, talk)
        await give(talk)
        yield talk


async def test_web_login_ends_after_half_an_hour_without_a_message(counter: Counter) -> None:
    async for talk in logged_in(counter):
        clock.freeze(ORDINARY_DAY + timedelta(minutes=29))
        await talk.say("bonjour")
        clock.freeze(ORDINARY_DAY + timedelta(minutes=58))
        assert (await talk.say("bonjour")).state.logged_in, "each message prolongs it"
        clock.freeze(ORDINARY_DAY + timedelta(minutes=88))
        reply = await talk.send(await counter.file(talk))
        assert "Vous n'êtes plus connecté·e, et rien n'est parti" in text_of(reply)
        assert (reply.state.slot, reply.state.logged_in) == ("is_linked", False)
        await counter.log_in(talk)
        assert "Est-ce que je l'envoie ?" in (await counter.last(talk)).text, "the file and the type are still there"


async def test_login_in_a_chat_app_lasts_forty_days(counter: Counter) -> None:
    async for talk in logged_in(counter, "telegram"):
        clock.freeze(ORDINARY_DAY + timedelta(days=39))
        assert (await talk.say("bonjour")).state.logged_in
        clock.freeze(ORDINARY_DAY + timedelta(days=79))
        assert not (await talk.say("bonjour")).state.logged_in


async def test_how_long_a_login_lasts_is_a_setting(settings: Settings, dialogue: Dialogue) -> None:
    brief = settings.model_copy(update={"web_login_minutes": 5, "chat_login_days": 1})
    async with opened(brief, dialogue, is_worked=True) as counter:
        for channel, lasts in ((WEB, timedelta(minutes=5)), ("telegram", timedelta(days=1))):
            clock.freeze(ORDINARY_DAY)
            async with counter.talking(channel=channel) as talk:
                clock.freeze(ORDINARY_DAY + lasts - timedelta(seconds=1))
                assert await counter.person_of(talk) == CAMILLE
                clock.freeze(ORDINARY_DAY + lasts)
                assert await counter.person_of(talk) is None


async def test_login_that_ends_between_the_questions_keeps_the_answers(counter: Counter) -> None:
    async with counter.talking(person=None, channel=WEB) as talk:
        await until_the_number(counter, talk)
        await talk.say(NUMBER)
        clock.freeze(ORDINARY_DAY + timedelta(minutes=31))
        ended = await talk.say(BORN)
        assert "Vos réponses sont gardées" in text_of(ended)
        assert ended.state.slot == "is_proven"
        await counter.log_in(talk)
        if await counter.person_of(talk) is None:
            await talk.say(BORN)
        assert await counter.person_of(talk) == CAMILLE


@pytest.mark.parametrize("typed", ["déconnexion", "déconnecte-moi", "Me déconnecter"])
async def test_logging_out_ends_the_login_and_keeps_what_was_begun(counter: Counter, talk: Talk, typed: str) -> None:
    await give(talk)
    out = await talk.say(typed)
    assert "Vous êtes déconnecté·e" in text_of(out)
    assert (out.state.logged_in, out.state.form) == (False, None)
    assert await counter.person_of(talk) is None
    assert "Personne n'est connecté" in text_of(await talk.say(typed))
    await talk.say("me connecter")
    await counter.log_in(talk)
    assert "Envoyez-moi le fichier" in (await counter.last(talk)).text, "the CV is still meant"


async def test_logging_out_between_the_questions(counter: Counter, talk: Talk) -> None:
    await talk.say(NUMBER)
    assert "Vous êtes déconnecté·e" in text_of(await talk.say("déconnexion"))
    await talk.say(BORN)
    assert await counter.person_of(talk) is None


# Another language.


@pytest.fixture(scope="module")
def bilingual(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": PseudoTranslations()}))


async def test_everything_is_worded_for_translation(settings: Settings, bilingual: Dialogue) -> None:
    """`PseudoTranslations` refuses every text that was not extracted."""
    async with (
        opened(settings, bilingual, is_worked=True) as counter,
        counter.talking(person=None, locale="de") as talk,
    ):
        await talk.say("je veux envoyer mon cv à ma conseillère")
        await counter.log_in(talk)
        for typed in ("756.1234.5678.97", "1234567", BORN, NUMBER, "rien"):
            await talk.say(typed)
        for day in range(1, 5):
            await give(talk, born=f"{day} mai 1994")
        await talk.say("déconnexion")
        async with counter.program.database.reading() as connection:
            said = await store.history(connection, talk.session.id)
    for message in said:
        assert message.author == "user" or "⟦" in message.text
        assert all(choice.label.startswith("⟦") for choice in message.choices)
