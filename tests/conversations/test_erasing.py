"""«Efface mes données»: what goes, what stays, and that nothing else does."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from base import clock
from base.database import metadata
from base.settings import Settings
from bot.engine.assistant import ConversationErased, Reply
from bot.engine.dialogue import Dialogue
from casework.files.store import files
from casework.submissions import State, submissions
from conversations import store, telegram
from conversations.models import Phase
from eservices.reasons import Reason
from tests.conftest import ORDINARY_DAY
from tests.support.conversing import Talk, text_of
from tests.support.sending import CAMILLE, ELODIE, Counter, opened

LETTER = "décision de la caisse reçue le 5 mars par courrier normal, délai d'opposition ?"
SEND_CV = "je veux envoyer mon cv à ma conseillère"
QUESTION = "Est-ce que j'efface ?"

STAYS = {
    "submissions": "what was handed in: on its way, received, or with a human",
    "submission_files": "hashes of the files, for the receipt",
    "outbox": "deliveries of what was handed in, and what watches over them; ids only",
}
"""Tables that still hold rows about somebody who has had everything erased, and what those are."""


@pytest.fixture
async def counter(settings: Settings, dialogue: Dialogue) -> AsyncIterator[Counter]:
    async with opened(settings, dialogue, is_worked=False) as everything:
        yield everything


@pytest.fixture
async def talk(counter: Counter) -> AsyncIterator[Talk]:
    async with counter.talking() as conversation:
        yield conversation


async def hand_in(counter: Counter, talk: Talk, said: str = SEND_CV) -> None:
    await talk.say(said)
    await talk.send(await counter.file(talk))
    await talk.tap("Oui, envoyer")


async def live(counter: Counter, talk: Talk) -> None:
    """Leaves something in every table that a conversation can leave something in for good."""
    await talk.say("mon numéro AVS est le 756.1234.5678.97")
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await hand_in(counter, talk)
    await counter.work()
    await talk.say("je veux parler à une personne")
    await talk.send(await counter.file(talk))
    reply = await talk.say(SEND_CV)
    async with counter.program.database.unit_of_work() as work:
        await store.give_feedback(work, talk.session.id, reply.messages[0].id, "up", "merci")
        await telegram.open_chat(work, 4711, talk.session.id)
        await telegram.add_to_album(work, talk.session.id, "album", "of a picture", 1)
        await telegram.note_sent(work, reply.messages[0].id, 0, 1)


async def rows(counter: Counter) -> dict[str, list[str]]:
    """All that is in the database, by table, each row as text."""
    found: dict[str, list[str]] = {}
    async with counter.program.database.reading() as connection:
        for table in metadata.sorted_tables:
            shown = (await connection.execute(select(table))).mappings()
            found[table.name] = [json.dumps({k: str(v) for k, v in row.items()}) for row in shown]
    return found


async def about(counter: Counter, *ids: str) -> dict[str, list[str]]:
    """The rows that hold one of these ids."""
    every = await rows(counter)
    held = {name: [row for row in found if any(one in row for one in ids)] for name, found in every.items()}
    return {name: found for name, found in held.items() if found}


async def erased(talk: Talk, said: str = "efface mes données") -> Reply:
    asked = await talk.say(said)
    assert (asked.state.slot, asked.state.phase) == ("is_confirmed", Phase.AWAITING_CONFIRMATION)
    assert QUESTION in text_of(asked)
    return await talk.tap("Oui, effacer")


async def test_nothing_of_the_conversation_is_left_but_what_is_listed(counter: Counter, talk: Talk) -> None:
    await live(counter, talk)
    passing = {"identifications", "logins", "wrong_tries"}
    empty = {"submission_files", "files", "outbox", "submissions", *passing}
    before = await about(counter, talk.session.id)
    assert before.keys() >= {table.name for table in metadata.sorted_tables if "session_id" in table.c} - empty
    sent = await counter.submissions(talk)
    reply = await erased(talk)
    assert "C'est effacé" in text_of(reply)
    assert (reply.state.phase, reply.state.form) == (Phase.ERASED, None)
    assert [effect["op"] for effect in reply.debug.effects] == ["delete_data"]
    assert await about(counter, talk.session.id) == {}
    assert (await about(counter, CAMILLE, *(one.id for one in sent))).keys() <= STAYS.keys()


async def test_no_table_holds_anything_after_somebody_who_sent_nothing(counter: Counter) -> None:
    async with counter.talking(person=None) as talk:
        await talk.say(LETTER)
        await talk.tap("Me le rappeler")
        await talk.send(await counter.file(talk))
        await talk.say("je veux parler à une personne")
        await erased(talk)
    assert {name for name, found in (await rows(counter)).items() if found} == set()


async def test_chat_begins_anew(talk: Talk) -> None:
    await talk.say("bonjour")
    await erased(talk)
    with pytest.raises(ConversationErased):
        await talk.say("bonjour")


async def test_confirmed_sending_still_goes(counter: Counter, talk: Talk) -> None:
    await hand_in(counter, talk)
    asked = text_of(await talk.say("efface mes données"))
    assert "**1 envoi confirmé part encore.**" in asked
    await talk.tap("Oui, effacer")
    await counter.work()
    assert [entry["request"]["type"] for entry in await counter.received()] == ["cv"]
    (row,) = await all_submissions(counter)
    assert (row.state, row.session_id, row.person_id) == (State.RECEIVED, None, CAMILLE)
    clock.freeze(ORDINARY_DAY + timedelta(days=31))
    await counter.work()
    assert await contents(counter) == [None], "its file goes in its time"


async def test_received_file_goes_and_its_receipt_can_be_verified(counter: Counter, talk: Talk) -> None:
    await hand_in(counter, talk)
    await counter.work()
    (submission,) = await counter.submissions(talk)
    assert "1 envoi reçu est chez son destinataire" in text_of(await talk.say("efface mes données"))
    await talk.tap("Oui, effacer")
    assert await contents(counter) == [None]
    async with counter.program.database.reading() as connection:
        known = await counter.program.submissions.by_number(connection, submission.number)
    assert known is not None
    assert (known.state, known.files[0].sha256) == (State.RECEIVED, submission.files[0].sha256)


async def test_refused_sending_goes_as_a_whole(counter: Counter, talk: Talk) -> None:
    await counter.fault("409", reason=Reason.FILE_INFECTED)
    await hand_in(counter, talk)
    await counter.work()
    assert "- 1 envoi refusé par Job-Room" in text_of(await talk.say("efface mes données"))
    await talk.tap("Oui, effacer")
    assert await all_submissions(counter) == []
    assert await contents(counter) == [None]


async def test_summary_says_what_goes(counter: Counter, talk: Talk) -> None:
    await talk.say(LETTER)
    await talk.tap("Me le rappeler")
    await talk.send(await counter.file(talk))
    asked = text_of(await talk.say("efface mes données")).splitlines()
    for line in ("- 1 date à tenir", "- 2 rappels prévus", "- 1 fichier, chiffré", "- votre accord"):
        assert line in asked
    assert "Ceci reste :" not in asked


@pytest.mark.parametrize("no", ["non", "annuler", "pas maintenant", "stop"])
async def test_no_erases_nothing(counter: Counter, talk: Talk, no: str) -> None:
    await talk.say("efface mes données")
    kept = await talk.say(no)
    assert "Rien n'est effacé" in text_of(kept)
    assert kept.state.form is None
    assert await about(counter, talk.session.id)


@pytest.mark.parametrize("vague", ["peut-être", "oui mais attends", "merci", "oui ?", "envoie", "je crois"])
async def test_anything_but_a_clear_yes_erases_nothing(counter: Counter, talk: Talk, vague: str) -> None:
    await talk.say("efface mes données")
    again = await talk.say(vague)
    assert again.debug.effects == []
    assert await about(counter, talk.session.id)


@pytest.mark.parametrize("yes", ["oui", "oui, efface tout", "ok", "efface", "👍"])
async def test_clear_yes_erases(counter: Counter, talk: Talk, yes: str) -> None:
    await talk.say("efface mes données")
    assert (await talk.say(yes)).state.phase is Phase.ERASED
    assert await about(counter, talk.session.id) == {}


async def test_copy_can_be_taken_first(talk: Talk) -> None:
    await talk.say("efface mes données")
    first = await talk.tap("Télécharger d'abord")
    assert [file.name for message in first.messages for file in message.attachments] == ["mes-donnees.zip"]
    assert QUESTION in text_of(first)
    assert (await talk.tap("Oui, effacer")).state.phase is Phase.ERASED


async def test_task_under_way_goes_on_when_nothing_is_erased(counter: Counter, talk: Talk) -> None:
    await talk.say(SEND_CV)
    asked = await talk.say("efface mes données")
    assert asked.state.form == "delete_data_form"
    assert (await talk.say("non")).state.slot == "files"


async def test_one_of_several_conversations(counter: Counter, talk: Talk) -> None:
    async with counter.talking() as other, counter.talking(person=ELODIE) as hers:
        await other.say("bonjour")
        await hers.say("bonjour")
        asked = await talk.say("efface mes données")
        assert asked.state.slot == "scope"
        summary = await talk.tap("Cette conversation")
        assert "dans cette conversation" in text_of(summary)
        await talk.tap("Oui, effacer")
        assert await about(counter, talk.session.id) == {}
        assert await about(counter, other.session.id)


@pytest.mark.parametrize("said", ["Toutes mes conversations", None])
async def test_all_conversations_of_the_person_and_nobody_elses(counter: Counter, talk: Talk, said: str | None) -> None:
    async with counter.talking() as other, counter.talking(person=ELODIE) as hers:
        await live(counter, other)
        await hers.say("bonjour")
        await talk.say("efface mes données")
        summary = await (talk.tap(said) if said else talk.say("tout"))
        assert "dans vos 2 conversations" in text_of(summary)
        await talk.tap("Oui, effacer")
        assert await about(counter, talk.session.id, other.session.id) == {}
        assert (await about(counter, hers.session.id)).keys() >= {"chat_sessions", "messages", "links"}


async def test_answer_over_the_api_is_the_last_thing_that_is_said(client: httpx.AsyncClient) -> None:
    session = (await client.post("/api/chat/sessions", json={})).json()
    bearer = {"authorization": f"Bearer {session['token']}"}

    async def say(client_id: str, **content: Any) -> httpx.Response:
        return await client.post("/api/chat/messages", json={"client_id": client_id, **content}, headers=bearer)

    asked = (await say("1", text="efface mes données")).json()
    (yes,) = [choice for choice in asked["messages"][-1]["choices"] if choice["label"] == "Oui, effacer"]
    answer = (await say("2", choice=yes["id"])).json()
    assert answer["state"]["phase"] == "erased"
    assert answer["debug"]["effects"] == [{"op": "delete_data", "payload": {"conversations": 1}}]
    assert (await say("2", choice=yes["id"])).status_code == 401
    assert (await client.get("/api/chat/messages", headers=bearer)).status_code == 401


async def all_submissions(counter: Counter) -> list[Any]:
    async with counter.program.database.reading() as connection:
        return list((await connection.execute(select(submissions))).all())


async def contents(counter: Counter) -> list[bytes | None]:
    async with counter.program.database.reading() as connection:
        return list((await connection.execute(select(files.c.content))).scalars())
