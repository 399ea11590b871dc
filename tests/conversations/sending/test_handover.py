"""Conversations that a human takes over: how a case opens, what is told and asked, and how the answer arrives."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from actions.handover.opening import transcript_of
from actions.handover.telling import EMAIL
from base import clock
from casework import case_events, case_work, cases
from casework.access import Actor
from casework.case_events import Agent, CaseEvent, Event
from casework.cases import Case, CaseState, Cause, Filters, Need, Office, Outcome, Urgency
from casework.triage import Reason
from conversations.models import WEB, Message, Phase
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import Counter

ANNE = Agent("anne", "Anne Favre")
EVENING = datetime(2026, 3, 11, 22, 30, tzinfo=clock.ZONE)
SATURDAY = datetime(2026, 3, 14, 10, 0, tzinfo=clock.ZONE)


async def the_case(counter: Counter) -> Case:
    """The only case that somebody should work on."""
    async with counter.program.database.reading() as connection:
        (case,) = await cases.open_cases(connection)
    return case


async def again(counter: Counter, case: Case) -> Case:
    """A case as it stands now."""
    async with counter.program.database.reading() as connection:
        found = await cases.find(connection, case.id)
    assert found is not None
    return found


async def events(counter: Counter, case: Case) -> tuple[CaseEvent, ...]:
    async with counter.program.database.reading() as connection:
        return await case_events.of(connection, case.id)


async def did(counter: Counter, deed: Callable[..., Awaitable[Case]], case: Case, *more: Any) -> Case:
    """What becomes of a case with which an agent does something; everybody has been told of it."""
    async with counter.program.database.unit_of_work() as work:
        changed = await deed(work, case.id, (await again(counter, case)).version, ANNE, *more)
    await counter.settled()
    return changed


async def said_last(counter: Counter, talk: Talk) -> Message:
    return (await transcript(counter.program.database, talk.session))[-1]


# How a case opens


async def test_address_that_is_written_once_a_case_is_open_is_kept_with_it(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    kept = await talk.say("mon email c'est marie@exemple.test")
    case = await the_case(counter)
    assert case.number in text_of(kept)
    assert EMAIL in {need.item for need in case.needs if not need.is_missing}


@pytest.mark.parametrize("said", ["qsdf jklm", "erreur 403 hier à 14h, user marie.d"])
async def test_what_nobody_understands_is_added_to_the_case_that_is_open(
    counter: Counter, talk: Talk, said: str
) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await the_case(counter)
    reply = await talk.say(said)
    assert f"J'ai ajouté votre message à votre demande **{case.number}**" in text_of(reply)
    assert [one.kind for one in await events(counter, case)][-1] is Event.WROTE
    async with counter.program.database.reading() as connection:
        assert said in [line.text for line in await transcript_of(connection, await again(counter, case))]


async def test_who_asks_gets_a_number_and_the_agent_everything_that_is_known(counter: Counter, talk: Talk) -> None:
    await talk.say("jobroom refuse mon numéro personnel")
    reply = await talk.say("j'aimerais parler à une vraie personne")
    case = await the_case(counter)
    assert case.number in text_of(reply)
    assert reply.state.phase is Phase.HANDED_OVER
    assert (case.office, case.cause, case.topic) == (Office.ORP, Cause.ASKED, "personal_number")
    assert (case.urgency, case.position.reason, case.state) == (Urgency.NORMAL, Reason.WAITING, CaseState.OPEN)
    assert case.summary[0] == "Demande : jobroom refuse mon numéro personnel"
    assert case.summary[1] == "Connu : personne connectée."
    assert case.summary[2].startswith("Essayé : réponse de l'assistant, « ")
    assert [line.author for line in case.transcript] == ["user", "bot", "user"]
    assert [event.kind for event in await events(counter, case)] == [Event.OPENED]


@pytest.mark.parametrize(
    ("before", "office"),
    [
        ("jusqu'à quand je dois rendre mon IPA", Office.FUND),
        ("l'opposition c'est combien de jours", Office.LEGAL),
        ("comment annoncer un poste vacant à l'oce", Office.EMPLOYERS),
        ("je dois rendre mes recherches quand", Office.ORP),
    ],
)
async def test_what_was_asked_before_says_whose_queue_it_is(
    counter: Counter, talk: Talk, before: str, office: Office
) -> None:
    await talk.say(before)
    await talk.say("je veux parler à quelqu'un")
    assert (await the_case(counter)).office is office


async def test_second_failure_is_passed_on(counter: Counter, talk: Talk) -> None:
    await talk.say("blorf zut qsdfgh")
    reply = await talk.say("wxcvb grmpf tralala")
    case = await the_case(counter)
    assert case.cause is Cause.NOT_UNDERSTOOD
    assert case.number in text_of(reply)
    assert "deux fois" in case.summary[2]


async def test_what_only_a_human_can_settle_is_passed_on_when_it_comes_back(counter: Counter, talk: Talk) -> None:
    first = await talk.say("la caisse ne m'a toujours pas payé ce mois")
    assert "**Je ne vois pas vos paiements" in text_of(first)
    assert await cases_of(counter) == ()
    again = await talk.say("mais je fais quoi, j'ai toujours pas reçu mon chômage")
    case = await the_case(counter)
    assert (case.cause, case.office, case.topic) == (Cause.ASKED_AGAIN, Office.FUND, "not_covered")
    assert "**Je ne vois pas vos paiements" in text_of(again)
    assert case.number in text_of(again)
    await talk.say("et mon argent il arrive quand, rien reçu")
    assert len(await cases_of(counter)) == 1


async def test_crisis_is_passed_on_at_once_and_comes_first(counter: Counter, talk: Talk) -> None:
    async with counter.talking() as calm:
        await calm.say("je veux parler à quelqu'un")
    reply = await talk.say("j'en peux plus je veux mourir")
    assert "143" in text_of(reply)
    assert "appelez maintenant" in text_of(reply)
    async with counter.program.database.reading() as connection:
        first, second = await cases.queue(connection)
    assert (first.urgency, first.cause, first.position.reason) == (Urgency.IMMEDIATE, Cause.CRISIS, Reason.DANGER)
    assert first.number in text_of(reply)
    assert second.urgency is Urgency.NORMAL


async def test_complaint_is_known_as_one(counter: Counter, talk: Talk) -> None:
    await talk.say("mon conseiller m'a mal parlé, je veux me plaindre à son chef")
    assert (await the_case(counter)).cause is Cause.COMPLAINT


async def test_missed_deadline_is_passed_on_with_its_count(counter: Counter, talk: Talk) -> None:
    await talk.say(
        "j'ai reçu en main propre au guichet une décision de l'OCE le 5 janvier 2026, délai pour faire opposition ?"
    )
    for _ in range(6):
        case = await cases_of(counter)
        if case:
            break
        await talk.say("je ne sais pas")
    case = await the_case(counter)
    assert (case.cause, case.office) == (Cause.DEADLINE_MISSED, Office.LEGAL)
    assert case.limit is not None
    assert case.limit.matter == "objection"
    assert case.limit.deadline < clock.today()
    assert any("délai commence" in step for step in case.limit.steps)
    assert (case.urgency, case.position.reason) == (Urgency.PRESSING, Reason.PASSED)


async def cases_of(counter: Counter) -> tuple[Case, ...]:
    async with counter.program.database.reading() as connection:
        return await cases.open_cases(connection)


async def test_date_to_keep_goes_with_the_case_and_says_its_place(counter: Counter, talk: Talk) -> None:
    async with counter.talking() as other:
        await other.say("je veux parler à quelqu'un")
    await talk.say("j'ai reçu au guichet une décision de l'OCE le 12 février 2026, délai pour faire opposition ?")
    for _ in range(6):
        if talk.reply is not None and talk.reply.state.form is None:
            break
        await talk.say("je ne sais pas")
    await talk.say("je veux parler à quelqu'un")
    async with counter.program.database.reading() as connection:
        first, second = await cases.queue(connection)
    assert first.limit is not None
    assert first.limit.steps
    assert (first.office, first.urgency, first.position.reason) == (Office.LEGAL, Urgency.PRESSING, Reason.SOON)
    assert "date sûre" in first.summary[1]
    assert second.limit is None


# What happens next


async def test_person_is_told_their_place_and_nothing_that_is_not_known(counter: Counter, talk: Talk) -> None:
    told = text_of(await talk.say("je veux parler à quelqu'un"))
    assert "la première de la file" in told
    async with counter.talking() as second, counter.talking() as third:
        told = text_of(await second.say("je veux parler à quelqu'un"))
        assert "une demande" in told
        assert "Je ne peux pas vous promettre" in told
        assert "2 demandes" in text_of(await third.say("je veux parler à quelqu'un"))


async def test_expected_wait_is_that_of_others(counter: Counter, talk: Talk, frozen_clock: datetime) -> None:
    for number in range(5):
        async with counter.talking() as other:
            await other.say("je veux parler à quelqu'un")
        (case,) = await cases_of(counter)
        with clock.at(frozen_clock + timedelta(minutes=30 + number)):
            await did(counter, case_work.reply, case, "Bonjour")
            await did(counter, case_work.resolve, case, Outcome.ANSWERED)
    with clock.at(frozen_clock + timedelta(hours=1)):
        assert "environ 32 minutes" in text_of(await talk.say("je veux parler à quelqu'un"))


async def test_out_of_hours_the_person_is_told_when_somebody_is_there_again(counter: Counter, talk: Talk) -> None:
    with clock.at(SATURDAY):
        told = text_of(await talk.say("je veux parler à quelqu'un"))
    assert "fermé en ce moment. Il rouvre le **lundi 16 mars 2026**" in told


# What the office needs


async def begun_for_a_company(talk: Talk) -> None:
    await talk.say("notre compte job-room employeur, il faut le renouveler comment")
    await talk.say("je veux parler à quelqu'un")


async def test_support_of_job_room_gets_what_it_needs(counter: Counter, talk: Talk) -> None:
    await begun_for_a_company(talk)
    assert talk.reply is not None
    assert (talk.reply.state.form, talk.reply.state.slot, talk.reply.state.expects) == (
        "handover_form",
        "full_screenshot",
        "file",
    )
    assert await cases_of(counter) == ()
    file = await counter.file(talk, name="capture.pdf")
    await talk.send(file)
    await talk.say("je ne l'ai pas sous la main")
    assert talk.reply.state.slot == "uid"
    wrong = await talk.say("CHE-109.322.550")
    assert "ne peut pas être juste" in text_of(wrong)
    assert wrong.state.slot == "uid"
    await talk.say("ah pardon c'est che 109 322 551 TVA")
    reply = await talk.say("J'entre mon code, la page reste blanche et il ne se passe plus rien")
    case = await the_case(counter)
    assert case.number in text_of(reply)
    assert case.office is Office.SECO
    assert case.needs == (
        Need("full_screenshot", file),
        Need("ree_number", None, has_none=True),
        Need("uid", "CHE-109.322.551"),
        Need("description", "J'entre mon code, la page reste blanche et il ne se passe plus rien"),
    )
    assert case.files == (file,)
    assert case.missing == ()


async def test_file_for_a_case_is_kept_as_long_as_it_is_open(
    counter: Counter, talk: Talk, frozen_clock: datetime
) -> None:
    await begun_for_a_company(talk)
    file = await counter.file(talk)
    await talk.send(file)
    for _ in range(3):
        await talk.tap("Je n'ai pas")
    case = await the_case(counter)
    with clock.at(frozen_clock + timedelta(days=20)):
        await counter.work()
        assert await counter.kept(talk, file)
        await did(counter, case_work.resolve, case, Outcome.DONE)
    with clock.at(frozen_clock + timedelta(days=28)):
        await counter.work()
        assert not await counter.kept(talk, file)


async def test_who_insists_is_not_asked_further(counter: Counter, talk: Talk) -> None:
    await begun_for_a_company(talk)
    reply = await talk.say("passez-moi quelqu'un")
    case = await the_case(counter)
    assert case.number in text_of(reply)
    assert [need.item for need in case.missing] == ["full_screenshot", "ree_number", "uid", "description"]


async def test_who_wants_nothing_kept_is_passed_on_all_the_same(counter: Counter) -> None:
    async with counter.talking(None, has_consented=False) as talk:
        await begun_for_a_company(talk)
        reply = await talk.tap("Non, ne rien garder")
        assert (await the_case(counter)).number in text_of(reply)


async def test_other_task_goes_on_after_a_human_was_asked_for(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux envoyer un document à mon ORP")
    assert talk.reply is not None
    form = talk.reply.state.form
    reply = await talk.say("je préfère parler à quelqu'un de l'office, passez-moi un humain")
    assert (await the_case(counter)).number in text_of(reply)
    assert (form, reply.state.form) == ("documents_form", "documents_form")


# The agent answers


async def test_answer_arrives_in_the_conversation_and_waits_for_the_person(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.reply, await the_case(counter), "Bonjour, de quel **mois** parlez-vous ?")
    last = await said_last(counter, talk)
    assert (last.author, last.text) == ("agent", "Bonjour, de quel **mois** parlez-vous ?")
    assert case.state is CaseState.WAITING
    reply = await talk.say("blorf zut qsdfgh")
    assert f"J'ai ajouté votre message à votre demande **{case.number}**" in text_of(reply)
    assert (await the_case(counter)).state is CaseState.CLAIMED
    async with counter.program.database.reading() as connection:
        lines = await transcript_of(connection, case)
    assert [line.author for line in lines][-3:] == ["agent", "user", "bot"]


async def test_answer_waits_for_the_morning_unless_the_person_is_there(slow: Counter) -> None:
    async with slow.talking() as talk:
        with clock.at(EVENING - timedelta(hours=6)):
            await talk.say("je veux parler à quelqu'un")
        case = (await cases_of(slow))[0]
        with clock.at(EVENING):
            async with slow.program.database.unit_of_work() as work:
                case = await case_work.reply(work, case.id, case.version, ANNE, "Bonsoir")
            await slow.work()
            assert (await said_last(slow, talk)).author == "bot"
            await talk.say("merci")
            async with slow.program.database.unit_of_work() as work:
                await case_work.reply(work, case.id, case.version, ANNE, "Vous êtes là ?")
            await slow.work()
            assert (await said_last(slow, talk)).text == "Vous êtes là ?"


async def test_assistant_is_silent_while_an_agent_speaks(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.take_over, await the_case(counter))
    joined = await said_last(counter, talk)
    assert "**Anne Favre**, du service d'aide, vous répond maintenant" in joined.text
    reply = await talk.say("il est où mon numéro personnel")
    assert (reply.messages, reply.state.mode) == ((), "human")
    await did(counter, case_work.reply, case, "Sur votre confirmation d'inscription.")
    assert (await said_last(counter, talk)).author == "agent"
    assert (await talk.say("merci beaucoup")).messages == ()
    kinds = [event.kind for event in await events(counter, case)]
    assert kinds == [Event.OPENED, Event.TOOK_OVER, Event.WROTE, Event.REPLIED, Event.WROTE]
    await did(counter, case_work.give_back, case)
    assert "Je suis de nouveau là" in (await said_last(counter, talk)).text
    reply = await talk.say("il est où mon numéro personnel")
    assert reply.state.mode == "bot"
    assert "confirmation d'inscription" in text_of(reply)


async def test_crisis_is_met_while_an_agent_speaks(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.take_over, await the_case(counter))
    reply = await talk.say("j'en peux plus je veux mourir")
    assert "143" in text_of(reply)
    assert reply.state.mode == "human"
    assert (await again(counter, case)).urgency is Urgency.IMMEDIATE


async def test_person_can_have_the_assistant_back(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.take_over, await the_case(counter))
    reply = await talk.say("annuler")
    assert reply.state.mode == "bot"
    assert case.number in text_of(reply)
    after = await again(counter, case)
    assert (after.is_live, after.agent) == (False, "anne")
    assert "8 chiffres" in text_of(await talk.say("le numéro personnel c'est mon avs ?"))


async def test_files_that_are_sent_to_an_agent_are_in_the_case(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.take_over, await the_case(counter))
    file = await counter.file(talk)
    reply = await talk.send(file)
    assert reply.messages == ()
    assert (await again(counter, case)).files == (file,)


async def test_files_for_which_an_agent_waits_are_in_the_case(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.reply, await the_case(counter), "Envoyez-moi la décision.")
    file = await counter.file(talk)
    said = text_of(await talk.send(file))
    assert f"Je l'ai ajouté à votre demande **{case.number}**" in said
    after = await again(counter, case)
    assert (after.state, after.files) == (CaseState.CLAIMED, (file,))


async def test_files_that_no_agent_asked_for_are_not_theirs(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    assert "Personne d'autre ne le voit" in text_of(await talk.send(await counter.file(talk)))
    assert (await the_case(counter)).files == ()


# Coming back, and being reached


def code_in(text: str) -> str:
    found = re.search(r"D(-[0-9A-Z]{4}){3}", text)
    assert found is not None
    return found[0]


async def test_visitor_comes_back_with_their_code_and_reads_the_answer(counter: Counter) -> None:
    async with counter.talking(None, channel=WEB) as first, counter.talking(None, channel=WEB) as second:
        code = code_in(text_of(await first.say("je veux parler à quelqu'un")))
        case = await did(counter, case_work.reply, await the_case(counter), "Appelez votre caisse.")
        assert code not in str((await again(counter, case)).transcript)
        reply = await second.say(f"bonjour voici mon code {code.lower()} merci")
        assert case.number in text_of(reply)
        assert "Appelez votre caisse." in text_of(reply)
        said = (await transcript(counter.program.database, second.session))[0]
        assert "D-••••-••••-••••" in said.text
        assert code.lower() not in said.text
        await did(counter, case_work.reply, case, "Est-ce réglé ?")
        assert (await said_last(counter, second)).text == "Est-ce réglé ?"
        async with counter.program.database.reading() as connection:
            lines = await transcript_of(connection, await again(counter, case))
        assert not any(code in line.text for line in lines)


async def test_code_that_there_is_not_opens_nothing(counter: Counter) -> None:
    async with counter.talking(None, channel=WEB) as talk:
        assert "Je ne connais pas ce code" in text_of(await talk.say("D-0000-1111-2222"))


async def test_code_is_given_to_visitors_on_the_web_only(counter: Counter, talk: Talk) -> None:
    assert "code de retour" not in text_of(await talk.say("je veux parler à quelqu'un"))


async def test_visitor_can_leave_an_address_which_is_kept_encrypted(counter: Counter) -> None:
    async with counter.talking(None, channel=WEB) as talk:
        await talk.say("je veux parler à quelqu'un")
        await talk.tap("Laisser une adresse e-mail")
        assert "n'est pas complète" in text_of(await talk.say("camille@exemple"))
        reply = await talk.say("camille.d@exemple.ch")
        case = await the_case(counter)
        assert case.number in text_of(reply)
        (need,) = case.needs
        assert need == Need(EMAIL, "⟦email:1⟧")
        assert need.value is not None
        async with counter.program.database.reading() as connection:
            revealed = await counter.program.vault.reveal(connection, talk.session.id, need.value)
        assert revealed == "camille.d@exemple.ch"


# The end


@pytest.mark.parametrize(("label", "helped"), [("Oui", True), ("Non", False)])
async def test_one_tap_says_whether_it_helped(
    counter: Counter, talk: Talk, label: str, helped: bool
) -> None:  # a column
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.resolve, await the_case(counter), Outcome.ANSWERED)
    asked = await said_last(counter, talk)
    assert case.number in asked.text
    (choice,) = [one for one in asked.choices if one.label.startswith(label)]
    await tapped(talk, choice.id)
    assert [event.details for event in await events(counter, case) if event.kind is Event.RATED] == [{"helped": helped}]
    reply = await talk.say("Réponse rapide et claire.")
    assert "Cela aide à faire mieux" in text_of(reply)
    rated = [event.details for event in await events(counter, case) if event.kind is Event.RATED]
    assert rated[-1] == {"helped": helped, "comment": "Réponse rapide et claire."}


async def tapped(talk: Talk, choice_id: str) -> None:
    from bot.engine.assistant import Turn

    talk.reply = await talk.assistant.answer(Turn(talk.session, f"tap {choice_id}", choice=choice_id))


async def test_comment_is_optional_and_a_question_is_none(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.resolve, await the_case(counter), Outcome.ANSWERED)
    await tapped(talk, (await said_last(counter, talk)).choices[0].id)
    between = await talk.say("il est où mon numéro personnel ?")
    assert "confirmation d'inscription" in between.messages[0].text
    assert "Cela aide" in text_of(await talk.tap("Non merci"))
    assert len([event for event in await events(counter, case) if event.kind is Event.RATED]) == 1


async def test_next_request_after_the_end_is_a_new_case(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    case = await did(counter, case_work.resolve, await the_case(counter), Outcome.ANSWERED)
    await talk.say("je veux encore parler à quelqu'un")
    assert (await the_case(counter)).id != case.id
    async with counter.program.database.reading() as connection:
        assert [one.id for one in await cases.history_of_person(connection, await the_case(counter))] == [case.id]
        assert await cases.count(connection, Filters(states=(CaseState.RESOLVED,))) == 1


async def test_who_reads_a_case_is_known(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux parler à quelqu'un")
    async with counter.program.database.unit_of_work() as work:
        await cases.note_reading(work, [await the_case(counter)], Actor.AGENT, ANNE.name)
    assert "le service d'aide" in text_of(await talk.say("qui a lu mes données ?"))
