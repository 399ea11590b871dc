"""Tasks by conversation: the mechanism that they share.

A task is a model of what must be known (its draft), the questions that fill it, and its wording. The draft is the only
truth; Rasa's form holds no more than the question that is open. A message can answer that question or any other of the
task, correct what was said before, or be about something else: then the general rules answer it, and the open question
is asked again.

A task that keeps more than the conversation itself first asks whether it may. One yes holds for the conversation; a no
ends the task, and what was said for it is forgotten.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel
from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncConnection

from base import clock
from base.database import UnitOfWork, unit_of_work
from base.wording import Catalogues, Translations, write_day
from casework import consents, drafts, following
from conversations.models import Expected, FileId, Phase

REQUESTED_SLOT = "requested_slot"
DRAFT_SLOT = "draft"
"""Holds the id of the draft that the conversation is about."""

CORRECT = "correct"
YES, NO = "yes", "no"
"""Values of answers that agree and that do not."""
UNKNOWN = "unknown"
"""Value of an answer that says that the person cannot tell."""
FIELD, BACK = "field", "back"
"""Entity that names what to correct, and its value for the last answer, whichever it was."""

SURE = 0.8
"""Probability from which a message is what it was taken for."""
LIKELY = 0.5
"""Probability from which it may be."""
_CRISIS = "crisis"
_LISTEN = "action_listen"
_UNCLEAR = frozenset({"nlu_fallback", "close_call"})
_LEAVING = frozenset({"cancel", "human_handover"})
_SHORT = 4
"""Words; what answers the open question in so few is an answer, even if it could be a question elsewhere."""

_CORRECTS = re.compile(
    r"\s*(?:ah |oh |euh |mais |oups,? )*(?:non\b|nn\b|en fait|pardon|plut[oô]t|correction|oups|finalement|je me suis tromp|"
    r"(?:j'ai|jai) (?:dit|mis|[ée]crit) (?:une b[eê]tise|faux)|erreur)",
    re.IGNORECASE,
)
_WONDERS = re.compile(
    r"\b(?:c'est quoi|c koi|qu'est[- ]ce|[cç]a veut dire|veut dire quoi|pourquoi|quelle?s? (?:est |sont )?(?:la |les )?diff[ée]rences?)\b",
    re.IGNORECASE,
)
"""Asks what something is, and does not choose it."""
_AGREEING = (
    r"(?:mais )?ou+i+|ouais+|ouai|ouep|yes|yep|ok(?:ay|i)?|(?:je suis |chuis )?(?:d'?accord|d'?acc?)|parfait|bien s[uû]r|"
    r"volontiers|exact(?:ement)?|je veux bien|va[sz]?[ -]?y|allez[- ]?y|(?:vous pouvez|tu peux) y aller|go|[👍✅👌][🏻-🏿]?|"
    r"(?:c'?est|c) (?:tout |bien |tout [àa] fait )*(?:bon|juste|correct|[cç]a|parfait|ok|en ordre|exact|le bon|la bonne)|"
    r"tout (?:est )?(?:bien )?(?:bon|juste|correct|ok|en ordre)|[cç]a (?:joue|marche|roule)|"
    r"(?:je )?confirme(?:r|z)?(?: l'envoi)?|(?:je )?valide(?:r|z)?(?: l'envoi)?|"
    r"(?:(?:vous pouvez|tu peux|pouvez|peux) )?(?:l'|le |la |les )?"
    r"(?:envoye[rz]|envoi[es]?|transmet(?:tre|tez|s)?)(?:[ -](?:le|la|les|[cç]a|tout))*"
    r"(?: (?:le|ce|mon|mes|les|ces) (?:documents?|fichiers?|pdf|cv))?"
    r"(?: [àa] (?:l'orp|mon orp|l'office|ma conseill[eè]re|mon conseiller))?(?: maintenant| tout de suite)?"
)
_POLITE = (
    r"merci(?: beaucoup| bien| d'avance)?|s['i]?il (?:vous|te) pla[iî]t|svp|stp|ah|allez|alors|donc|pour moi|madame|monsieur|"
    r"j'ai (?:tout )?(?:bien )?v[ée]rifi[ée]"
)
"""Goes with a yes and is none by itself."""
_YES = re.compile(
    rf"(?:(?:{_POLITE})[\s,.!]+)*(?:{_AGREEING})(?:[\s,.!]+(?:{_AGREEING}|{_POLITE})|[👍✅👌][🏻-🏿]?)*[\s,.!]*",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:(?:n+o+n+|nan|nn|nope|pas encore|pas maintenant|pas tout de suite|plus tard|attends?(?: un peu)?|attendez|stop|"
    r"surtout pas|(?:n'|ne l'|l')?envo(?:ie|yez)(?:[- ]le)? (?:surtout )?pas|(?:je (?:ne )?suis )?pas d'?accord|je refuse|"
    r"je (?:ne |n'en )?veux pas|garde[rz]? rien|ne garde[rz]? rien)(?: merci)?[\s,.!]*)+",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:(?:ok|oui|bon|alors|voil[àa])[\s,]+)*(?:(?:c'est|cest|c) (?:fait|fini|termin[ée])|[çc]a y est|j'?ai (?:fini|termin[ée])|fini|"
    r"termin[ée]|(?:je (?:me )?suis|j'suis|chui) connect[ée]e?)(?:[\s,]+(?:c'est (?:fait|bon)|merci))*[\s,.!]*",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:pas|non pas|sans|ni)\s+(?:(?:encore|par|en|de|du|d'|un|une|le|la|l'|les|a|à|au|mon|ma)\s*)*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Entity:
    """Something that a message names, with its place in the text; a tapped choice has no place."""

    kind: str
    value: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True)
class Said:
    """A message, as far as tasks need to know it.

    Args:
        text: What was written, or the label of what was tapped.
        intent: What it was taken for, without the key of a retrieval intent.
        confidence: Probability of that, 0 to 1.
        entities: What it names, in reading order, without what it denies («pas l'OCE»).
        today: The day it was said on, in Switzerland.
        tapped: Whether it is a choice.
        late: Whether that choice was offered before the open question was asked.
        asks: Whether it asks for something.
        files: Ids of the files that were sent instead of a text; of this conversation, and kept.
        replaces: Whether it takes the place of a message that was sent before.
    """

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...]
    today: date
    tapped: bool = False
    late: bool = False
    asks: bool = False
    files: tuple[FileId, ...] = ()
    replaces: bool = False

    @classmethod
    def of(cls, tracker: Tracker) -> Said:
        """The message of this turn."""
        message = tracker.latest_message
        text, manner = message.get("text") or "", message.get("metadata") or {}
        entities = (
            Entity(found["entity"], str(found["value"]), found.get("start", 0), found.get("end", 0))
            for found in message.get("entities", ())
        )
        return cls(
            text=text,
            intent=message["intent"]["name"],
            confidence=message["intent"].get("confidence", 1.0),
            entities=tuple(entity for entity in entities if not is_denied(text, entity.start)),
            today=clock.today(),
            tapped=bool(manner.get("tapped")),
            late=bool(manner.get("late")),
            asks=bool(manner.get("asks")),
            files=tuple(manner.get("files", ())),
            replaces=bool(manner.get("corrects")),
        )

    def values(self, kind: str) -> list[str]:
        """What it names of a kind, in reading order."""
        return [entity.value for entity in self.entities if entity.kind == kind]

    @property
    def unsure(self) -> bool:
        """Whether it says that the person cannot tell."""
        return UNKNOWN in self.values("answer")

    @property
    def agrees(self) -> bool:
        """Whether it is an explicit yes and nothing else: «oui mais …» is none."""
        if self.tapped:
            return YES in self.values("answer") and not self.late
        return _YES.fullmatch(self.text.strip().replace("’", "'")) is not None

    @property
    def declines(self) -> bool:
        """Whether it is a no and nothing else."""
        if self.tapped:
            return NO in self.values("answer")
        return _NO.fullmatch(self.text.strip().replace("’", "'")) is not None

    @property
    def reports(self) -> bool:
        """Whether somebody says that they have done what they were asked to do elsewhere, such as logging in."""
        return not self.tapped and _DONE.fullmatch(self.text.strip().replace("’", "'")) is not None

    @property
    def corrects(self) -> bool:
        """Whether it takes back something that was said before."""
        return self.replaces or self.intent == CORRECT or (not self.asks and begins_a_correction(self.text))


@dataclass(frozen=True)
class Question:
    """Something that a task must know.

    Args:
        slot: Its name in the state of the conversation; asked by `utter_ask_<form>_<slot>`.
        expects: What kind of answer is wanted.
        help: Response that says what to do when an answer was not understood; by default that of what it expects.
    """

    slot: str
    expects: Expected
    help: str = ""

    @property
    def help_response(self) -> str:
        return self.help or f"utter_help_{self.expects.removeprefix('past_')}"


CORRECTION = Question("correction", "text", help="utter_help_correction")
"""What is to be corrected: asked while the draft is questioned."""
CONSENT = Question("has_consented", "choice", help="utter_help_consent")
"""Whether what the task needs may be kept: asked before everything else."""


class TaskDraft(BaseModel):
    """What the drafts of all tasks have.

    Args:
        has_consented: Whether the person has agreed to what is kept; None while that is not known.
        is_questioned: Whether the person wants to correct something and has not said what.
    """

    has_consented: bool | None = None
    is_questioned: bool = False


class Unusable(Exception):
    """An answer was understood and cannot be right.

    Args:
        response: Says why.
        values: What its placeholders stand for; days are written in the person's language.
    """

    def __init__(self, response: str, **values: str | date) -> None:
        super().__init__(response)
        self.response = response
        self.values = values
        self.kept: Mapping[str, Any] = {}
        """What else the message says, by field."""


D = TypeVar("D", bound=TaskDraft)


class Task(ABC, Generic[D]):
    """What a task must know and how it is understood; its draft has a field for the slot of each question."""

    name: ClassVar[str]
    """Its form is `<name>_form`; drafts are kept under it."""
    intent: ClassVar[str]
    """Begins it; tapped choices carry it too."""
    title: ClassVar[str] = ""
    """What it is called when it is offered in another conversation, in French; empty when it stays where it is."""
    model: type[D]
    takes_files: ClassVar[bool] = False
    """Whether files that come while another question is open are meant for it, too."""
    cancelled: ClassVar[str] = "utter_cancelled"
    """Response that says that it was given up."""
    also_noted: ClassVar[frozenset[str]] = frozenset()
    """What else is repeated to the person when they say it, besides answers to questions."""

    def begin(self, said: Said, previous: D | None) -> D:
        """An empty draft, or what can be taken over from the one before."""
        return self.model()

    async def recalled(self, work: UnitOfWork, session_id: str, said: Said) -> D | None:
        """What goes on with a message although nothing of it is a draft any more."""
        return None

    async def look_up(self, connection: AsyncConnection, session_id: str, draft: D, *, is_new: bool) -> D:
        """The draft with what is known elsewhere and may have changed since.

        Args:
            is_new: Whether the draft has just been begun.
        """
        return draft

    def keeps(self, draft: D) -> bool:
        """Whether the task keeps more than the conversation itself, so that the person must have agreed."""
        return True

    def passes(self, draft: D) -> bool:
        """Whether the draft, and the messages that it was told in, are forgotten once the conversation pauses."""
        return False

    def is_about_health(self, draft: D) -> bool:
        """Whether files that come now are about somebody's health; a chat app whose servers keep files does not get them."""
        return False

    def noticed(self, known: D | None, current: D) -> str | None:
        """A response that says what `look_up` has found out, before the next question.

        Args:
            known: The draft before; None when it has just been begun.
        """
        return None

    async def let_go(self, work: UnitOfWork, session_id: str, draft: D, kept: D | None) -> None:
        """Called when a draft was changed or given up: removes what it held and nothing holds any more.

        Args:
            kept: What became of it; None when nothing is kept.
        """
        return

    async def carry_out(self, work: UnitOfWork, session_id: str, draft: D) -> D:
        """Called when a draft was changed, before it is kept: does what need not wait for the end of the task."""
        return draft

    @abstractmethod
    def questions(self, draft: D) -> Sequence[Question]:
        """All questions that the draft calls for, in order, whether answered or not."""

    @abstractmethod
    def read(self, said: Said, draft: D, pending: Question | None) -> Mapping[str, Any]:
        """What a message says for the draft, by field; None takes an answer back.

        Raises:
            Unusable: When it says something that cannot be right.
        """

    @abstractmethod
    def acknowledge(self, values: Mapping[str, Any], draft: D, translations: Translations) -> Sequence[str]:
        """How what was understood is repeated to the person, part by part."""

    @abstractmethod
    def shown(self, draft: D) -> Mapping[str, Any]:
        """What the chat API may show of the draft in debug mode."""

    @property
    def form(self) -> str:
        return f"{self.name}_form"

    def pending(self, draft: D) -> Question | None:
        """The first question that is not answered."""
        if self.keeps(draft) and not draft.has_consented:
            return CONSENT
        if draft.is_questioned:
            return CORRECTION
        return next((one for one in self.questions(draft) if getattr(draft, one.slot) is None), None)

    def tells(self, text: str) -> bool:
        """Whether a text that is typed outside of any form tells by itself what the task is there to take."""
        return False

    def claims(self, text: str) -> bool:
        """Whether a text that is typed outside of any form is about what was said for the task before."""
        return False

    def ends(self, said: Said, draft: D, pending: Question | None) -> str | None:
        """The response to a message with which the person ends the task; None when it goes on."""
        return "utter_consent_refused" if pending is CONSENT and said.declines else None

    def take(self, said: Said, draft: D, pending: Question | None) -> tuple[D, Mapping[str, Any]]:
        """The draft with what a message says for it, and what that is.

        Raises:
            Unusable: When it says something that cannot be right.
        """
        values = dict(self.read(said, draft, pending))
        if pending is CONSENT and said.agrees:
            values[CONSENT.slot] = True
        if BACK in said.values(FIELD):
            answered = [one.slot for one in self.questions(draft) if getattr(draft, one.slot) is not None]
            values |= dict.fromkeys(answered[-1:])
        return self.changed(draft, values), values

    def changed(self, draft: D, values: Mapping[str, Any]) -> D:
        """The draft with these values; what was to be corrected is no question any more once something is said."""
        settled = {"is_questioned": False} if values else {}
        return self.model.model_validate(draft.model_dump() | settled | dict(values))


class TakeAnswer(Action, Generic[D]):  # type: ignore[misc]  # rasa-sdk ships no types
    """The validation of a task's form: reads the message into the draft and names the next question.

    Args:
        task: What is asked and how answers are understood.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, task: Task[D], catalogues: Catalogues) -> None:
        self.task = task
        self._catalogues = catalogues

    def name(self) -> str:
        return f"validate_{self.task.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        """Events that set the next question; none of the draft when the message is for the general rules."""
        task, work = self.task, unit_of_work()
        stored = await drafts.latest(work.connection, tracker.sender_id, task.name)
        if stored is not None and (_is_answered_already(tracker, task.form) or _is_resumed(tracker, stored)):
            known = task.model.model_validate(stored.content)
            draft = await self._look_up(tracker.sender_id, known, is_new=False)
            if (news := task.noticed(known, draft)) is not None:
                dispatcher.utter_message(response=news)
            draft = await task.carry_out(work, tracker.sender_id, draft)
            if draft != known:
                await drafts.save(work, stored.id, draft.model_dump(mode="json"), finished=stored.finished)
            return self._next(stored.id, draft)
        return await self._read(dispatcher, tracker, stored)

    async def _read(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, stored: drafts.Stored | None
    ) -> list[dict[str, Any]]:
        task, work = self.task, unit_of_work()
        said = Said.of(tracker)
        is_open = tracker.get_slot(REQUESTED_SLOT) is not None and tracker.get_slot(DRAFT_SLOT) is not None
        draft = task.model.model_validate(stored.content) if stored else None
        if is_open and stored is None and await self._has_moved(tracker):
            dispatcher.utter_message(response="utter_followed")
            return await self._leave(tracker)
        if stored is None or draft is None or not is_open:
            if task.title and await following.elsewhere(work.connection, tracker.sender_id, {task.name}):
                dispatcher.utter_message(response="utter_begun_elsewhere_too")
            draft = task.begin(said, draft or await task.recalled(work, tracker.sender_id, said))
            stored, is_open = await drafts.begin(work, tracker.sender_id, task.name), False
        known = draft if is_open else None
        draft = await self._look_up(tracker.sender_id, draft, is_new=not is_open)
        pending = task.pending(draft) if is_open else None
        if (farewell := task.ends(said, draft, pending)) is not None:
            return await self._end(dispatcher, tracker, stored.id, draft, farewell)
        if (news := task.noticed(known, draft)) is not None:
            dispatcher.utter_message(response=news)  # nobody hears it if the message turns out to be for others
        try:
            changed, values = task.take(said, draft, pending)
        except Unusable as problem:
            if pending and self._is_for_others(said, [pending.slot], pending):
                return self._ask_again(draft)
            _explain(dispatcher, problem, self._translations(tracker))
            changed, values = task.changed(draft, problem.kept), problem.kept
            await task.let_go(work, tracker.sender_id, draft, changed)
            changed = await task.carry_out(work, tracker.sender_id, changed)
            await drafts.save(work, stored.id, changed.model_dump(mode="json"), finished=stored.finished)
            work.is_taken, work.is_passing = True, task.passes(changed)
            return self._next(stored.id, changed)
        if pending and self._is_for_others(said, values, pending):
            return self._ask_again(draft)
        if pending and not values:
            changed = self._help(dispatcher, said, pending, changed, is_explained=news is not None)
        elif not said.tapped and (noted := note(task, values, changed, self._translations(tracker))):
            dispatcher.utter_message(response="utter_noted", noted=noted)
        if values.get(CONSENT.slot):
            await consents.give(work, tracker.sender_id)
        await task.let_go(work, tracker.sender_id, draft, changed)
        changed = await task.carry_out(work, tracker.sender_id, changed)
        await drafts.save(work, stored.id, changed.model_dump(mode="json"), finished=stored.finished)
        work.is_taken, work.is_passing = True, task.passes(changed)
        return self._next(stored.id, changed)

    async def _look_up(self, session_id: str, draft: D, *, is_new: bool) -> D:
        """The draft with what is known elsewhere; a consent to an older text is none."""
        connection = unit_of_work().connection
        found = await self.task.look_up(connection, session_id, draft, is_new=is_new)
        has_consented = await consents.hold(connection, session_id)
        return found.model_copy(update={CONSENT.slot: has_consented or None})

    async def _end(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, draft_id: str, draft: D, farewell: str
    ) -> list[dict[str, Any]]:
        """Forgets the draft."""
        work = unit_of_work()
        await self.task.let_go(work, tracker.sender_id, draft, None)
        await drafts.discard(work, draft_id)
        work.outcome = Phase.CANCELLED
        dispatcher.utter_message(response=farewell)
        return await self._leave(tracker)

    @staticmethod
    async def _has_moved(tracker: Tracker) -> bool:
        """Whether the draft of the form goes on in another conversation."""
        there = await drafts.session_of(unit_of_work().connection, tracker.get_slot(DRAFT_SLOT))
        return there is not None and there != tracker.sender_id

    @staticmethod
    async def _leave(tracker: Tracker) -> list[dict[str, Any]]:
        """Ends the form; no action follows that would do what the task is for."""
        work = unit_of_work()
        work.is_taken, work.progress = True, {}
        after = await resumed(tracker) or [FollowupAction(_LISTEN)]
        return [SlotSet(DRAFT_SLOT, None), SlotSet(REQUESTED_SLOT, None), *after]

    def _is_for_others(self, said: Said, values: Sequence[str] | Mapping[str, Any], pending: Question) -> bool:
        """Whether the message is about something else than this task; the first rule that holds decides."""
        mine = {self.task.intent, CORRECT}
        answers = bool(values) if pending is CORRECTION else pending.slot in values
        is_short = len(said.text.split()) <= _SHORT
        is_question = said.asks and said.confidence >= SURE and not is_short
        rules = (
            (said.tapped or said.intent in mine, said.intent not in mine),
            (
                said.intent == _CRISIS and said.confidence >= LIKELY and not (is_short and (answers or said.unsure)),
                True,
            ),
            (said.intent in _LEAVING and said.confidence >= SURE and not (is_short and answers), True),
            (answers, is_question or _WONDERS.search(said.text) is not None),
            ((said.unsure and not said.asks) or said.agrees or said.reports, False),
            (said.intent in _UNCLEAR or (bool(values) and not said.asks), False),
        )
        otherwise = said.asks or said.intent in _LEAVING or said.confidence >= SURE
        return next((decision for holds, decision in rules if holds), otherwise)

    def _help(
        self, dispatcher: CollectingDispatcher, said: Said, pending: Question, draft: D, *, is_explained: bool
    ) -> D:
        """Says what to do when nothing was understood; who corrects something is asked what.

        Args:
            is_explained: Whether it was said already why the question is asked.
        """
        if said.corrects and not is_explained and pending is not CONSENT:
            return draft.model_copy(update={"is_questioned": True})
        if said.intent != self.task.intent and not is_explained:
            dispatcher.utter_message(response=pending.help_response)
        return draft

    def _translations(self, tracker: Tracker) -> Translations:
        return self._catalogues[tracker.latest_message["metadata"]["locale"]]

    def _ask_again(self, draft: D) -> list[dict[str, Any]]:
        """No slot is set: the general rules answer, and the form asks again."""
        self._tell_progress(draft)
        return []

    def _next(self, draft_id: str, draft: D) -> list[dict[str, Any]]:
        question = self._tell_progress(draft)
        return [SlotSet(DRAFT_SLOT, draft_id), SlotSet(REQUESTED_SLOT, question.slot if question else None)]

    def _tell_progress(self, draft: D) -> Question | None:
        work, task = unit_of_work(), self.task
        questions, question = task.questions(draft), task.pending(draft)
        work.understood |= task.shown(draft)
        if question is not None:
            is_counted = question in questions and len(questions) > 1
            position = {"step": questions.index(question) + 1, "steps": len(questions)} if is_counted else {}
            work.progress = {**position, "expects": question.expects}
        else:
            work.progress = {}
        return question


class Correct(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Takes a correction after a task was finished: its draft is opened again, and its form goes on from there.

    Args:
        tasks: Those whose drafts can be corrected.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, tasks: Sequence[Task[Any]], catalogues: Catalogues) -> None:
        self._tasks = {task.name: task for task in tasks}
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_correct"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        stored = await drafts.latest(work.connection, tracker.sender_id)
        if stored is None or stored.kind not in self._tasks:
            dispatcher.utter_message(response="utter_nothing_to_correct")
            return []
        task, translations = self._tasks[stored.kind], self._catalogues[tracker.latest_message["metadata"]["locale"]]
        draft = task.model.model_validate(stored.content)
        values: Mapping[str, Any] = {}
        try:
            changed, values = task.take(Said.of(tracker), draft, None)
        except Unusable as problem:
            _explain(dispatcher, problem, translations)
            changed = task.changed(draft, problem.kept)
        if not values:
            changed = changed.model_copy(update={"is_questioned": True})
        elif noted := note(task, values, changed, translations):
            dispatcher.utter_message(response="utter_noted", noted=noted)
        changed = await task.carry_out(work, tracker.sender_id, changed)
        await drafts.save(work, stored.id, changed.model_dump(mode="json"), finished=stored.finished)
        work.is_passing = task.passes(changed)
        return [SlotSet(DRAFT_SLOT, stored.id), FollowupAction(task.form)]


def note(task: Task[D], values: Mapping[str, Any], draft: D, translations: Translations) -> str:
    """How what was understood is repeated, as far as the task needs it."""
    needed = task.also_noted | {question.slot for question in task.questions(draft)}
    given = {name: value for name, value in values.items() if value is not None and name in needed}
    return ", ".join(task.acknowledge(given, draft, translations))


def _explain(dispatcher: CollectingDispatcher, problem: Unusable, translations: Translations) -> None:
    """Says why an answer cannot be right."""
    written = {
        name: write_day(value, translations.locale) if isinstance(value, date) else value
        for name, value in problem.values.items()
    }
    dispatcher.utter_message(response=problem.response, **written)


def begins_a_correction(text: str) -> bool:
    """Whether a text begins the way people take something back: «non, …», «en fait …»."""
    return _CORRECTS.match(text) is not None


def is_denied(text: str, start: int) -> bool:
    """Whether a text only says that something was not the case, as in «pas l'OCE»."""
    return _DENIED.search(text, 0, start) is not None


def is_thumb_up(text: str) -> bool:
    """Whether a text agrees without a word."""
    return re.fullmatch(r"(?:[👍✅👌][🏻-🏿]?\s*)+", text) is not None


async def draft_of(tracker: Tracker, task: str, model: type[D]) -> tuple[str, D]:
    """The draft of the form that is open, with its id.

    Args:
        task: The name of its task.
        model: That of its drafts.

    Raises:
        LookupError: When it is gone.
    """
    stored = await drafts.latest(unit_of_work().connection, tracker.sender_id, task)
    if stored is None or stored.id != tracker.get_slot(DRAFT_SLOT):
        raise LookupError("the draft of the form is gone")
    return stored.id, model.model_validate(stored.content)


async def resumed(tracker: Tracker) -> list[dict[str, Any]]:
    """The event that goes back to a task that another one interrupted, if there is one."""
    stored = await drafts.latest_unfinished(unit_of_work().connection, tracker.sender_id)
    return [FollowupAction(f"{stored.kind}_form")] if stored else []


def _is_resumed(tracker: Tracker, stored: drafts.Stored) -> bool:
    """Whether nobody has said anything: the program goes on where the person stopped."""
    return bool(tracker.latest_message["metadata"].get("resumes")) and not stored.finished


def _is_answered_already(tracker: Tracker, form: str) -> bool:
    """Whether something else than the form has acted on the message of this turn."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action" and event["name"] not in {form, "action_listen"}:
            return True
    return False
