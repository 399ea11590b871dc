"""Files in a turn: a task that asks for some gets them; a conversation never gets another's."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from actions.tasks import Question, Said, TakeAnswer, Task, TaskDraft
from base.database import Database
from base.signals import Signals
from base.wording import Catalogues, Translations
from bot.engine.assistant import Assistant, FileUnknown, Turn
from bot.engine.dialogue import Dialogue
from bot.program import actions
from casework import drafts
from casework.files.limits import Kind, Prepared
from casework.files.store import FileStore
from conversations.models import FileId, Phase
from tests.support.conversing import KEYS, VAULT, Talk, a_desk, talking, text_of, transcript

FORM = "validate_deadline_form"
"""Whose form and questions the task of this test borrows from the trained model."""


class Proof(TaskDraft):
    act: list[FileId] | None = None
    authority: str | None = None


class AskForProof(Task[Proof]):
    """Asks for files, then for something else."""

    name = "deadline"
    intent = "tx_deadline"
    model = Proof

    def questions(self, draft: Proof) -> Sequence[Question]:
        return (Question("act", "file"), Question("authority", "choice"))

    def read(self, said: Said, draft: Proof, pending: Question | None) -> Mapping[str, Any]:
        return {"act": list(said.files)} if said.files else {}

    def acknowledge(self, values: Mapping[str, Any], draft: Proof, translations: Translations) -> Sequence[str]:
        return [f"{len(values['act'])} fichiers"] if values.get("act") else []

    def shown(self, draft: Proof) -> Mapping[str, Any]:
        return {}


STORE = FileStore(KEYS)


@pytest.fixture(scope="module")
def asking(model: Path) -> Dialogue:
    """A dialogue with the task of this test."""
    catalogues = Catalogues.load()
    others = [action for action in actions(catalogues, "") if action.name() != FORM]
    return Dialogue(model, catalogues, [*others, TakeAnswer(AskForProof(), catalogues)])


@pytest.fixture
async def talk(database: Database, asking: Dialogue) -> AsyncIterator[Talk]:
    assistant = Assistant(database, asking, Signals(database), VAULT, a_desk(STORE))
    async with talking(assistant, database, has_consented=True) as conversation:
        yield conversation


async def sent(database: Database, talk: Talk) -> FileId:
    async with database.unit_of_work() as work:
        kept = await STORE.keep(work, talk.session.id, "cv.pdf", Prepared(b"%PDF", Kind.PDF, 1))
    return FileId(kept.id)


def turn(talk: Talk, *files: FileId) -> Turn:
    return Turn(talk.session, uuid.uuid4().hex, files=files)


async def test_task_that_asks_for_files_gets_them_and_goes_on(database: Database, talk: Talk) -> None:
    asked = await talk.say("calculer un délai d'opposition")
    assert (asked.state.slot, asked.state.expects) == ("act", "file")
    files = [await sent(database, talk) for _ in range(2)]
    reply = await talk.assistant.answer(turn(talk, *files))
    assert (reply.state.phase, reply.state.slot) == (Phase.IN_FORM, "authority")
    assert "2 fichiers" in text_of(reply)
    async with database.reading() as connection:
        draft = await drafts.latest(connection, talk.session.id, "deadline")
    assert draft is not None
    assert draft.content["act"] == files
    said = (await transcript(database, talk.session))[2]
    assert [attachment.id for attachment in said.attachments] == files


async def test_files_for_another_question_wait(database: Database, talk: Talk) -> None:
    await talk.say("calculer un délai d'opposition")
    await talk.assistant.answer(turn(talk, await sent(database, talk)))
    reply = await talk.assistant.answer(turn(talk, await sent(database, talk)))
    assert (reply.state.slot, reply.state.expects) == ("authority", "choice")
    assert "Ma question d'avant reste ouverte" in text_of(reply)
    assert reply.messages[-1].choices


async def test_file_that_the_conversation_does_not_have_changes_nothing(database: Database, talk: Talk) -> None:
    async with talking(talk.assistant, database) as stranger:
        file = await sent(database, stranger)
    with pytest.raises(FileUnknown):
        await talk.assistant.answer(turn(talk, file))
    assert await transcript(database, talk.session) == ()


async def test_files_are_not_taken_for_words_that_were_not_understood(database: Database, talk: Talk) -> None:
    await talk.say("calculer un délai d'opposition")
    await talk.assistant.answer(turn(talk, await sent(database, talk)))
    await talk.say("annuler")
    reply = await talk.say("xyzzy plugh qwertz")
    assert reply.state.phase is not Phase.HANDED_OVER


async def test_case_says_that_files_were_sent(database: Database, talk: Talk) -> None:
    await talk.assistant.answer(turn(talk, await sent(database, talk)))
    await talk.say("je veux parler à quelqu'un")
    async with database.reading() as connection:
        written = (await connection.exec_driver_sql("SELECT transcript FROM cases")).scalar_one()
    assert "[document.pdf]" in str(written)
