"""«Mes données»: what is kept, the copy of it, and who has read it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from base import clock
from base.settings import Settings
from base.wording import Catalogues, Translations
from bot.channels.web.api import file_of
from bot.engine.dialogue import Dialogue
from bot.program import load_dialogue
from casework import access, applications
from casework.access import Actor, Deed, Kind
from casework.applications import Application
from casework.cases import note_reading, open_cases
from eservices.sandbox.people import A_PDF
from law.documents import ApplicationStatus
from tests.conftest import ORDINARY_DAY
from tests.engine.test_pseudo_locale import PseudoTranslations
from tests.support.conversing import Talk, text_of
from tests.support.sending import CAMILLE, ELODIE, Counter, opened

LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"
SEND_CV = "je veux envoyer mon cv à ma conseillère"


@pytest.fixture
async def counter(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    async with opened(settings, dialogue, is_worked=False) as everything:
        yield everything


@pytest.fixture
async def talk(counter: Counter) -> AsyncIterator[Talk]:
    async with counter.talking() as conversation:
        yield conversation


async def sent(counter: Counter, talk: Talk) -> None:
    await talk.say(SEND_CV)
    await talk.send(await counter.file(talk))
    await talk.tap("Oui, envoyer")
    await counter.work()


async def fetched(counter: Counter, talk: Talk) -> tuple[zipfile.ZipFile, dict[str, Any]]:
    """The copy that came with the last reply, and what its JSON says."""
    assert talk.reply is not None
    (attachment,) = [file for message in talk.reply.messages for file in message.attachments]
    response = await file_of(counter.program, talk.session.id, attachment.id)
    assert response.media_type == attachment.mime == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(response.body))
    assert archive.testzip() is None
    return archive, json.loads(archive.read("donnees.json"))


async def test_what_is_kept_is_counted_by_class(counter: Counter, talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await sent(counter, talk)
    await talk.send(await counter.file(talk))
    told = text_of(await talk.say("mes données"))
    for line in (
        "- 2 fichiers, chiffrés",
        "- 1 date à tenir",
        "- 2 rappels prévus",
        "- votre accord",
        "- le lien avec vous, créé à la connexion",
        "- 1 accès noté",
        "- 1 envoi reçu par Job-Room",
    ):
        assert line in told.splitlines()
    assert "dans cette conversation" in told
    assert "demande au service d'aide" not in told, "there is none"
    assert [choice.label for choice in talk.reply.messages[-1].choices] == [  # type: ignore[union-attr]  # just said
        "Télécharger mes données",
        "Qui les a consultées ?",
        "Effacer mes données",
    ]


async def test_copy_holds_everything_and_the_files_themselves(counter: Counter, talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await sent(counter, talk)
    await talk.send(await counter.file(talk))
    await talk.say("je veux parler à une personne")
    await talk.say("mes données")
    await talk.tap("Télécharger")
    archive, content = await fetched(counter, talk)
    (chat,) = content["conversations"]
    assert chat["consents"][0]["version"] >= 1
    assert chat["linked_at"]
    assert LETTER in [message["text"] for message in chat["messages"]]
    (due,) = chat["dates"]
    assert (due["safe"], len(due["reminders"])) == ("2026-04-17", 2)
    assert [case["topic"] for case in chat["cases"]] == ["tx_documents"]
    (submission,) = content["submissions"]
    assert (submission["state"], submission["title"]) == ("received", "cv")
    assert submission["receipt_number"]
    assert [(one["actor"], one["deed"], one["kind"]) for one in content["accesses"]] == [
        ("system", "sent", "submission")
    ]
    assert "send_document" in [one["operation"] for one in content["job_room_accesses"]]
    assert [file["name"] for file in content["files"]] == ["document.pdf", "document.pdf"]
    for file in content["files"]:
        assert archive.read(file["path"]) == A_PDF
    assert {name.partition("/")[0] for name in archive.namelist()} == {"donnees.json", "donnees.html", "fichiers"}


async def test_status_of_the_application_is_counted_and_copied(counter: Counter, talk: Talk) -> None:
    async with counter.program.database.unit_of_work() as work:
        await applications.keep(work, CAMILLE, Application(ApplicationStatus.UNDER_REVIEW, ORDINARY_DAY))
    told = text_of(await talk.say("mes données"))
    assert "- le statut de votre demande d'indemnité, lu sur Job-Room" in told.splitlines()
    await talk.tap("Télécharger")
    archive, content = await fetched(counter, talk)
    assert content["benefit_application"]["status"] == "under_review"
    page = archive.read("donnees.html").decode().replace("\u00a0", " ")
    assert "Statut lu sur Job-Room le 11 mars 2026 à 10 h 15 : Droit en cours d&#39;examen" in page


async def test_copy_and_count_name_identifiers_by_their_masks(counter: Counter, talk: Talk) -> None:
    await talk.say("mon numéro AVS est le 756.1234.5678.97, vous me rappelez au 079 345 67 89 ?")
    assert "- 2 numéros ou adresses, chiffrés" in text_of(await talk.say("mes données")).splitlines()
    await talk.tap("Télécharger")
    archive, content = await fetched(counter, talk)
    (chat,) = content["conversations"]
    assert {one["kind"]: one["shown"] for one in chat["identifiers"]} == {"avs": "•••• 7897", "phone": "•••• 6789"}
    page = archive.read("donnees.html").decode()
    for shown in (page, json.dumps(content, ensure_ascii=False)):
        assert "•••• 7897" in shown
        assert "⟦" not in shown
        assert "5678" not in shown


async def test_page_of_the_copy_reads_by_itself(counter: Counter, talk: Talk) -> None:
    await talk.say("<script>alert(1)</script> où est mon numéro personnel ?")
    await sent(counter, talk)
    await talk.say("télécharger mes données")
    archive, content = await fetched(counter, talk)
    page = archive.read("donnees.html").decode().replace("\xa0", " ")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert re.findall(r"(?:src|href)=\"([^\"]*)\"", page) == [file["path"] for file in content["files"]]
    assert "reçu par Job-Room, 11 mars 2026 à 10 h 15" in page
    assert content["submissions"][0]["number"] in page


async def test_copy_says_why_the_log_of_job_room_is_missing(counter: Counter) -> None:
    async with counter.talking(person=None) as stranger:
        await stranger.say("télécharger mes données")
        _, content = await fetched(counter, stranger)
        assert content["job_room_accesses"] is None
        assert "Vous n'êtes pas connecté·e" in content["job_room_note"]
    async with counter.talking() as talk:
        await counter.fault("down", count=100, path="/v1/persons/*/access-log")
        await talk.say("télécharger mes données")
        _, content = await fetched(counter, talk)
        assert "Job-Room n'a pas répondu" in content["job_room_note"]


async def test_copy_has_all_conversations_of_the_person_and_nobody_elses(counter: Counter, talk: Talk) -> None:
    async with counter.talking() as mine, counter.talking(person=ELODIE) as hers:
        await mine.say("où est mon numéro personnel ?")
        await hers.say("ceci est à Élodie")
        await sent(counter, hers)
        assert "dans vos 2 conversations" in text_of(await talk.say("mes données"))
        await talk.tap("Télécharger")
        archive, content = await fetched(counter, talk)
    assert len(content["conversations"]) == 2
    assert content["submissions"] == []
    assert "Élodie" not in archive.read("donnees.json").decode()


async def test_without_a_login_other_conversations_are_not_told(counter: Counter, talk: Talk) -> None:
    async with counter.talking(person=None) as stranger:
        assert "dans cette conversation" in text_of(await stranger.say("mes données"))


async def test_accesses_are_told_with_who_when_and_what(counter: Counter, talk: Talk) -> None:
    assert "personne, pour l'instant" in text_of(await talk.say("qui a consulté mes données ?"))
    await sent(counter, talk)
    (submission,) = await counter.submissions(talk)
    await talk.say("je veux parler à une personne")
    database = counter.program.database
    async with database.unit_of_work() as work:
        cases = await open_cases(work.connection)
        await note_reading(work, cases, Actor.AGENT, "a.b")
    await talk.say("télécharger mes données")
    await fetched(counter, talk)
    told = text_of(await talk.say("qui a consulté mes données ?"))
    assert f"- 11 mars 2026 à 10 h 15 : Cornavin, transmission à Job-Room (envoi {submission.number})" in told
    assert f"- 11 mars 2026 à 10 h 15 : le service d'aide, lecture (dossier {cases[0].number})" in told
    assert "- 11 mars 2026 à 10 h 15 : vous, téléchargement (copie de vos données)" in told


async def test_lost_answer_counts_as_sent_and_a_closed_gateway_does_not(counter: Counter, talk: Talk) -> None:
    await counter.fault("down", count=100, path="/v1/*")
    await sent(counter, talk)
    assert await noted(counter, talk) == []
    await counter.mended()
    await counter.fault("lost", count=2)
    clock.freeze(ORDINARY_DAY + timedelta(minutes=5))
    await counter.work()
    assert await noted(counter, talk) == [(Actor.SYSTEM, Deed.SENT, Kind.SUBMISSION)]


async def noted(counter: Counter, talk: Talk) -> list[tuple[Actor, Deed, Kind]]:
    async with counter.program.database.reading() as connection:
        return [(one.actor, one.deed, one.kind) for one in await access.of(connection, [talk.session.id])]


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("mes données", "Voici ce que je garde"),
        ("montre-moi ce que tu as sur moi", "Voici ce que je garde"),
        ("droit d'accès", "Voici ce que je garde"),
        ("télécharger mes données", "Votre copie est jointe"),
        ("je veux une copie de toutes mes données", "Votre copie est jointe"),
        ("qui a consulté mon dossier", "Qui a lu ou envoyé vos données ici"),
        ("journal des accès svp", "Qui a lu ou envoyé vos données ici"),
    ],
)
async def test_each_way_to_ask_gets_its_answer(talk: Talk, said: str, answer: str) -> None:
    assert answer in text_of(await talk.say(said))


async def test_copy_is_for_the_conversation_that_got_it(client: httpx.AsyncClient) -> None:
    mine, theirs = [(await client.post("/api/chat/sessions", json={})).json() for _ in range(2)]
    bearer = {"authorization": f"Bearer {mine['token']}"}
    said = {"client_id": "1", "text": "télécharger mes données"}
    reply = (await client.post("/api/chat/messages", json=said, headers=bearer)).json()
    (attachment,) = [file for message in reply["messages"] for file in message["attachments"]]
    given = await client.get(attachment["url"], headers=bearer)
    assert (given.status_code, given.headers["cache-control"]) == (200, "no-store")
    assert "mes-donnees.zip" in given.headers["content-disposition"]
    assert given.content.startswith(b"PK")
    other = {"authorization": f"Bearer {theirs['token']}"}
    assert (await client.get(attachment["url"], headers=other)).status_code == 404


@pytest.fixture(scope="module")
def bilingual(model: Path) -> Dialogue:
    return load_dialogue(model, Catalogues({"fr": Translations("fr"), "de": PseudoTranslations()}))


async def test_everything_is_worded_for_translation(settings: Settings, bilingual: Dialogue) -> None:
    """`PseudoTranslations` refuses every text that was not extracted."""
    async with (
        opened(settings, bilingual, is_worked=False) as counter,
        counter.talking(locale="de", has_consented=False) as talk,
    ):
        replies = [await talk.say(SEND_CV), await talk.say("je crois"), await talk.say("oui")]
        await talk.send(await counter.file(talk))
        await talk.say("oui")
        await counter.work()
        asked = ("mes données", "qui a consulté mes données ?", "télécharger mes données", "efface mes données")
        replies += [await talk.say(said) for said in asked]
        replies += [await talk.say("je crois"), await talk.say("non")]
        await talk.say("efface mes données")
        replies.append(await talk.say("oui"))
        for message in [message for reply in replies for message in reply.messages]:
            assert "⟦" in message.text
            assert all(choice.label.startswith("⟦") for choice in message.choices)
