"""«Envoyer mon CV» as whole conversations, down to the sandbox's journal."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from base import clock
from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.engine.assistant import Reply
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from casework import persons
from casework.cases import open_cases
from casework.files.limits import MEBIBYTE
from casework.files.refusals import Reason as Unfit
from casework.files.refusals import Refused
from casework.files.store import KEPT_UNSENT
from casework.submissions import State
from conversations.models import FileId, Phase
from eservices.reasons import Reason
from tests.casework.files import samples
from tests.conftest import ORDINARY_DAY
from tests.engine.test_pseudo_locale import PseudoTranslations
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import ELODIE, Counter, opened

SUMMARY = "Est-ce que je l'envoie ?"


async def summary(counter: Counter, talk: Talk, first: str = "je veux envoyer mon cv à ma conseillère") -> Reply:
    """Goes as far as the summary."""
    await talk.say(first)
    shown = await talk.send(await counter.file(talk))
    assert (shown.state.slot, shown.state.phase) == ("is_confirmed", Phase.AWAITING_CONFIRMATION)
    return shown


async def sent(counter: Counter, talk: Talk, first: str = "je veux envoyer mon cv à ma conseillère") -> Reply:
    await summary(counter, talk, first)
    return await talk.tap("Oui, envoyer")


# From the first sentence to the receipt.


async def test_cv_is_sent_with_one_yes_and_its_receipt_says_when(counter: Counter, talk: Talk) -> None:
    asked = await talk.say("je veux envoyer mon cv à ma conseillère")
    assert "Noté : CV." in text_of(asked)
    assert (asked.state.slot, asked.state.step, asked.state.steps, asked.state.expects) == ("files", 3, 4, "file")
    shown = await talk.send(await counter.file(talk, pages=2))
    assert "Document : **CV**" in text_of(shown)
    assert "Reçu ici : 1 fichier, 2 pages" in text_of(shown)
    assert "Bac à sable" in text_of(shown)
    assert await counter.received() == []
    answer = await talk.say("oui")
    assert answer.state.phase is Phase.SUBMITTED
    assert answer.state.form is None
    (submission,) = await counter.submissions(talk)
    assert submission.state is State.RECEIVED
    assert submission.number in answer.messages[0].text
    assert "**Reçu par Job-Room le 11 mars 2026 à 10 h 15** : CV, pour votre ORP." in text_of(answer)
    assert submission.number in answer.messages[1].text, "one number, wherever it is named"
    assert "Bac à sable" in answer.messages[1].text
    assert [file.name for file in answer.messages[1].attachments] == ["Reçu d'envoi.pdf"]
    (entry,) = await counter.received()
    assert entry["request"]["type"] == "cv"
    assert entry["request"]["recipient"] == "orp"


async def test_type_that_was_not_said_is_asked(counter: Counter, talk: Talk) -> None:
    asked = await talk.say("je dois transmettre un document à l'orp")
    assert (asked.state.slot, asked.state.expects, asked.state.step) == ("type", "choice", 1)
    assert (await talk.tap("Diplôme")).state.slot == "files"
    await talk.send(await counter.file(talk))
    await talk.say("oui")
    assert [entry["request"]["type"] for entry in await counter.received()] == ["diploma"]


async def test_type_can_be_typed(talk: Talk) -> None:
    await talk.say("je dois transmettre un document à l'orp")
    assert (await talk.say("lettre de motivation")).state.slot == "files"


async def test_login_is_asked_and_the_conversation_goes_on_by_itself(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        asked = await talk.say("je veux envoyer mon cv à ma conseillère")
        assert asked.state.slot == "is_linked"
        assert f"({counter.program.settings.public_url}/login/" in text_of(asked)
        early = await talk.say("c'est fait")
        assert "La connexion n'est pas encore terminée" in text_of(early)
        assert early.state.slot == "is_linked"
        await counter.link(talk)
        await counter.program.on_linked(talk.session.id)
        news = await counter.last(talk)
        assert news.text.startswith("Vous êtes connecté·e, merci.")
        assert "Envoyez-moi le fichier" in news.text
        await talk.send(await counter.file(talk))
        await talk.say("oui")
        assert len(await counter.received()) == 1


async def test_who_logs_in_without_a_task_is_asked_what_to_do(counter: Counter) -> None:
    async with counter.talking() as talk:
        await counter.program.on_linked(talk.session.id)
        talk.reply = Reply((await counter.last(talk),), *(None, None))  # type: ignore[arg-type]  # only its choices count
        assert (await talk.tap("Envoyer un document")).state.slot == "type"


async def test_files_that_came_before_they_were_asked_for_are_taken(counter: Counter, talk: Talk) -> None:
    await talk.send(await counter.file(talk))
    shown = await talk.say("c'est mon cv, je veux l'envoyer à ma conseillère")
    assert "Je prends ce que vous m'avez déjà envoyé ici." in text_of(shown)
    assert SUMMARY in text_of(shown)


@pytest.mark.parametrize("question", ["type", "is_linked"])
async def test_files_are_taken_whatever_is_asked(counter: Counter, question: str) -> None:
    async with counter.talking(person=None) as talk:
        asked = await talk.say("je veux transmettre un document à l'orp")
        if question == "is_linked":
            asked = await talk.tap("CV")
        assert asked.state.slot == question
        taken = await talk.send(await counter.file(talk))
        assert "Noté : 1 fichier." in text_of(taken)
        assert taken.state.slot == question
        if question == "type":
            await talk.tap("CV")
        await counter.link(talk)
        assert SUMMARY in text_of(await talk.say("c'est fait"))


async def test_page_that_comes_at_the_summary_belongs_to_the_document(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    again = await talk.send(await counter.file(talk))
    assert "Reçu ici : 2 fichiers, 2 pages" in text_of(again)
    assert again.state.phase is Phase.AWAITING_CONFIRMATION


async def test_several_photos_become_one_document(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux envoyer mon certificat de travail à l'orp")
    taken = [
        await counter.program.files.take(talk.session.id, f"p{n}.jpg", samples.jpeg(samples.picture())) for n in "12"
    ]
    shown = await talk.send(*(FileId(file.id) for file in taken))
    assert "Reçu ici : 2 fichiers, 2 pages" in text_of(shown)
    await talk.tap("Oui, envoyer")
    assert [entry["request"]["type"] for entry in await counter.received()] == ["work_certificate"]
    (submission,) = await counter.submissions(talk)
    assert [file.pages for file in submission.files] == [2]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 a text of a word processor", Unfit.UNSUPPORTED),
        (samples.jpeg(samples.picture())[:400], Unfit.BROKEN),
        (b"x" * (10 * MEBIBYTE + 1), Unfit.TOO_BIG),
    ],
    ids=["wrong type", "unreadable photo", "too large"],
)
async def test_file_that_is_not_taken_leaves_the_question_open_for_a_better_one(
    counter: Counter, talk: Talk, data: bytes, reason: Unfit
) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    with pytest.raises(Refused) as refused:
        await counter.program.files.take(talk.session.id, "cv.jpg", data)
    assert refused.value.reason is reason
    waiting = await talk.say("ça marche pas")
    assert (waiting.state.form, waiting.state.slot) == ("documents_form", "files")
    taken = await counter.program.files.take(talk.session.id, "cv.jpg", samples.jpeg(samples.picture()))
    assert "Reçu ici : 1 fichier, 1 page" in text_of(await talk.send(FileId(taken.id)))


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("voici mon c.v. pour l'orp", "CV"),
        ("g un certif de trav a envoyer a lorp", "Certificat de travail"),
        ("je dois remettre ma lettre de démission à l'office", "Lettre de résiliation"),
        ("papier de congé à transmettre à l'orp", "Lettre de résiliation"),
        ("mon dossier de candidature est prêt, je l'envoie à ma conseillère", "Dossier de candidature"),
        ("g scanné mes diplomes, jles envoie a lorp", "Diplôme"),
        ("envoyer une copie de mon permis de séjour à l'orp", "Autre document"),
        ("lettre de motiv pour ma conseillère, je l'envoie", "Lettre de motivation"),
    ],
)
async def test_type_is_understood_in_the_words_of_people(talk: Talk, said: str, name: str) -> None:
    asked = await talk.say(said)
    assert f"Noté : {name}." in text_of(asked)
    assert asked.state.slot == "files"


async def test_earlier_version_is_not_replaced_which_is_said(counter: Counter, talk: Talk) -> None:
    shown = await summary(counter, talk, "je veux remplacer mon ancien cv par le nouveau chez ma conseillère")
    assert "L'ancienne version reste sur Job-Room" in text_of(shown)


# Only an explicit yes.


@pytest.mark.parametrize(
    "yes", ["oui", "Oui !", "ok", "d'accord", "vas-y", "oui envoie-le", "c’est bon", "👍", "je confirme"]
)
async def test_explicit_yes_sends(counter: Counter, talk: Talk, yes: str) -> None:
    await summary(counter, talk)
    assert (await talk.say(yes)).state.phase is Phase.SUBMITTED
    assert len(await counter.received()) == 1


@pytest.mark.parametrize(
    "reply",
    [
        "oui si c'est le bon",
        "je crois",
        "oui ?",
        "merci",
        "s'il vous plaît",
        "peut-être",
        "oui mais attends",
        "oui demain",
        "oui je sais pas",
        "oui mais c'est flou",
        "non",
        "pas encore",
        "attends",
        "non merci",
        "oui non",
        "c'est pas bon",
        "tu l'as envoyé ?",
        "je peux encore changer ?",
        "oui et c'est quoi mon numéro personnel ?",
        "bonjour",
    ],
)
async def test_anything_else_sends_nothing_and_the_summary_stays_near(counter: Counter, talk: Talk, reply: str) -> None:
    await summary(counter, talk)
    answer = await talk.say(reply)
    assert answer.state.slot in {"is_confirmed", "correction"}
    assert answer.state.form == "documents_form"
    assert await counter.submissions(talk) == ()
    if answer.state.slot == "correction":
        assert SUMMARY in text_of(await talk.say("rien"))
    assert (await talk.say("oui")).state.phase is Phase.SUBMITTED


async def test_what_is_no_clear_yes_is_told_so(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    answer = await talk.say("je crois")
    assert "Je n'envoie rien sans un « oui » clair." in text_of(answer)
    assert SUMMARY in text_of(answer)


async def test_yes_to_what_is_to_change_only_goes_back_to_the_summary(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    await talk.say("non")
    back = await talk.say("oui c'est bon")
    assert SUMMARY in text_of(back)
    assert await counter.submissions(talk) == ()


async def test_yes_of_an_older_summary_does_not_count_for_a_newer_one(counter: Counter, talk: Talk) -> None:
    old = await summary(counter, talk)
    await talk.say("non, c'est une lettre de motivation")
    talk.reply = old
    again = await talk.tap("Oui, envoyer")
    assert "**Lettre de motivation**" in text_of(again)
    assert await counter.submissions(talk) == ()
    await talk.tap("Oui, envoyer")
    assert [entry["request"]["type"] for entry in await counter.received()] == ["cover_letter"]


async def test_second_yes_sends_nothing_more(counter: Counter, talk: Talk) -> None:
    shown = await summary(counter, talk)
    await talk.tap("Oui, envoyer")
    talk.reply = shown
    again = await talk.tap("Oui, envoyer")
    assert "je n'envoie rien de plus" in text_of(again)
    assert again.state.form is None
    assert "reçu par Job-Room" in text_of(await talk.tap("Où en sont mes envois"))
    await talk.say("oui")
    assert len(await counter.submissions(talk)) == 1


async def test_same_turn_twice_sends_once_and_gets_the_same_answer(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    first = await talk.say("oui", client_id="yes")
    second = await talk.say("oui", client_id="yes")
    assert second.messages == first.messages
    assert len(await counter.received()) == 1


async def test_two_devices_that_say_yes_at_once_send_once(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    await asyncio.gather(talk.say("oui"), talk.say("oui"))
    await counter.settled()
    assert len(await counter.received()) == 1


# Corrections.


@pytest.mark.parametrize(
    "correction",
    [
        "oui mais c'est une lettre de motivation",
        "non, c'est une lettre de motivation",
        "en fait c'est une lettre de motivation",
        "lettre de motivation",
        "non pas mon cv, la lettre de motivation",
    ],
)
async def test_type_is_corrected_at_the_summary(counter: Counter, talk: Talk, correction: str) -> None:
    await summary(counter, talk)
    again = await talk.say(correction)
    assert "Document : **Lettre de motivation**" in text_of(again)
    assert await counter.submissions(talk) == ()
    await talk.say("oui")
    assert [entry["request"]["type"] for entry in await counter.received()] == ["cover_letter"]


@pytest.mark.parametrize("correction", ["change le fichier", "oui mais change la photo", "c'est pas le bon fichier"])
async def test_file_is_changed_and_the_former_one_is_gone(counter: Counter, talk: Talk, correction: str) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    wrong = await counter.file(talk, pages=5)
    await talk.send(wrong)
    assert (await talk.say(correction)).state.slot == "files"
    assert not await counter.kept(talk, wrong)
    assert "1 fichier, 1 page" in text_of(await talk.send(await counter.file(talk)))


async def test_file_is_changed_by_a_tap(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    assert (await talk.tap("Changer le fichier")).state.slot == "files"


async def test_file_that_was_replaced_does_not_turn_up_in_the_next_document(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    await talk.tap("Changer le fichier")
    await talk.send(await counter.file(talk))
    await talk.say("oui")
    assert (await talk.say("je veux aussi envoyer mon diplôme à l'orp")).state.slot == "files"


@pytest.mark.parametrize(
    ("reply", "slot"), [("le fichier", "files"), ("le type", "type"), ("la photo est floue", "files")]
)
async def test_what_is_wrong_is_asked_and_can_be_typed(counter: Counter, talk: Talk, reply: str, slot: str) -> None:
    await summary(counter, talk)
    asked = await talk.say("non")
    assert "Rien n'est parti. **Que voulez-vous changer ?**" in text_of(asked)
    assert (await talk.say(reply)).state.slot == slot


@pytest.mark.parametrize(("choice", "slot"), [("Le fichier", "files"), ("Le type", "type")])
async def test_what_is_wrong_is_asked_and_can_be_tapped(counter: Counter, talk: Talk, choice: str, slot: str) -> None:
    await summary(counter, talk)
    await talk.say("non")
    assert (await talk.tap(choice)).state.slot == slot


async def test_what_is_to_change_and_was_not_understood_is_asked_again(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    await talk.say("non")
    again = await talk.say("euh bof")
    assert "Je n'ai pas compris ce qui doit changer" in text_of(again)
    assert again.state.slot == "correction"


async def test_type_is_corrected_while_the_file_is_asked_for(talk: Talk) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    corrected = await talk.say("non, mon diplôme")
    assert "Noté : Diplôme." in text_of(corrected)
    assert corrected.state.slot == "files"


# Something else in between.


async def test_question_in_the_middle_is_answered_and_the_summary_comes_back(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    between = await talk.say("au fait c'est quoi le numéro personnel ?")
    assert "8 chiffres" in between.messages[0].text
    assert SUMMARY in between.messages[-1].text
    assert between.state.phase is Phase.AWAITING_CONFIRMATION
    await talk.tap("Oui, envoyer")
    assert len(await counter.received()) == 1


async def test_message_that_cannot_be_read_leaves_the_summary_open(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    assert (await talk.say("???")).state.phase is Phase.AWAITING_CONFIRMATION


async def test_other_task_in_the_middle_is_done_and_this_one_goes_on(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    other = await talk.say("décision de la caisse reçue le 9 mars par courrier normal, calcule mon délai d'opposition")
    assert "Envoyez votre opposition au plus tard" in text_of(other)
    assert SUMMARY in text_of(other)
    assert (await talk.say("oui")).state.phase is Phase.SUBMITTED


async def test_cancelling_sends_nothing_and_erases_the_file(counter: Counter, talk: Talk) -> None:
    await talk.say("je veux envoyer mon cv à ma conseillère")
    file = await counter.file(talk)
    await talk.send(file)
    cancelled = await talk.tap("Ne rien envoyer")
    assert cancelled.state.phase is Phase.CANCELLED
    assert "rien n'a été envoyé" in text_of(cancelled)
    assert not await counter.kept(talk, file)
    assert (await talk.say("je veux envoyer mon diplôme à l'orp")).state.slot == "files"
    assert await counter.submissions(talk) == ()


async def test_two_documents_one_after_the_other(counter: Counter, talk: Talk) -> None:
    await sent(counter, talk)
    await sent(counter, talk, "maintenant je veux envoyer mon diplôme à l'orp")
    assert [entry["request"]["type"] for entry in await counter.received()] == ["cv", "diploma"]
    first, second = await counter.submissions(talk)
    assert first.number != second.number


# Documents that go another way.


async def test_document_that_the_orp_has_no_name_for_is_filed_among_others(counter: Counter, talk: Talk) -> None:
    shown = await summary(counter, talk, "je veux envoyer ma fiche de salaire à l'orp")
    assert "**Fiche de salaire (sur Job-Room : « Autre document »)**" in text_of(shown)
    await talk.say("oui")
    ((entry,),) = [await counter.received()]
    assert (entry["request"]["type"], entry["request"]["name"]) == ("other", "Fiche de salaire.pdf")


async def test_document_that_may_go_to_either_is_asked_for_whom(talk: Talk) -> None:
    asked = await talk.say("je veux envoyer ma fiche de salaire")
    assert asked.state.slot == "recipient"
    elsewhere = await talk.tap("avec mon IPA")
    assert "Ce document part avec votre IPA du mois" in text_of(elsewhere)
    assert elsewhere.state.form is None


async def test_attestation_of_earnings_goes_with_the_ipa(talk: Talk) -> None:
    await talk.say("je dois transmettre un document à l'orp")
    assert "part avec votre IPA du mois" in text_of(await talk.say("mon attestation de gain intermédiaire"))


async def test_file_for_what_is_not_sent_here_is_not_kept(counter: Counter, talk: Talk) -> None:
    await talk.say("je dois transmettre un document à l'orp")
    file = await counter.file(talk)
    await talk.send(file)
    reply = await talk.say("c'est un certificat médical")
    assert reply.state.form is None
    assert "c'est effacé" in text_of(reply)
    assert not await counter.kept(talk, file)


# Time passes, and links end.


async def test_a_week_later_the_file_is_gone_which_is_said_and_it_is_asked_anew(slow: Counter) -> None:
    async with slow.talking() as talk:
        await summary(slow, talk)
        clock.freeze(ORDINARY_DAY + KEPT_UNSENT + timedelta(hours=1))
        await slow.work()
        reply = await talk.say("oui")
        assert "**Rien n'est parti.** Votre fichier n'est plus ici" in text_of(reply)
        assert "Envoyez-moi le fichier" in text_of(reply)
        assert reply.state.slot == "files"
        assert await slow.submissions(talk) == ()
        again = await talk.say("ok")
        assert "plus ici" not in text_of(again), "it is said once"
        shown = await talk.send(await slow.file(talk))
        assert "Document : **CV**" in text_of(shown)


async def test_file_that_is_gone_is_said_once_also_beside_another_answer(slow: Counter) -> None:
    async with slow.talking() as talk:
        await summary(slow, talk)
        clock.freeze(ORDINARY_DAY + KEPT_UNSENT + timedelta(hours=1))
        await slow.work()
        reply = await talk.say("au fait c'est quoi le numéro personnel ?")
        assert text_of(reply).count("plus ici") == 1
        assert "8 chiffres" in text_of(reply)
        assert reply.state.slot == "files"
        assert "plus ici" not in text_of(await talk.say("au fait c'est quoi le numéro personnel ?"))


async def test_restart_and_some_days_later_the_summary_is_where_it_was(settings: Settings, dialogue: Dialogue) -> None:
    async with opened(settings, dialogue, is_worked=False) as before, before.talking() as talk:
        await summary(before, talk)
    clock.freeze(ORDINARY_DAY + timedelta(days=5))
    async with opened(settings, dialogue, is_worked=True) as after:
        resumed = Talk(after.program.assistant, talk.session)
        assert (await resumed.say("oui")).state.phase is Phase.SUBMITTED
        assert len(await after.received()) == 1


async def test_link_that_is_gone_at_the_moment_of_the_yes_is_asked_anew(counter: Counter, talk: Talk) -> None:
    await summary(counter, talk)
    async with counter.program.database.unit_of_work() as work:
        await persons.log_out(work, talk.session.id)
    reply = await talk.say("oui")
    assert "Vous n'êtes plus connecté·e, et rien n'est parti" in text_of(reply)
    assert reply.state.slot == "is_linked"
    assert await counter.submissions(talk) == ()
    await counter.link(talk)
    assert SUMMARY in text_of(await talk.say("voilà"))


# What becomes of it.


async def test_slow_gateway_is_told_at_once_and_the_receipt_follows(slow: Counter) -> None:
    async with slow.talking() as talk:
        answer = await sent(slow, talk)
        assert "**Enregistré ici, transmission en cours.**" in text_of(answer)
        assert "Reçu par Job-Room" not in text_of(answer)
        await slow.work()
        assert "**Reçu par Job-Room le 11 mars 2026 à 10 h 15** : CV, pour votre ORP." in (
            await slow.last(talk)
        ).text.replace("\u00a0", " ")


@pytest.mark.parametrize("kind", ["down", "5xx", "dropped", "lost"])
async def test_gateway_that_fails_gets_it_once_when_it_works_again(slow: Counter, kind: str) -> None:
    async with slow.talking() as talk:
        await slow.fault(kind, count=3)
        await sent(slow, talk)
        await slow.work()
        await slow.mended()
        for hours in (1, 2, 3):
            clock.freeze(ORDINARY_DAY + timedelta(hours=hours))
            await slow.work()
        assert "**Reçu par Job-Room" in (await slow.last(talk)).text
        assert len(await slow.received()) == 1


@pytest.mark.parametrize(
    ("reason", "why", "way"),
    [
        (Reason.TOO_MANY_VERSIONS, "il y en a déjà trop", "Effacez une ancienne version"),
        (Reason.FILE_INFECTED, "antivirus", "photo"),
        (Reason.TOO_LARGE, "trop lourd", "moins de pages"),
        (Reason.NOT_A_PDF, "je ne sais pas pourquoi", "déposez le document vous-même"),
        (Reason.PERSON_UNKNOWN, "je ne sais pas pourquoi", "déposez le document vous-même"),
        (Reason.TYPE_NOT_TAKEN, "je ne sais pas pourquoi", "déposez le document vous-même"),
        (Reason.NO_APPLICATION, "ne montre pas de demande", "Transmettez d'abord la demande"),
        (Reason.TRANSMIT_FIRST, "pas encore transmise", "Terminez-la sur Job-Room"),
        (Reason.DOCUMENTS_CLOSED, "traité votre demande entre-temps", "guichet virtuel"),
    ],
)
async def test_refusal_gives_its_reason_and_the_way_to_correct(
    counter: Counter, talk: Talk, reason: Reason, why: str, way: str
) -> None:
    await counter.fault("409", reason=reason)
    answer = text_of(await sent(counter, talk))
    (submission,) = await counter.submissions(talk)
    assert submission.state is State.REFUSED
    assert submission.number in answer
    assert why in answer
    assert way.lower() in answer.lower()
    async with counter.program.database.reading() as connection:
        cases = await open_cases(connection)
    assert bool(cases) == ("je ne sais pas pourquoi" in answer), "a human looks at what nobody can correct"


async def test_who_has_too_many_versions_sends_again_without_saying_what(counter: Counter) -> None:
    async with counter.talking(ELODIE) as talk:
        refused = await sent(counter, talk)
        assert "il y en a déjà trop" in text_of(refused)
        assert await counter.received() == []
        again = await talk.tap("Envoyer à nouveau")
        assert again.state.slot == "files"


async def test_what_is_late_and_then_given_up_is_told_with_another_way_and_passed_on(slow: Counter) -> None:
    async with slow.talking() as talk:
        await sent(slow, talk)
        await slow.fault("down", count=1_000_000)
        told: list[str] = []
        for hours in range(0, 24 * 18, 7):  # longer than any attempts go on
            clock.freeze(ORDINARY_DAY + timedelta(hours=hours))
            await slow.work()
            if (text := (await slow.last(talk)).text) not in told:
                told.append(text)
        on_its_way, overdue, given_up = told
        assert "transmission en cours" in on_its_way
        assert "n'a pas encore confirmé" in overdue
        assert "n'a pas confirmé votre envoi" in given_up
        async with slow.program.database.reading() as connection:
            (case,) = await open_cases(connection)
        for text in (overdue, given_up):
            assert case.number in text
            assert "déposez-le vous-même" in text.lower()


async def test_news_of_another_document_leave_the_open_question_open(slow: Counter) -> None:
    async with slow.talking() as talk:
        await sent(slow, talk)
        shown = await summary(slow, talk, "je veux aussi envoyer mon diplôme à l'orp")
        await slow.work()
        news = await slow.last(talk)
        assert "Reçu par Job-Room" in news.text
        assert [choice.label for choice in news.choices] == [choice.label for choice in shown.messages[-1].choices]
        assert (await talk.say("oui")).state.phase is Phase.SUBMITTED


# Another language.


@pytest.fixture(scope="module")
def bilingual(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": PseudoTranslations()}))


async def test_everything_is_worded_for_translation(settings: Settings, bilingual: Dialogue) -> None:
    """`PseudoTranslations` refuses every text that was not extracted."""
    async with opened(settings, bilingual, is_worked=True) as counter, counter.talking(locale="de") as talk:
        replies = [
            await talk.send(await counter.file(talk)),
            await talk.say("je veux envoyer mon cv à ma conseillère"),
            await talk.say("je crois"),
            await talk.say("tu as bien reçu mon cv ?"),
            await talk.say("non"),
            await talk.say("rien"),
            await talk.say("oui"),
            await talk.say("c'est arrivé ?"),
        ]
        await counter.fault("409", reason=Reason.TOO_MANY_VERSIONS)
        await talk.say("je veux envoyer mon cv à ma conseillère")
        await talk.send(await counter.file(talk))
        replies.append(await talk.say("oui"))
        assert replies[-1].state.phase is Phase.SUBMITTED
        for reply in replies:
            for message in reply.messages:
                assert "⟦" in message.text
                assert all(choice.label.startswith("⟦") for choice in message.choices)
        said = await transcript(counter.program.database, talk.session)
        assert all("⟦" in message.text for message in said if message.author == "bot")
