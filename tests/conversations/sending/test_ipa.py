"""The monthly form of the insured person (IPA) as whole conversations, down to the sandbox's journal."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from actions.my_data import erasure
from base import clock
from base.settings import Settings
from bot.channels.telegram.markup import blocks
from bot.channels.web.app import create_app
from bot.engine.dialogue import Dialogue
from casework import consents
from casework.files.limits import USUAL
from casework.files.refusals import Reason as Unfit
from casework.files.store import KEPT_AFTER_DELIVERY, KEPT_UNSENT
from casework.files.wording import WORDING
from casework.submissions import State
from conversations import store as chats
from conversations.models import FileId, Phase
from eservices.reasons import Reason
from tests.casework.files import samples
from tests.conftest import ORDINARY_DAY
from tests.support.conversing import Talk, text_of, transcript
from tests.support.sending import Counter, opened

SUMMARY = "Est-ce que je l'envoie, par Job-Room ?"
BEGIN = "je veux remplir mon ipa"
ANNOUNCED = "malade depuis lundi jusqu'à vendredi, arrêt à 100 %, je veux l'annoncer"
WORKED = "mon IPA de février, j'ai travaillé 3 jours chez Migros, sinon rien"


async def told(counter: Counter, talk: Talk, *said: str) -> str:
    """What is answered to the last of these; `FILE name` sends a file, `[label]` taps a choice."""
    for one in said:
        if one.startswith("FILE"):
            reply = await talk.send(await counter.file(talk, name=one.removeprefix("FILE").strip() or "scan.pdf"))
        else:
            reply = await (talk.tap(one.strip("[]")) if one.startswith("[") else talk.say(one))
    return text_of(reply)


def asked(talk: Talk) -> str | None:
    """The question that is open."""
    assert talk.reply is not None
    return talk.reply.state.slot


async def received(counter: Counter) -> list[dict[str, Any]]:
    """The forms that the sandbox has taken, with what is attached by its type."""
    entries = (await counter.gateway.get("/sandbox/journal")).json()
    requests = [entry["request"] for entry in entries if entry["operation"] == "send_ipa"]
    for one in requests:
        if not one["absences"]:
            del one["absences"]
        for situation in one["situations"]:
            situation["attachments"] = [attachment["type"] for attachment in situation["attachments"]]
    return requests


# From the first sentence to the receipt.


async def test_nothing_of_all_this_is_one_step(counter: Counter, talk: Talk) -> None:
    begun = await told(counter, talk, BEGIN)
    assert "Noté : IPA de février 2026." in begun
    assert asked(talk) == "worked"
    shown = await told(counter, talk, "[Non à tout]")
    assert "IPA de février 2026, pour votre caisse" in shown
    assert shown.count("| non |") == 8
    assert "les indemnités de février 2026 se demandent jusqu'au dimanche 31 mai 2026" in shown
    assert SUMMARY in shown
    assert "• <b>Travail pour un employeur</b> : non" in blocks(shown)[1]
    assert await received(counter) == []
    done = await told(counter, talk, "oui")
    assert talk.reply is not None
    assert talk.reply.state.phase is Phase.SUBMITTED
    assert (
        "Reçu par Job-Room le 11 mars 2026 à 10 h 15** : Indications de la personne assurée (IPA), pour votre caisse."
        in done
    )
    assert await received(counter) == [{"situations": []}]
    assert [effect["op"] for effect in talk.reply.debug.effects] == ["submit_ipa"]
    assert "**reçu par Job-Room**" in await told(counter, talk, "mon envoi est arrivé ?")


async def test_everything_in_the_first_sentence_leaves_only_the_papers(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, WORKED)
    assert "Noté : IPA de février 2026, Travail pour un employeur (3 jours chez Migros), rien d'autre." in answer
    assert asked(talk) == "pieces"
    for paper in ("contrat de travail", "feuille de salaire", "attestation de gain intermédiaire"):
        assert f"- {paper}" in answer
    more = await told(counter, talk, "FILE fiche_de_salaire.pdf")
    assert "j'ai reçu feuille de salaire" in more
    shown = await told(counter, talk, "FILE AGI fevrier.pdf", "[C'est tout]")
    assert "**oui** : 3 jours chez Migros; joint : feuille de salaire, attestation de gain intermédiaire" in shown
    await told(counter, talk, "oui")
    assert await received(counter) == [
        {
            "situations": [
                {
                    "situation": "intermediate_earnings",
                    "details": "3 jours chez Migros",
                    "attachments": ["payslip", "intermediate_earnings_certificate"],
                }
            ]
        }
    ]


async def test_every_topic_is_asked_in_order_and_each_yes_asks_its_details(counter: Counter, talk: Talk) -> None:
    slots = []
    await told(counter, talk, BEGIN)
    for _ in range(8):
        slots.append(asked(talk))
        await told(counter, talk, "oui")
    assert slots == [
        "worked",
        "self_employed",
        "incapacity",
        "maintenance",
        "benefits",
        "absence",
        "new_job",
        "changed",
    ]
    for details in (
        "3 jours chez Migros",
        "un site web pour un client, 10 heures",
        "grippe du 3 au 6, 100 %",
        "naissance de ma fille le 12",
        "rente suisse de la Suva",
    ):
        assert asked(talk) == "details", details
        await told(counter, talk, details)
        assert asked(talk) == "pieces", details
        await told(counter, talk, "ça suivra")
    await told(counter, talk, "vacances du 20 au 22")
    await told(counter, talk, "le 1er avril")
    shown = await told(counter, talk, "nouvelle adresse rue de Lyon 12, 1203 Genève")
    assert "Vacances du vendredi 20 février 2026 au dimanche 22 février 2026" in shown
    assert "dès le mercredi 1er avril 2026" in shown
    assert "certificat médical, feuille accident, attestation APG" in shown
    await told(counter, talk, "oui")
    (form,) = await received(counter)
    assert [one["situation"] for one in form["situations"]] == [
        "intermediate_earnings",
        "self_employment",
        "incapacity",
        "maintenance",
        "social_benefits",
    ]
    assert form["absences"] == [{"first_day": "2026-02-20", "last_day": "2026-02-22", "reason": "Vacances"}]
    assert form["new_job_from"] == "2026-04-01"
    assert form["changes"] == "nouvelle adresse rue de Lyon 12, 1203 Genève"


@pytest.mark.parametrize(
    ("said", "month", "yes", "slot"),
    [
        ("pas travaillé, pas malade, pas de vacances, envoie mon ipa de février", "2026-02", {}, "self_employed"),
        ("ipa de janvier : rien de nouveau, une seule recherche de place", "2026-01", {}, "is_confirmed"),
        ("ipa : j'ai travaillé deux jours chez un traiteur, le reste non", "2026-02", {"worked"}, "pieces"),
        ("jai bossé 3 jours, jle mets ds lipa et tu lenvoi", "2026-02", {"worked"}, "self_employed"),
        ("ipa de janvier, j'ai eu trois jours de maladie, sinon rien", "2026-01", {"incapacity"}, "details"),
        ("remplir mon ipa du mois passé, vacances du 9 au 13 et c'est tout", "2026-02", {"absence"}, "is_confirmed"),
        ("ipa svp, non à tout", "2026-02", {}, "is_confirmed"),
    ],
)
async def test_facts_of_the_first_sentence_are_understood(
    counter: Counter, talk: Talk, said: str, month: str, yes: set[str], slot: str
) -> None:
    await told(counter, talk, said)
    assert talk.reply is not None
    assert talk.reply.debug.slots["month"] == month
    assert asked(talk) == slot


# The month.


@pytest.mark.parametrize(
    ("day", "said", "answer", "slot"),
    [
        (11, BEGIN, "IPA de février 2026", "worked"),
        (24, BEGIN, "Pour quel mois est cette IPA ?", "period"),
        (24, "remplir mon ipa de février", "IPA de février 2026", "worked"),
        (11, "remplir mon ipa de ce mois", "ce mois n'est pas fini", "goes_on"),
        (31, "remplir mon ipa de mars", "IPA de mars 2026", "worked"),
        (11, "remplir mon ipa d'avril", "Ce mois n'a pas encore commencé", "period"),
        (11, "remplir mon ipa du mois prochain", "Ce mois n'a pas encore commencé", "period"),
        (11, "remplir mon ipa d'août", "IPA de août 2025", "worked"),
    ],
)
async def test_month_is_said_or_asked(
    counter: Counter, talk: Talk, day: int, said: str, answer: str, slot: str
) -> None:
    clock.freeze(datetime(2026, 3, day, 10, 15, tzinfo=clock.ZONE))
    await counter.link(talk)
    assert answer in await told(counter, talk, said)
    assert asked(talk) == slot


async def test_month_can_be_tapped_and_corrected(counter: Counter, talk: Talk) -> None:
    clock.freeze(datetime(2026, 3, 24, 10, 15, tzinfo=clock.ZONE))
    await counter.link(talk)
    await told(counter, talk, BEGIN)
    assert "**IPA de février 2026, pour votre caisse.**" in await told(counter, talk, "[Février 2026]")
    assert "IPA de janvier 2026" in await told(counter, talk, "non à tout", "non, janvier")
    await told(counter, talk, "oui")
    (submission,) = await counter.submissions(talk)
    assert submission.content["period"] == "2026-01"


async def test_other_month_can_be_asked_for_in_the_middle(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non", "je veux faire mon ipa du mois de janvier")
    assert talk.reply is not None
    assert (asked(talk), talk.reply.debug.slots["month"]) == ("self_employed", "2026-01")


async def test_lapsed_month_is_sent_all_the_same_and_its_date_is_said(counter: Counter, talk: Talk) -> None:
    clock.freeze(datetime(2026, 5, 4, 10, 15, tzinfo=clock.ZONE))
    await counter.link(talk)
    shown = await told(counter, talk, "remplir mon ipa de janvier", "non à tout")
    assert "Le délai pour demander les indemnités de janvier 2026 est passé depuis le jeudi 30 avril 2026" in shown
    assert "c'est elle qui décide" in shown
    assert "Reçu par Job-Room" in await told(counter, talk, "oui")


async def test_month_that_is_not_over_waits_with_what_was_said(counter: Counter, talk: Talk) -> None:
    waits = await told(counter, talk, "mon ipa de mars, j'ai travaillé 3 jours chez Migros", "[Me le rappeler]")
    assert "Je vous le rappelle le mercredi 1er avril 2026" in waits
    assert asked(talk) is None
    clock.freeze(datetime(2026, 4, 1, 12, 0, tzinfo=clock.ZONE))
    await counter.link(talk)
    await told(counter, talk, BEGIN)
    assert asked(talk) == "self_employed", "work is known already"
    shown = await told(counter, talk, "non à tout le reste", "c'est tout")
    assert "IPA de mars 2026" in shown
    assert "3 jours chez Migros" in shown


async def test_month_that_the_fund_has_not_opened_is_refused_honestly(counter: Counter, talk: Talk) -> None:
    done = await told(counter, talk, "remplir mon ipa de mars", "oui maintenant", "non à tout", "oui")
    assert "votre caisse n'a pas encore ouvert l'IPA de mars 2026" in done
    assert "n'est pas fini" in "".join(one.text for one in await transcript(counter.program.database, talk.session))
    (submission,) = await counter.submissions(talk)
    assert submission.state is State.REFUSED


async def refused(counter: Counter, talk: Talk, reason: Reason) -> str:
    """What is said of a form with a paper of two photos and another paper, which Job-Room does not take."""
    await counter.fault("409", path="/v1/persons/*/ipa/*", reason=reason)
    await told(counter, talk, "mon ipa de mars, j'ai travaillé 3 jours chez Migros, sinon rien", "maintenant")
    taken = [
        await counter.program.files.take(talk.session.id, f"p{n}.jpg", samples.jpeg(samples.picture())) for n in "12"
    ]
    await talk.send(*(FileId(file.id) for file in taken))
    return await told(counter, talk, "les deux c'est le contrat", "FILE AGI.pdf", "le reste suivra", "oui")


async def test_refused_form_is_taken_up_with_all_answers_and_files(counter: Counter, talk: Talk) -> None:
    said = await refused(counter, talk, Reason.IPA_NOT_OPEN)
    assert "Rien n'est perdu" in said
    (first,) = await counter.submissions(talk)
    clock.freeze(datetime(2026, 4, 1, 12, 0, tzinfo=clock.ZONE))
    await counter.link(talk)
    shown = await told(counter, talk, "[Reprendre cette IPA]")
    assert "Je reprends votre IPA qui n'a pas été prise" in shown
    assert "IPA de mars 2026, pour votre caisse" in shown
    assert "3 jours chez Migros; joint : contrat de travail, attestation de gain intermédiaire; à suivre" in shown
    await told(counter, talk, "oui")
    await counter.settled()
    (form,) = await received(counter)
    assert form["situations"][0]["attachments"] == ["work_contract", "intermediate_earnings_certificate"]
    second, _ = await counter.submissions(talk)
    assert [file.pages for file in second.files] == [2, 1]
    assert (second.state, second.draft) == (State.RECEIVED, None), "what has arrived is kept once"
    assert await is_refused_for_good(counter, first.id)
    listed = await told(counter, talk, "mes échéances")
    assert listed.count("les pièces de l'IPA de mars 2026 : feuille de salaire") == 1


async def is_refused_for_good(counter: Counter, submission_id: str) -> bool:
    """Whether nothing is left of a refused submission that could be taken up."""
    async with counter.program.database.reading() as connection:
        submission = await counter.program.submissions.find(connection, submission_id)
    return submission is not None and (submission.draft, submission.files) == (None, ())


async def test_refused_form_is_taken_up_by_its_month_and_only_once(counter: Counter, talk: Talk) -> None:
    await refused(counter, talk, Reason.IPA_NOT_OPEN)
    await told(counter, talk, "mon ipa de février, non à tout")
    assert asked(talk) == "is_confirmed", "another month has nothing of it"
    await told(counter, talk, "annuler")
    assert "ce mois n'est pas fini" in await told(counter, talk, "je veux refaire mon ipa de mars")
    assert "3 jours chez Migros" in await told(counter, talk, "maintenant")
    await told(counter, talk, "annuler", "mon ipa de mars", "maintenant")
    assert asked(talk) == "worked", "who gives it up is not asked to give it up again"


async def test_form_that_is_sent_again_arrives_although_its_conversation_is_erased(slow: Counter) -> None:
    async with slow.talking() as talk:
        await refused(slow, talk, Reason.IPA_NOT_OPEN)
        await slow.work()
        clock.freeze(datetime(2026, 4, 1, 12, 0, tzinfo=clock.ZONE))
        await slow.link(talk)
        await told(slow, talk, "je veux refaire mon ipa de mars", "oui")
        async with slow.program.database.unit_of_work() as work:
            await erasure.erase(work, slow.program.submissions, talk.session.id)
        await slow.work()
        (form,) = await received(slow)
        assert form["situations"][0]["attachments"] == ["work_contract", "intermediate_earnings_certificate"]


async def test_refused_form_can_wait_for_the_end_of_the_month(counter: Counter, talk: Talk) -> None:
    await refused(counter, talk, Reason.IPA_NOT_OPEN)
    assert "mercredi 1er avril" in await told(counter, talk, "[Reprendre cette IPA]", "[Me le rappeler]")
    clock.freeze(datetime(2026, 4, 1, 12, 0, tzinfo=clock.ZONE))
    await counter.link(talk)
    assert "joint : contrat de travail, attestation de gain intermédiaire" in await told(counter, talk, BEGIN)


async def test_answers_of_a_form_whose_file_is_refused_are_kept(counter: Counter, talk: Talk) -> None:
    await refused(counter, talk, Reason.FILE_INFECTED)
    await told(counter, talk, "[Envoyer à nouveau]")
    assert asked(talk) == "pieces", "the answers are there, the papers are not"
    shown = await told(counter, talk, "FILE contrat.pdf", "c'est tout")
    assert "3 jours chez Migros; joint : contrat de travail |" in shown


async def test_answers_for_a_month_that_is_none_serve_another_one(counter: Counter, talk: Talk) -> None:
    await refused(counter, talk, Reason.NO_CONTROL_PERIOD)
    await told(counter, talk, "[C'est un autre mois]")
    assert asked(talk) == "period"
    shown = await told(counter, talk, "février")
    assert "IPA de février 2026" in shown
    assert "3 jours chez Migros; joint : contrat de travail" in shown


async def test_second_form_of_a_month_is_not_sent(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "oui")
    again = await told(counter, talk, BEGIN)
    assert "Votre IPA de février 2026 est déjà partie d'ici" in again
    assert "Elle vous dit s'il faut refaire une IPA" in again
    assert asked(talk) is None
    await told(counter, talk, "remplir mon ipa de janvier", "non à tout", "oui")
    assert len(await received(counter)) == 2


async def test_form_that_went_another_way_is_refused_with_what_to_do(counter: Counter, talk: Talk) -> None:
    await counter.fault("409", path="/v1/persons/*/ipa/*", reason=Reason.ALREADY_TRANSMITTED)
    answer = await told(counter, talk, BEGIN, "non à tout", "oui")
    assert "l'IPA de février 2026 y est déjà" in answer


# What was announced to the ORP.


async def test_incapacity_that_was_announced_is_offered_and_not_asked_again(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ANNOUNCED, "FILE", "oui")
    offered = await told(counter, talk, "mon ipa de mars, j'ai été malade, sinon rien", "maintenant")
    assert "maladie, du lundi 9 mars 2026 au vendredi 13 mars 2026, 100 %" in offered
    await told(counter, talk, "oui", "non, un autre", "FILE certificat medical.pdf", "c'est tout")
    assert asked(talk) == "is_confirmed"
    clock.freeze(datetime(2026, 3, 31, 12, 0, tzinfo=clock.ZONE))
    await counter.link(talk)
    await told(counter, talk, "oui")
    (form,) = await received(counter)
    assert form["situations"] == [
        {
            "situation": "incapacity",
            "details": "maladie, du lundi 9 mars 2026 au vendredi 13 mars 2026, 100 %",
            "attachments": ["medical_certificate"],
        }
    ]


async def test_certificate_of_the_orp_is_copied_for_the_fund(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ANNOUNCED, "FILE", "oui")
    offered = await told(counter, talk, "mon ipa de mars, j'ai été malade, sinon rien", "maintenant", "oui")
    assert "Est-ce que j'en joins une copie à l'IPA ?" in offered
    assert "j'ai reçu certificat médical" in await told(counter, talk, "oui joins-le")
    assert "joint : certificat médical" in await told(counter, talk, "c'est tout")
    clock.freeze(datetime(2026, 3, 31, 12, 0, tzinfo=clock.ZONE))
    await counter.link(talk)
    await told(counter, talk, "oui")
    (form,) = await received(counter)
    assert form["situations"][0]["attachments"] == ["medical_certificate"]
    sent, announced = await counter.submissions(talk)
    assert sent.files[0].sha256 == announced.files[0].sha256
    assert sent.files[0].file_id != announced.files[0].file_id


@pytest.mark.parametrize("said", ["[Non, un autre]", "non"])
async def test_certificate_of_the_orp_is_not_copied_unasked(counter: Counter, talk: Talk, said: str) -> None:
    await told(counter, talk, ANNOUNCED, "FILE", "oui", "mon ipa de mars, j'ai été malade, sinon rien", "maintenant")
    assert "envoyez-moi les pièces" in await told(counter, talk, "oui", said)
    assert "sans pièce" in await told(counter, talk, "c'est tout")


async def test_certificate_that_is_not_kept_any_more_is_asked_for(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, ANNOUNCED, "FILE", "oui")
    clock.freeze(ORDINARY_DAY + KEPT_AFTER_DELIVERY + timedelta(minutes=1))
    await counter.settled()
    await counter.link(talk)
    answer = await told(counter, talk, "mon ipa de mars, j'ai été malade, sinon rien", "oui")
    assert "Le certificat envoyé à l'ORP n'est plus ici" in answer
    assert asked(talk) == "pieces"


async def test_incapacity_that_is_left_out_is_pointed_out(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "malade du 2 au 6 février à 100 %, je veux l'annoncer")
    await told(counter, talk, "maladie", "FILE", "oui")
    shown = await told(counter, talk, BEGIN, "non à tout")
    assert "vous avez annoncé ici à l'ORP une incapacité" in shown
    assert "du lundi 2 février 2026 au vendredi 6 février 2026" in await told(counter, talk, "j'étais malade")


# Papers.


async def test_files_whose_names_say_nothing_are_asked_about(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED)
    assert "Ce fichier, qu'est-ce que c'est ?" in await told(counter, talk, "FILE")
    await told(counter, talk, "[Feuille de salaire]")
    assert "Le fichier 2 sur 2" in await told(counter, talk, "FILE")
    shown = await told(counter, talk, "c'est le contrat", "le reste suivra")
    assert "joint : contrat de travail, feuille de salaire; à suivre : attestation de gain intermédiaire" in shown


async def test_paper_that_is_announced_is_the_next_file(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED, "voici ma fiche de salaire")
    assert asked(talk) == "pieces"
    assert "j'ai reçu feuille de salaire" in await told(counter, talk, "FILE")


async def test_files_that_were_lost_are_asked_for_again(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED)
    file = await counter.file(talk, name="contrat.pdf")
    await talk.send(file)
    await told(counter, talk, "c'est tout")
    async with counter.program.database.unit_of_work() as work:
        await counter.program.files.store.delete(work, file)
    answer = await told(counter, talk, "oui")
    assert "**Rien n'est parti.** Votre fichier n'est plus ici" in answer
    assert asked(talk) == "pieces"


async def test_photos_of_one_paper_become_one_attachment(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED)
    taken = [
        await counter.program.files.take(talk.session.id, f"p{n}.jpg", samples.jpeg(samples.picture())) for n in "12"
    ]
    await talk.send(*(FileId(file.id) for file in taken))
    await told(counter, talk, "les deux c'est le contrat", "FILE fiche de salaire.pdf", "c'est tout", "oui")
    (form,) = await received(counter)
    assert form["situations"][0]["attachments"] == ["work_contract", "payslip"]
    (submission,) = await counter.submissions(talk)
    assert [file.pages for file in submission.files] == [2, 1]


async def test_file_of_two_situations_is_asked_with_both(counter: Counter, talk: Talk) -> None:
    answer = await told(
        counter, talk, "FILE", "mon ipa, 3 jours chez Migros, j'ai aussi touché une rente de la suva, sinon rien"
    )
    assert "Je prends ce que vous m'avez déjà envoyé ici." in answer
    assert asked(talk) == "which"
    await told(counter, talk, "[Décision (Autres prestations)]")
    assert asked(talk) == "pieces"
    await told(counter, talk, "rien à joindre", "c'est tout", "oui")
    (form,) = await received(counter)
    assert [one["attachments"] for one in form["situations"]] == [[], ["decision"]]


async def test_paper_that_is_not_taken_on_the_web_says_why_and_loses_nothing(counter: Counter) -> None:
    program = counter.program
    transport = httpx.ASGITransport(app=create_app(program))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as web:
        opened_there = (await web.post("/api/chat/sessions", json={})).json()
        headers = {"authorization": f"Bearer {opened_there['token']}"}
        async with program.database.unit_of_work() as work:
            session = await chats.session_by_id(work.connection, opened_there["session_id"])
            await consents.give(work, opened_there["session_id"])
        assert session is not None
        talk = Talk(program.assistant, session)
        await counter.link(talk)
        await told(counter, talk, WORKED, "FILE fiche de salaire.pdf")
        for data, reason in (
            (b"MZ", Unfit.UNSUPPORTED),
            (samples.pdf()[:200], Unfit.BROKEN),
            (bytes(USUAL.max_bytes + 1), Unfit.TOO_BIG),
        ):
            answer = await web.post("/api/chat/files", files={"file": ("contrat.pdf", data)}, headers=headers)
            assert answer.json()["detail"] == WORDING[reason]
        given = await web.post("/api/chat/files", files={"file": ("contrat.pdf", samples.pdf())}, headers=headers)
        shown = text_of(await talk.send(FileId(given.json()["id"])))
    assert "j'ai reçu contrat de travail, feuille de salaire" in shown


async def test_file_that_goes_with_nothing_is_left_out_and_that_is_said(counter: Counter, talk: Talk) -> None:
    assert "Pas joint : 1 fichier" in await told(counter, talk, "FILE", BEGIN, "non à tout")


async def test_papers_that_follow_are_reminded_of_until_the_right_lapses(slow: Counter) -> None:
    async with slow.talking() as talk:
        done = await told(slow, talk, WORKED, "[Elles suivront]", "oui")
        assert "au plus tard le dimanche 31 mai 2026" in done
        assert "Je vous y fais penser le mercredi 18 mars 2026" in done
        clock.freeze(datetime(2026, 3, 18, 12, 0, tzinfo=clock.ZONE))
        await slow.work()
        said = "".join(one.text for one in await transcript(slow.program.database, talk.session))
        assert "Envoyer à votre caisse les pièces de l'IPA de février 2026 : contrat de travail" in said
        assert "Envoyer à la caisse les pièces de l'IPA de février 2026" in await told(slow, talk, "mes échéances")


async def test_next_month_can_be_reminded_of(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "oui", "[Me rappeler la prochaine IPA]")
    assert "Remplir et envoyer votre IPA" in await told(counter, talk, "chaque mois, le 28")


async def test_account_number_reaches_the_fund_and_nobody_else(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "mon ipa : non à tout")
    shown = await told(
        counter, talk, "[Changer]", "[Autres changements]", "oui", "nouvel iban CH93 0076 2011 6238 5295 7"
    )
    assert "CH93 0076" not in shown
    await told(counter, talk, "oui")
    (form,) = await received(counter)
    assert form["changes"] == "nouvel iban CH9300762011623852957"


# Answers that cannot be right, corrections, and something else in between.


@pytest.mark.parametrize(
    ("before", "said", "answer", "slot"),
    [
        (BEGIN, "bof", "Répondez par oui ou par non", "worked"),
        ("mon ipa, j'étais en vacances, sinon rien", "du 3 au 7 juin", "n'est pas dans le mois", "details"),
        ("mon ipa, j'étais en vacances, sinon rien", "bof", "Je n'ai pas compris", "details"),
        (
            "mon ipa, j'étais en vacances, sinon rien",
            "du 12 février au 9 février",
            "serait avant le premier",
            "details",
        ),
        (WORKED, "vacances du 9 au 13 février", "contrat de travail", "pieces"),
        (WORKED, "bof", "Je n'ai pas encore reçu de fichier", "pieces"),
    ],
)
async def test_what_cannot_be_is_explained_and_asked_again(
    counter: Counter, talk: Talk, before: str, said: str, answer: str, slot: str
) -> None:
    assert answer in await told(counter, talk, before, said)
    assert asked(talk) == slot


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("oui mais j'ai aussi été en vacances du 16 au 20", "Vacances du lundi 16 février 2026"),
        ("en fait j'ai travaillé 4 jours chez Coop", "4 jours chez Coop"),
        ("non, finalement je n'ai pas travaillé", "| Travail pour un employeur | non |"),
        ("non, pour janvier", "IPA de janvier 2026, pour votre caisse"),
    ],
)
async def test_correction_at_the_summary_changes_it_and_sends_nothing(
    counter: Counter, talk: Talk, said: str, shown: str
) -> None:
    answer = await told(counter, talk, WORKED, "c'est tout", said)
    if asked(talk) == "pieces":
        answer = await told(counter, talk, "c'est tout")
    assert shown in answer
    assert SUMMARY in answer
    assert await counter.submissions(talk) == ()


async def test_earlier_answer_is_corrected_while_another_is_asked(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non", "non")
    assert asked(talk) == "incapacity"
    await told(counter, talk, "en fait j'ai travaillé 2 jours chez Coop")
    assert asked(talk) == "incapacity"
    await told(counter, talk, "non à tout le reste")
    assert "2 jours chez Coop" in await told(counter, talk, "c'est tout")


async def test_details_that_follow_a_yes_are_kept_while_the_next_topic_is_asked(counter: Counter, talk: Talk) -> None:
    noted = await told(counter, talk, BEGIN, "oui", "chez Migros du 2 au 6 février, 1200 francs")
    assert "Travail pour un employeur (chez Migros du 2 au 6 février, 1200 francs)" in noted
    assert asked(talk) == "self_employed"
    await told(counter, talk, "non à tout le reste")
    assert asked(talk) == "pieces"


async def test_details_are_corrected_while_papers_of_another_topic_are_asked(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, "mon IPA de février, j'ai travaillé 2 jours chez Uniqlo, ma fille est née, sinon rien")
    await told(counter, talk, "c'est tout")
    noted = await told(counter, talk, "en fait je me suis trompé c'était 3 jours chez Uniqlo")
    assert "Travail pour un employeur (3 jours chez Uniqlo)" in noted
    assert asked(talk) == "pieces"
    assert "Enfants à charge : envoyez-moi les pièces" in noted
    assert SUMMARY in await told(counter, talk, "rien pour ma fille, c'est déjà à la caisse")


async def test_what_was_forgotten_is_added_while_papers_are_asked(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "attends j'ai travaillé 3h chez mon oncle")
    assert asked(talk) == "pieces"
    noted = await told(counter, talk, "j'ai oublié de dire que j'ai eu des vacances du 9 au 13")
    assert "Vacances du lundi 9 février 2026 au vendredi 13 février 2026" in noted
    assert asked(talk) == "pieces"
    shown = await told(counter, talk, "rien")
    assert "**oui** : 3h chez mon oncle" in shown
    assert "à suivre" not in shown


async def test_days_before_what_they_are_of_are_kept(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non", "non", "oui")
    assert "Maladie, accident (du 3 au 7 février, grippe)" in await told(counter, talk, "du 3 au 7 février, grippe")


async def test_that_is_all_is_no_detail(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "j'étais malade")
    assert asked(talk) == "details"
    await told(counter, talk, "c'est tout")
    assert asked(talk) == "pieces"
    assert "c'est tout" not in await told(counter, talk, "c'est tout")


async def test_days_of_an_absence_cannot_be_left_out(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "j'étais en vacances")
    assert asked(talk) == "details"
    helped = await told(counter, talk, "c'est tout")
    assert asked(talk) == "details"
    assert len(helped.split("\n\n")) > 1, "it is said what is wanted, and asked again"


async def test_wait_is_no_answer_to_which_papers_come(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED, "non attends")
    assert asked(talk) == "pieces"


async def test_new_address_is_asked_for_and_taken(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout", "l'adresse a changé aussi")
    assert asked(talk) == "details"
    shown = await told(counter, talk, "rue de Lyon 5, 1203 Genève depuis le 1er février")
    assert "**oui** : rue de Lyon 5, 1203 Genève" in shown
    assert SUMMARY in shown


async def test_another_task_can_be_begun_while_details_are_asked(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "oui", "non à tout le reste")
    assert asked(talk) == "details"
    await told(counter, talk, "je veux noter mes recherches d'emploi")
    assert talk.reply is not None
    assert talk.reply.state.form == "job_search_form"


@pytest.mark.parametrize(
    ("label", "slot"), [("Le mois", "period"), ("Maladie, accident", "incapacity"), ("Les fichiers", "pieces")]
)
async def test_what_is_to_change_can_be_tapped(counter: Counter, talk: Talk, label: str, slot: str) -> None:
    await told(counter, talk, WORKED, "FILE contrat.pdf", "c'est tout", "[Changer quelque chose]", f"[{label}]")
    assert asked(talk) == slot


async def test_question_in_the_middle_is_answered_and_the_form_goes_on(counter: Counter, talk: Talk) -> None:
    answer = await told(counter, talk, BEGIN, "c'est quoi le numéro personnel ?")
    assert "8 chiffres" in answer
    assert asked(talk) == "worked"


async def test_cancelling_sends_nothing_and_erases_the_files(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, WORKED)
    file = await counter.file(talk)
    await talk.send(file)
    assert "rien n'a été envoyé" in await told(counter, talk, "annuler")
    assert not await counter.kept(talk, file)
    assert await counter.submissions(talk) == ()


async def test_login_comes_after_the_questions(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        await told(counter, talk, BEGIN, "non à tout")
        assert asked(talk) == "is_linked"
        await counter.link(talk)
        await told(counter, talk, "c'est fait", "oui")
        assert len(await received(counter)) == 1


async def test_consent_comes_first_and_what_was_said_is_not_asked_again(counter: Counter) -> None:
    async with counter.talking(has_consented=False) as talk:
        await told(counter, talk, WORKED)
        assert asked(talk) == "has_consented"
        await told(counter, talk, "d'accord")
        assert asked(talk) == "pieces"


# Faults.


async def test_second_yes_sends_nothing_more(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout")
    shown = talk.reply
    await talk.tap("Oui, envoyer")
    talk.reply = shown
    assert "je n'envoie rien de plus" in text_of(await talk.tap("Oui, envoyer"))
    assert len(await received(counter)) == 1


async def test_two_devices_at_once_send_once(counter: Counter, talk: Talk) -> None:
    await told(counter, talk, BEGIN, "non à tout")
    await asyncio.gather(talk.say("oui"), talk.say("oui"))
    await counter.settled()
    assert len(await received(counter)) == 1


@pytest.mark.parametrize("kind", ["down", "lost"])
async def test_gateway_that_fails_gets_it_once_when_it_works_again(slow: Counter, kind: str) -> None:
    async with slow.talking() as talk:
        await slow.fault(kind, count=3, path="/v1/persons/*/ipa/*")
        done = await told(slow, talk, BEGIN, "non à tout", "oui")
        assert "**Enregistré ici, transmission en cours.**" in done
        await slow.work()
        await slow.mended()
        for hours in (1, 2, 3):
            clock.freeze(ORDINARY_DAY + timedelta(hours=hours))
            await slow.work()
        assert "**Reçu par Job-Room" in (await slow.last(talk)).text
        assert len(await received(slow)) == 1


async def test_restart_and_a_week_later_the_form_goes_on_where_it_was(settings: Settings, dialogue: Dialogue) -> None:
    async with opened(settings, dialogue, is_worked=False) as before, before.talking() as talk:
        await told(before, talk, "mon ipa, j'ai travaillé 3 jours chez Migros")
    clock.freeze(ORDINARY_DAY + KEPT_UNSENT)
    async with opened(settings, dialogue, is_worked=True) as after:
        resumed = Talk(after.program.assistant, talk.session)
        await after.link(resumed)
        await told(after, resumed, "non")
        assert asked(resumed) == "incapacity"
        assert "3 jours chez Migros" in await told(after, resumed, "non à tout le reste", "c'est tout")
