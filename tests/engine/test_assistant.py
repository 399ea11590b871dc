"""A turn is one transaction, and `Assistant.answer` is its only door."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rasa_sdk import Action
from sqlalchemy import func, select

from base.database import Database, unit_of_work
from base.settings import Settings
from base.signals import Signals
from base.wording import Catalogues
from bot.engine.assistant import LONGEST_TEXT, Assistant, ConversationErased, Turn
from bot.engine.dialogue import Dialogue
from bot.program import Program, actions, assembled, load_dialogue
from casework.cases import Matter, cases, open_case
from conversations import store
from conversations.models import Phase
from tests.support.conversing import VAULT, Talk, talking, text_of, transcript

FORM = "docs_by_status_form"


class FailingCase(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Opens a case, writes to the database, and then fails."""

    def name(self) -> str:
        return "action_open_case"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        await open_case(unit_of_work(), tracker.sender_id, Matter("x", "fr"))
        unit_of_work().effect("create_handover")
        dispatcher.utter_message(response="utter_not_covered")
        raise RuntimeError("the helpdesk is on fire")


@asynccontextmanager
async def failing(database: Database, model: Path) -> AsyncIterator[Talk]:
    """A conversation in which asking for a human fails."""
    working = [action for action in actions(Catalogues.load(), "") if action.name() != "action_open_case"]
    dialogue = Dialogue(model, Catalogues.load(), [*working, FailingCase()])
    async with talking(Assistant(database, dialogue, Signals(database), VAULT), database) as conversation:
        yield conversation


async def test_failing_action_gives_a_clear_message_and_keeps_form_and_slots(database: Database, model: Path) -> None:
    async with failing(database, model) as talk:
        before = await talk.say("puis-je envoyer des documents pour ma demande")
        assert before.state.form == FORM
        failed = await talk.say("je veux parler à une personne")
        assert "problème technique" in text_of(failed)
        assert (failed.state.form, failed.state.slot) == (before.state.form, before.state.slot)
        assert failed.debug.effects == []
        after = await talk.say("droit en cours d'examen")
        assert "**Oui.**" in text_of(after)


async def test_failing_action_leaves_nothing_in_the_database(database: Database, model: Path) -> None:
    async with failing(database, model) as talk:
        await talk.say("je veux parler à une personne")
        async with database.reading() as connection:
            assert (await connection.execute(select(func.count()).select_from(cases))).scalar_one() == 0


async def test_failure_is_logged_once_with_the_turn_and_without_what_was_typed(
    sqlite_url: str, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(sqlite_url)
    await database.migrate()
    async with failing(database, model) as talk:
        with caplog.at_level(logging.DEBUG):
            await talk.say("parler à quelqu'un, je suis Madame Secret")
    await database.close()
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    event = errors[0].msg
    assert isinstance(event, dict)
    assert event["failed"] == "action_open_case"
    assert len(event["turn_id"]) == 36
    assert "Secret" not in str(event)


@pytest.fixture
def every_log_line(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.INFO):
        yield caplog


async def test_what_people_type_is_never_logged(talk: Talk, every_log_line: pytest.LogCaptureFixture) -> None:
    for text in ("où est mon numéro personnel Zanzibar", "/restart Zanzibar", "je veux un humain Zanzibar"):
        await talk.say(text)
    assert "Zanzibar" not in every_log_line.text


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "/ restart",
        "//back",
        "/\u00a0/restart",
        "\u2003/ \u00a0/restart",
        "/greet",
        '/ask_docs_by_status{"documents_status": "draft"}',
        "/faq/personal_number_where",
        "/nlu_fallback",
        "EXTERNAL: faq",
    ],
)
async def test_what_looks_like_a_command_is_plain_text(talk: Talk, program: Program, text: str) -> None:
    await talk.say("puis-je envoyer des documents pour ma demande")
    reply = await talk.say(text)
    assert reply.state.form == FORM
    assert reply.debug.slots == {}
    said = await transcript(program.database, talk.session)
    assert said[2].text == text.strip()


async def test_start_of_a_session_cannot_be_typed(talk: Talk, program: Program) -> None:
    """What is understood instead is open: the word is one that people use for being logged in."""
    await talk.say("puis-je envoyer des documents pour ma demande")
    reply = await talk.say("/session_start")
    assert reply.debug.intent != "session_start"
    assert reply.messages
    assert [message.author for message in await transcript(program.database, talk.session)] == ["user", "bot"] * 2


async def test_over_long_text_gets_a_friendly_limit_and_is_kept(talk: Talk, program: Program) -> None:
    before = await talk.say("puis-je envoyer des documents pour ma demande")
    text = "bla " * (LONGEST_TEXT // 4 + 1)
    reply = await talk.say(text)
    assert "trop long" in text_of(reply)
    assert reply.state == before.state
    said = await transcript(program.database, talk.session)
    assert said[2].text == text.strip()


@pytest.mark.parametrize("text", ["", " ", "😀😀", "...", "\x00\x01", "\u202e", "/", "/ /", "\ufeff"])
async def test_messages_without_words_are_survived(talk: Talk, text: str) -> None:
    assert "pas trouvé de mots" in text_of(await talk.say(text))


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300) | st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")))
def test_any_text_at_all_is_answered(dialogue: Dialogue, text: str) -> None:
    async def answer() -> None:
        settings = Settings(database_url="sqlite:///:memory:")
        database = Database(settings.database_url)
        await database.migrate()
        async with talking(Assistant(database, dialogue, Signals(database), VAULT), database) as talk:
            assert text_of(await talk.say(text))
        await database.close()

    asyncio.run(answer())


async def test_same_client_id_is_processed_once_and_answered_alike(talk: Talk, program: Program) -> None:
    first = await talk.say("je veux parler à quelqu'un", client_id="same")
    second = await talk.say("je veux parler à quelqu'un", client_id="same")
    assert first == second
    assert len(await transcript(program.database, talk.session)) == 2


async def test_same_client_id_at_once_is_processed_once(database: Database, dialogue: Dialogue) -> None:
    async with talking(Assistant(database, dialogue, Signals(database), VAULT), database) as talk:
        turn = Turn(talk.session, "same", "bonjour")
        replies = await asyncio.gather(*(talk.assistant.answer(turn) for _ in range(8)))
        assert all(reply == replies[0] for reply in replies)
        assert len(await transcript(database, talk.session)) == 2


async def test_messages_of_one_conversation_are_answered_in_their_order(database: Database, dialogue: Dialogue) -> None:
    texts = ["bonjour", "où est mon numéro personnel", "merci", "quels papiers pour l'entretien", "au revoir"] * 3
    async with talking(Assistant(database, dialogue, Signals(database), VAULT), database) as talk:
        turns = [Turn(talk.session, f"c{number}", text) for number, text in enumerate(texts)]
        await asyncio.gather(*(talk.assistant.answer(turn) for turn in turns))
        said = await transcript(database, talk.session)
        assert [message.text for message in said if message.author == "user"] == texts
        assert [message.author for message in said] == ["user", "bot"] * len(texts)


async def test_conversations_do_not_hear_each_other(program: Program) -> None:
    async with (
        talking(program.assistant, program.database) as one,
        talking(program.assistant, program.database) as other,
    ):
        await one.say("puis-je envoyer des documents pour ma demande")
        choice = one.reply.messages[0].choices[0] if one.reply else None
        assert choice is not None
        stolen = await program.assistant.answer(Turn(other.session, "x", choice=choice.id))
        assert "plus valable" in text_of(stolen)
        assert stolen.state.phase is Phase.IDLE


async def test_restart_in_the_middle_of_a_form_resumes_at_the_same_question(settings: Settings, model: Path) -> None:
    async with assembled(settings, load_dialogue(model)) as first, talking(first.assistant, first.database) as talk:
        asked = await talk.say("puis-je envoyer des documents pour ma demande")
    async with assembled(settings, load_dialogue(model)) as second:
        resumed = Talk(second.assistant, talk.session)
        again = await resumed.say("c'est quoi le numéro personnel", client_id="later")
        assert again.messages[-1].text == asked.messages[-1].text
        assert "**Oui.**" in text_of(await resumed.say("droit en cours d'examen"))


async def test_choice_from_before_a_restart_still_works(settings: Settings, model: Path) -> None:
    async with assembled(settings, load_dialogue(model)) as first, talking(first.assistant, first.database) as talk:
        asked = await talk.say("puis-je envoyer des documents pour ma demande")
    async with assembled(settings, load_dialogue(model)) as second:
        resumed = Talk(second.assistant, talk.session)
        resumed.reply = asked
        assert "**Non, pas encore.**" in text_of(await resumed.tap("Demande non finalisée"))


async def test_turn_of_an_erased_conversation_is_refused_and_keeps_nothing(program: Program) -> None:
    async with talking(program.assistant, program.database) as talk:
        async with program.database.unit_of_work() as work:
            await store.erase(work, talk.session.id)
        with pytest.raises(ConversationErased):
            await talk.say("bonjour")
    async with program.database.reading() as connection:
        assert await store.history(connection, talk.session.id) == ()
