"""The only door to the assistant: a turn goes in, a reply comes out, and the turn is one transaction."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any
from weakref import WeakValueDictionary

import structlog

from base.database import Database, UnitOfWork
from base.signals import Signals
from bot.engine import received_files
from bot.engine.dialogue import Dialogue, Outcome, Utterance
from bot.engine.failures import TurnFailed
from bot.engine.generator import INFORMATION
from bot.engine.text import has_words, printable
from bot.engine.topics import topic_of
from casework import agenda
from casework.files.store import FileStore
from conversations import store
from conversations.documents import RECIPE
from conversations.models import Debug, Draft, FileId, Message, Phase, Session, State
from conversations.sources import sources_of

log = structlog.get_logger(__name__)

LONGEST_TEXT = 2000
"""Characters of one message; longer ones are answered with how to shorten them."""


@dataclass(frozen=True)
class Turn:
    """What a person did.

    Args:
        session: Whose turn it is.
        client_id: Chosen by the client; the same one again gets the same reply and changes nothing.
        text: What they typed; anything at all.
        choice: Id of the choice they tapped, instead of text.
        files: Those they sent, instead of text.
    """

    session: Session
    client_id: str
    text: str = ""
    choice: str | None = None
    files: tuple[FileId, ...] = ()


@dataclass(frozen=True)
class Reply:
    """What is answered.

    Args:
        messages: The new messages of the assistant.
        state: Where the conversation stands.
        debug: What was understood and done.
    """

    messages: tuple[Message, ...]
    state: State
    debug: Debug


class ConversationErased(Exception):
    """The conversation was erased while its turn waited."""


class FileUnknown(Exception):
    """A turn brings a file that its conversation does not have, or not any more."""


class Assistant:
    """Answers turns, each conversation's one after another.

    Args:
        database: Where everything that a turn changes is kept.
        dialogue: The loaded model.
        signals: Told of every conversation that has new messages.
        files: Where the files are that people send; without it, no turn can bring any.
        observe: Told of every new turn, once it is kept.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        signals: Signals,
        files: FileStore | None = None,
        observe: Callable[[Debug], None] = lambda _debug: None,
    ) -> None:
        self._files = files
        self._signals = signals
        self._database = database
        self._dialogue = dialogue
        self._observe = observe
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, turn: Turn) -> Reply:
        """Takes the turn: all of what it changes is kept, or nothing.

        Raises:
            ConversationErased: When the conversation is gone.
            FileUnknown: When it does not have a file of the turn.
            sqlalchemy.exc.SQLAlchemyError: When the database fails; the turn may be sent again with the same client id.
        """
        turn_id = str(uuid.uuid4())
        with structlog.contextvars.bound_contextvars(turn_id=turn_id):
            async with self._one_at_a_time(turn.session.id) as work:
                recorded = await store.recorded_turn(work.connection, turn.session.id, turn.client_id)
                if recorded is None:
                    if not await store.session_exists(work.connection, turn.session.id):
                        raise ConversationErased
                    said, outcome = await (self._take_files if turn.files else self._take)(work, turn)
                    recorded = await self._record(work, turn, turn_id, said, outcome)
                    await self._signals.announce(work, turn.session.id)
                    debug = Debug(**recorded.debug)
                    work.after_commit(lambda: self._observe(debug))
            return Reply(recorded.messages, recorded.state, Debug(**recorded.debug))

    @asynccontextmanager
    async def _one_at_a_time(self, session_id: str) -> AsyncIterator[UnitOfWork]:
        """A unit of work in the order of arrival: waiting here keeps connections free for other conversations."""
        queue = self._queues.setdefault(session_id, asyncio.Lock())
        async with queue, self._database.unit_of_work(serialise=session_id) as work:
            yield work

    async def _take(self, work: UnitOfWork, turn: Turn) -> tuple[str, Outcome]:
        """What the person said, for the transcript, and what came of it."""
        language, text = turn.session.locale, printable(turn.text).strip()
        said, payload = text, None
        if turn.choice is not None:
            offered = await store.offer_payload(work.connection, turn.session.id, turn.choice)
            if offered is None:
                return text, await self._at_the_door(work, turn, "utter_choice_unknown")
            said, payload = offered
        elif len(text) > LONGEST_TEXT:
            return text, await self._at_the_door(work, turn, "utter_too_long")
        elif not has_words(text):
            return text, await self._at_the_door(work, turn, "utter_unreadable")
        try:
            async with work.attempt():
                if payload is not None:
                    return said, await self._dialogue.choose(turn.session.id, payload, said, language)
                return said, await self._dialogue.say(turn.session.id, text, language)
        except TurnFailed as failure:
            log.exception("turn.failed", failed=failure.name, exc_info=failure.__cause__)
            return said, await self._at_the_door(work, turn, "utter_turn_failed")

    async def _take_files(self, work: UnitOfWork, turn: Turn) -> tuple[str, Outcome]:
        """As `_take`. Files go to the question that asks for some; otherwise they are asked what they are for."""
        for file_id in turn.files:
            if self._files is None or not await self._files.has(work.connection, file_id, turn.session.id):
                raise FileUnknown
        state = await store.last_state(work.connection, turn.session.id)
        if state.expects != "file":
            return "", await self._unasked(work, turn, state)
        try:
            async with work.attempt():
                return "", await self._dialogue.hand_in(turn.session.id, turn.files, turn.session.locale)
        except TurnFailed as failure:
            log.exception("turn.failed", failed=failure.name, exc_info=failure.__cause__)
            return "", await self._at_the_door(work, turn, "utter_turn_failed")

    async def _unasked(self, work: UnitOfWork, turn: Turn, state: State) -> Outcome:
        """What is said of files that nothing asked for; the conversation stays where it is, its open question with it."""
        translations = self._dialogue.translations(turn.session.locale)
        if state.slot:
            offers = await store.last_offers(work.connection, turn.session.id)
        else:
            offers = self._dialogue.offers(received_files.INTENTS, turn.session.locale)
        text = received_files.answer(len(turn.files), translations, is_asked=state.slot is not None)
        return self._standing(state, Utterance(text, offers, None, ()))

    async def _at_the_door(self, work: UnitOfWork, turn: Turn, response: str) -> Outcome:
        """An answer that leaves the conversation where it was."""
        state = await store.last_state(work.connection, turn.session.id)
        return self._standing(state, self._dialogue.write(response, turn.session.locale))

    @staticmethod
    def _standing(state: State, utterance: Utterance) -> Outcome:
        progress = {"step": state.step, "steps": state.steps, "expects": state.expects}
        return Outcome((utterance,), None, 0.0, state.form, state.slot, {}, progress)

    async def _record(self, work: UnitOfWork, turn: Turn, turn_id: str, said: str, outcome: Outcome) -> Any:
        language = turn.session.locale
        debug = Debug(
            intent=outcome.intent,
            topic=topic_of(outcome.intent),
            confidence=round(outcome.confidence, 4),
            slots=dict(outcome.slots),
            effects=[{"op": effect.op, "payload": dict(effect.payload)} for effect in work.effects],
        )
        phase = Phase(work.outcome) if work.outcome else Phase.IN_FORM if outcome.form else Phase.IDLE
        drafts = [
            Draft("user", said, language, sent=turn.files),
            *(self._draft(utterance, language) for utterance in outcome.utterances),
        ]
        for utterance in outcome.utterances:
            if utterance.due:
                await _note(work, turn.session.id, utterance.due)
        return await store.record_turn(
            work,
            turn.session.id,
            turn_id,
            turn.client_id,
            drafts,
            State(phase=phase, form=outcome.form, slot=outcome.slot, **outcome.progress),
            debug.model_dump(mode="json"),
        )

    def _draft(self, utterance: Utterance, language: str) -> Draft:
        shown = utterance.fact_ids if utterance.kind == INFORMATION else ()
        sources = sources_of(shown, self._dialogue.translations(language))
        files = tuple(RECIPE.validate_python(recipe) for recipe in utterance.recipes)
        return Draft("bot", utterance.text, language, sources, utterance.offers, files)


async def _note(work: UnitOfWork, session_id: str, due: Mapping[str, str]) -> None:
    """Puts a date that an answer computed into the agenda."""
    matter, month = due["matter"], due["month"]
    safe, deadline = date.fromisoformat(due["safe"]), date.fromisoformat(due["deadline"])
    await agenda.note(
        work, session_id, f"{matter}:{month}", matter, {"month": month, "authority": None}, safe, deadline
    )
