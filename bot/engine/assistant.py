"""The only door to the assistant: a turn goes in, a reply comes out, and the turn is one transaction."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from weakref import WeakValueDictionary

import structlog

from actions.identification.task import IdentificationTask
from actions.my_data import erasure
from actions.tasks import YES, is_thumb_up
from base import clock, tokens
from base.database import Awaited, Database, UnitOfWork
from base.identifiers import Kind
from base.signals import Signals
from bot.engine import received_files
from bot.engine.dialogue import Dialogue, Outcome, Utterance
from bot.engine.failures import TurnFailed
from bot.engine.generator import INFORMATION
from bot.engine.helpdesk import Helpdesk
from bot.engine.payloads import parse_payload
from bot.engine.text import has_words, printable
from bot.engine.topics import topic_of
from casework import agenda, case_work, cases, drafts, persons, return_codes
from casework.case_work import HELPDESK
from casework.cases import Case, CaseState
from casework.desk import Desk, staffed
from casework.identification import stay_logged_in
from casework.vault import Vault
from conversations import store
from conversations.documents import RECIPE
from conversations.models import Debug, Draft, FileId, Message, Offer, Phase, Session, State
from conversations.models import Turn as RecordedTurn
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
        command: What they chose from the menu of a chat app, instead of text; the program's own, never from outside.
        corrects: Whether the text takes the place of one that they sent before.
        payload: What the program itself sets going, instead of text; never from outside.
    """

    session: Session
    client_id: str
    text: str = ""
    choice: str | None = None
    files: tuple[FileId, ...] = ()
    command: Offer | None = None
    corrects: bool = False
    payload: str | None = None


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


@dataclass(frozen=True)
class _Tapped(Offer):
    """A choice that was tapped.

    Args:
        is_late: Whether it was offered before the open question was asked.
        is_settled: Whether it agrees to something and nothing is open.
    """

    is_late: bool
    is_settled: bool


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
        vault: Takes the identifiers out of what people type.
        desk: Where people's affairs are taken in; without it, no turn can bring files or hand anything in.
        patience: Seconds that an answer waits for news of what it handed in.
        observe: Told of every new turn, once it is kept.
    """

    def __init__(
        self,
        database: Database,
        dialogue: Dialogue,
        signals: Signals,
        vault: Vault,
        desk: Desk | None = None,
        *,
        patience: float = 2.0,
        observe: Callable[[Debug], None] = lambda _debug: None,
    ) -> None:
        self._desk = desk
        self._patience = patience
        self._signals = signals
        self._vault = vault
        self._database = database
        self._dialogue = dialogue
        self._observe = observe
        self._helpdesk = Helpdesk(dialogue)
        self._queues: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, turn: Turn) -> Reply:
        """Takes the turn: all of what it changes is kept, or nothing.

        Raises:
            ConversationErased: When the conversation is gone.
            FileUnknown: When it does not have a file of the turn.
            sqlalchemy.exc.SQLAlchemyError: When the database fails; the turn may be sent again with the same client id.
        """
        turn_id, awaited = str(uuid.uuid4()), None
        with (
            structlog.contextvars.bound_contextvars(turn_id=turn_id),
            staffed(self._desk) if self._desk else nullcontext(),
            self._signals.watch(turn.session.id) as news,
        ):
            async with self._one_at_a_time(turn.session.id) as work:
                recorded = await store.recorded_turn(work.connection, turn.session.id, turn.client_id)
                is_repeated = recorded is not None
                if recorded is None:
                    if not await store.session_exists(work.connection, turn.session.id):
                        raise ConversationErased
                    if self._desk and turn.payload is None:
                        await stay_logged_in(work, turn.session.id, self._desk.login_expires_at(turn.session.channel))
                    said, outcome = await self._understood(work, turn)
                    take = self._erase if work.erases else self._record
                    recorded = await take(work, turn, turn_id, said, outcome)
                    await self._signals.announce(work, turn.session.id)
                    if any(effect.op == "create_handover" for effect in work.effects):
                        await self._signals.announce(work, HELPDESK)
                    awaited, debug = work.awaits, Debug(**recorded.debug)
                    work.after_commit(lambda: self._observe(debug))
            if awaited is not None:
                await self._wait(turn.session, recorded, awaited, news)
        if awaited is None and not is_repeated:
            return Reply(recorded.messages, recorded.state, debug)
        return await self._with_news(turn.session.id, recorded)

    async def is_about_health(self, session_id: str) -> bool:
        """Whether a file that comes now is about somebody's health, by what was asked for."""
        async with self._database.reading() as connection:
            state = await store.last_state(connection, session_id)
            return await self._dialogue.is_about_health(connection, session_id, state.form)

    async def go_on(self, session_id: str, news: str | None = None) -> None:
        """Goes on with the task that waited for something from outside, such as a login; says so if there is none.

        Args:
            news: Names what has happened; the same again changes nothing.
        """
        client_id = f"on:{news or uuid.uuid4()}"
        async with self._database.reading() as connection:
            session = await store.session_by_id(connection, session_id)
            is_linked = await persons.person_of(connection, session_id) is not None
            identification = await drafts.latest(connection, session_id, IdentificationTask.name)
            waiting = identification or await drafts.latest_unfinished(connection, session_id)
        if session is None:
            return
        if identification is None and not is_linked:
            task = IdentificationTask.name if news is None else None
        else:
            task = waiting.kind if waiting is not None else None
        if task is not None:
            await self.answer(Turn(session, client_id, payload=f"/{self._dialogue.intent_of(task)}"))
        elif is_linked:
            async with self._one_at_a_time(session_id) as work:
                utterance = self._dialogue.write("utter_linked", session.locale)
                notice = Draft("bot", utterance.text, session.locale, offers=utterance.offers)
                await store.record_notice(work, session_id, client_id, notice)
                await self._signals.announce(work, session_id)

    async def _wait(self, session: Session, turn: RecordedTurn, awaited: Awaited, news: asyncio.Event) -> None:
        """Waits a moment for what usually comes at once; says how things stand when it does not.

        Nothing is left to say once the person has spoken again: the news may stand after that.
        """
        give_up = asyncio.get_running_loop().time() + self._patience
        while (remaining := give_up - asyncio.get_running_loop().time()) > 0:
            news.clear()
            async with self._database.reading() as connection:
                if await store.has_gone_on(connection, session.id, turn.id):
                    return
            await self._signals.wait(news, remaining)
        async with self._one_at_a_time(session.id) as work:
            if not await store.has_gone_on(work.connection, session.id, turn.id):
                text = self._dialogue.write(awaited.otherwise, session.locale, **awaited.values).text
                await store.record_notice(work, session.id, f"wait:{turn.id}", Draft("bot", text, session.locale))
                await self._signals.announce(work, session.id)

    async def _with_news(self, session_id: str, turn: RecordedTurn) -> Reply:
        """The answer to a turn, with what was said of its own accord before the person spoke again."""
        async with self._database.reading() as connection:
            news, state = await store.news_after(connection, session_id, turn.id)
        return Reply((*turn.messages, *news), state or turn.state, Debug(**turn.debug))

    @asynccontextmanager
    async def _one_at_a_time(self, session_id: str) -> AsyncIterator[UnitOfWork]:
        """A unit of work in the order of arrival: waiting here keeps connections free for other conversations."""
        queue = self._queues.setdefault(session_id, asyncio.Lock())
        async with queue, self._database.unit_of_work(serialise=session_id) as work:
            yield work

    async def _understood(self, work: UnitOfWork, turn: Turn) -> tuple[str, Outcome]:
        """What the person said, and what came of it."""
        case = await cases.live_of(work.connection, turn.session.id) if turn.payload is None else None
        if case is not None and self._desk is not None:
            return await self._pass_on(work, turn, case)
        return await (self._take_files if turn.files else self._take)(work, turn)

    async def _pass_on(self, work: UnitOfWork, turn: Turn, case: Case) -> tuple[str, Outcome]:
        """As `_take`, while an agent speaks with the person."""
        await self._check_files(work, turn)
        text = await self._concealed(work, turn.session.id, printable(turn.text).strip())
        tapped = await self._tapped(work, turn)
        if tapped is None and not turn.files and (problem := _problem(turn, text, tapped)) is not None:
            return text, await self._at_the_door(work, turn, problem)
        intent = parse_payload(tapped.payload)[0] if tapped else None
        outcome = await self._helpdesk.take(work, turn.session, case, text, intent, turn.files)
        await self._signals.announce(work, HELPDESK)
        return tapped.label if tapped else text, outcome

    async def _take(self, work: UnitOfWork, turn: Turn) -> tuple[str, Outcome]:
        """What the person said, for the transcript, and what came of it."""
        language, typed = turn.session.locale, printable(turn.text).strip()
        if self._desk and (code := return_codes.spot(typed)) is not None:
            text = await self._concealed(work, turn.session.id, return_codes.hidden(typed))
            state = await store.last_state(work.connection, turn.session.id)
            outcome = await self._helpdesk.come_back(work, turn.session, code)
            return text, self._standing(state, *outcome.utterances)
        text = await self._concealed(work, turn.session.id, typed)
        tapped = await self._tapped(work, turn)
        said = tapped.label if tapped else text
        problem = _problem(turn, typed, tapped)
        if is_thumb_up(text) and (await store.last_state(work.connection, turn.session.id)).form is not None:
            problem = None
        if problem is not None:
            return said, await self._at_the_door(work, turn, problem)
        payload = tapped.payload if tapped else turn.payload
        try:
            async with work.attempt():
                if payload is not None:
                    is_late = tapped is not None and tapped.is_late
                    outcome = await self._dialogue.choose(
                        turn.session.id, payload, said, language, late=is_late, resumes=turn.payload is not None
                    )
                    return said, outcome
                return said, await self._dialogue.say(turn.session.id, text, language, corrects=turn.corrects)
        except TurnFailed as failure:
            log.exception("turn.failed", failed=failure.name, exc_info=failure.__cause__)
            return said, await self._at_the_door(work, turn, "utter_turn_failed")

    async def _concealed(self, work: UnitOfWork, session_id: str, typed: str) -> str:
        """What was typed as everything else sees it, with tokens for identifiers."""
        asked = (await store.last_state(work.connection, session_id)).expects
        expected = Kind(asked) if asked in set(Kind) else None
        return await self._vault.conceal(work, session_id, typed, expected)

    async def _tapped(self, work: UnitOfWork, turn: Turn) -> _Tapped | None:
        """What was tapped; None when it was nothing, or this conversation was never offered it."""
        if turn.command is not None:
            return _Tapped(turn.command.label, turn.command.payload, is_late=False, is_settled=False)
        found = await store.offered(work.connection, turn.session.id, turn.choice) if turn.choice is not None else None
        if found is None:
            return None
        offer, message_id = found
        state = await store.last_state(work.connection, turn.session.id)
        agrees = YES in parse_payload(offer.payload)[1].values()
        return _Tapped(
            offer.label,
            offer.payload,
            is_late=state.question is not None and message_id < state.question,
            is_settled=agrees and state.form is None,
        )

    async def _take_files(self, work: UnitOfWork, turn: Turn) -> tuple[str, Outcome]:
        """As `_take`. Files go to the question that asks for some; otherwise they are asked what they are for."""
        await self._check_files(work, turn)
        state = await store.last_state(work.connection, turn.session.id)
        if state.expects != "file" and not self._dialogue.takes_files(state.form):
            return "", await self._unasked(work, turn, state)
        try:
            async with work.attempt():
                return "", await self._dialogue.hand_in(turn.session.id, turn.files, turn.session.locale)
        except TurnFailed as failure:
            log.exception("turn.failed", failed=failure.name, exc_info=failure.__cause__)
            return "", await self._at_the_door(work, turn, "utter_turn_failed")

    async def _check_files(self, work: UnitOfWork, turn: Turn) -> None:
        """Raises `FileUnknown` when the turn brings a file that its conversation does not have."""
        for file_id in turn.files:
            files = self._desk.submissions.files if self._desk else None
            if files is None or not await files.has(work.connection, file_id, turn.session.id):
                raise FileUnknown

    async def _unasked(self, work: UnitOfWork, turn: Turn, state: State) -> Outcome:
        """What is said of files that no question asked for; the conversation stays where it is, its question with it.

        An agent who waits for the person gets them.
        """
        translations = self._dialogue.translations(turn.session.locale)
        case = await cases.unresolved_of(work.connection, turn.session.id)
        if case is not None and case.state is CaseState.WAITING and state.slot is None:
            await case_work.add_files(work, case, turn.files)
            await case_work.person_wrote(work, case)
            await self._signals.announce(work, HELPDESK)
            text = received_files.answer_for_case(len(turn.files), translations, case.number)
            return self._standing(state, Utterance(text, (), None, ()))
        if state.slot:
            offers = await store.last_offers(work.connection, turn.session.id)
        else:
            offers = self._dialogue.offers(received_files.INTENTS, turn.session.locale)
        text = received_files.answer(len(turn.files), translations, is_asked=state.slot is not None)
        return self._standing(state, Utterance(text, offers, None, ()))

    async def _at_the_door(self, work: UnitOfWork, turn: Turn, response: str) -> Outcome:
        """An answer that leaves the conversation where it was."""
        state = await store.last_state(work.connection, turn.session.id)
        if state.phase is Phase.AWAITING_CONFIRMATION:
            work.outcome = state.phase
        return self._standing(state, self._dialogue.write(response, turn.session.locale))

    @staticmethod
    def _standing(state: State, utterance: Utterance) -> Outcome:
        progress = state.model_dump(include={"step", "steps", "expects", "question"})
        return Outcome((utterance,), None, 0.0, state.form, state.slot, {}, progress)

    async def _erase(self, work: UnitOfWork, turn: Turn, turn_id: str, said: str, outcome: Outcome) -> RecordedTurn:
        """Erases what the turn asked to be erased; of the turn itself nothing is kept either."""
        if self._desk is None:
            raise LookupError("nothing can be erased without a desk")
        for session_id in work.erases:
            await erasure.erase(work, self._desk.submissions, session_id)
            await self._signals.announce(work, session_id)
        language, moment = turn.session.locale, clock.now()
        messages = tuple(
            Message(id=0, at=moment, author="bot", text=utterance.text, lang=language)
            for utterance in outcome.utterances
        )
        return RecordedTurn(
            turn_id, messages, State(phase=Phase.ERASED), _debug(work, said, outcome).model_dump(mode="json")
        )

    async def _record(self, work: UnitOfWork, turn: Turn, turn_id: str, said: str, outcome: Outcome) -> RecordedTurn:
        language = turn.session.locale
        debug = _debug(work, said, outcome)
        is_live = await cases.live_of(work.connection, turn.session.id) is not None
        idle = Phase.HANDED_OVER if is_live else Phase.IDLE
        phase = Phase(work.outcome) if work.outcome else Phase.IN_FORM if outcome.form else idle
        messages = [
            *([] if turn.payload else [Draft("user", said, language, sent=turn.files)]),
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
            messages,
            State(
                mode="human" if is_live else "bot",
                phase=phase,
                form=outcome.form,
                slot=outcome.slot,
                logged_in=await persons.person_of(work.connection, turn.session.id) is not None,
                **outcome.progress,
            ),
            debug.model_dump(mode="json"),
            is_passing=work.is_passing,
        )

    def _draft(self, utterance: Utterance, language: str) -> Draft:
        shown = utterance.fact_ids if utterance.kind == INFORMATION else ()
        sources = sources_of(shown, self._dialogue.translations(language))
        files = tuple(RECIPE.validate_python(recipe) for recipe in utterance.recipes)
        return Draft("bot", utterance.text, language, sources, utterance.offers, files)


def _debug(work: UnitOfWork, said: str, outcome: Outcome) -> Debug:
    """What was understood and done."""
    return Debug(
        intent=outcome.intent,
        topic=topic_of(outcome.intent),
        confidence=round(outcome.confidence, 4),
        slots={**_named(said), **outcome.slots},
        effects=[{"op": effect.op, "payload": dict(effect.payload)} for effect in work.effects],
    )


def _problem(turn: Turn, text: str, tapped: _Tapped | None) -> str | None:
    """The response to a turn that cannot be taken as it is."""
    if turn.payload is not None or turn.command is not None:
        return None  # nobody typed anything
    if turn.choice is not None:
        if tapped is None:
            return "utter_choice_unknown"
        return "utter_nothing_to_confirm" if tapped.is_settled else None
    if len(text) > LONGEST_TEXT:
        return "utter_too_long"
    return None if has_words(text) else "utter_unreadable"


def _named(said: str) -> dict[str, str]:
    """What a message names that no task needs to have asked for."""
    token = tokens.first(Kind.PERSONAL_NUMBER, said)
    return {Kind.PERSONAL_NUMBER.value: token} if token else {}


async def _note(work: UnitOfWork, session_id: str, due: Mapping[str, str]) -> None:
    """Puts a date that an answer computed into the agenda."""
    matter, month = due["matter"], due["month"]
    safe, deadline = date.fromisoformat(due["safe"]), date.fromisoformat(due["deadline"])
    await agenda.note(
        work, session_id, f"{matter}:{month}", matter, {"month": month, "authority": None}, safe, deadline
    )
