"""One turn through Rasa: what was said goes in, what is answered comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import dropwhile
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.constants import REQUESTED_SLOT, SESSION_START_METADATA_SLOT
from rasa_sdk import Action
from sqlalchemy.ext.asyncio import AsyncConnection

from actions.tasks import DRAFT_SLOT, TakeAnswer
from base import stand_ins
from base.database import unit_of_work
from base.wording import Catalogues, Translations
from bot.engine.actions_endpoint import InProcessActions
from bot.engine.context import in_context
from bot.engine.deliberation import (
    CLOSE_CALL,
    NOT_UNDERSTOOD,
    Understanding,
    begins_after_greeting,
    deliberate,
    is_request,
    parts_of,
)
from bot.engine.failures import TurnFailed
from bot.engine.generator import GOES_ON, INFORMATION, WordingGenerator
from bot.engine.payloads import as_parse_data
from bot.engine.rasa_library import trusting_what_was_trained
from bot.engine.tracker_store import BoundedTrackerStore, last_saved
from casework import drafts
from conversations.models import FileId, Offer

_OF_THEIR_SENTENCE = frozenset({"day", "duration"})
"""Entities that mean nothing without the words around them."""
_INTERNAL_SLOTS = frozenset({REQUESTED_SLOT, SESSION_START_METADATA_SLOT, DRAFT_SLOT})


@dataclass(frozen=True)
class Utterance:
    """One thing the assistant says.

    Args:
        text: Markdown in the person's language.
        offers: What they may tap next.
        kind: `information` when it states facts.
        fact_ids: The facts that it rests on.
        recipes: What the files are made from that go with it: `conversations.documents`.
        due: The date that it computes, for the agenda.
        with_next: Whether what is said next continues the same message.
    """

    text: str
    offers: tuple[Offer, ...]
    kind: str | None
    fact_ids: tuple[str, ...]
    recipes: tuple[Mapping[str, Any], ...] = ()
    with_next: bool = False
    due: Mapping[str, str] | None = None

    @classmethod
    def of(cls, response: Mapping[str, Any]) -> Utterance:
        """From a response in Rasa's shape, as the generator writes it."""
        custom = response.get("custom") or {}
        return cls(
            text=response["text"],
            offers=tuple(Offer(button["title"], button["payload"]) for button in response.get("buttons") or []),
            kind=custom.get("kind"),
            fact_ids=tuple(custom.get("facts", ())),
            recipes=tuple(custom.get("recipes", ())),
            with_next=bool(custom.get("with_next")),
            due=custom.get("due"),
        )

    def __add__(self, following: Utterance) -> Utterance:
        """Both as one message."""
        return Utterance(
            text=f"{self.text}\n\n{following.text}",
            offers=(*self.offers, *following.offers),
            kind=INFORMATION if INFORMATION in {self.kind, following.kind} else self.kind,
            fact_ids=tuple(dict.fromkeys((*self.fact_ids, *following.fact_ids))),
            recipes=(*self.recipes, *following.recipes),
            with_next=following.with_next,
            due=following.due or self.due,
        )


@dataclass(frozen=True)
class Outcome:
    """What a turn came to.

    Args:
        utterances: What is said, never empty.
        intent: Full name of the intent that was understood.
        confidence: Probability of it, 0 to 1.
        form: The form that is active now.
        slot: The question that is open now.
        slots: What is known: the slots that are set, and what the task under way understood.
        progress: `step`, `steps` and `expects` of the open question.
    """

    utterances: tuple[Utterance, ...]
    intent: str | None
    confidence: float
    form: str | None
    slot: str | None
    slots: Mapping[str, Any]
    progress: Mapping[str, Any] = field(default_factory=dict)


class _Output(OutputChannel):  # type: ignore[misc]  # Rasa ships no types
    """Collects what Rasa says in one turn."""

    def __init__(self) -> None:
        self.utterances: list[Utterance] = []

    @classmethod
    def name(cls) -> str:
        return "cornavin"

    async def send_response(self, _recipient_id: str, message: dict[str, Any]) -> None:
        said = Utterance.of(message)
        if self.utterances and self.utterances[-1].with_next:
            said = self.utterances.pop() + said
        self.utterances.append(said)


class Dialogue:
    """Rasa with our store, wording and actions.

    Args:
        model: File of the trained model.
        catalogues: The languages that answers are written in.
        actions: What a turn may do.
    """

    def __init__(self, model: Path, catalogues: Catalogues, actions: Iterable[Action]) -> None:
        self.catalogues = catalogues
        actions = tuple(actions)
        tasks = [action.task for action in actions if isinstance(action, TakeAnswer)]
        self._forms_with_files = frozenset(task.form for task in tasks if task.takes_files)
        self._tasks = {task.form: task for task in tasks}
        self._intents = {task.name: task.intent for task in tasks}
        self._generator = WordingGenerator(catalogues)
        agent = Agent(
            tracker_store=BoundedTrackerStore(), action_endpoint=InProcessActions(actions), generator=self._generator
        )
        with stand_ins.named(), trusting_what_was_trained():
            agent.load_model(model)
        self._processor = agent.processor
        self._generator.use(self._processor.domain.responses)

    @property
    def domain(self) -> Any:
        """Rasa's domain of the loaded model."""
        return self._processor.domain

    def translations(self, language: str) -> Translations:
        """The wording of one language."""
        return self.catalogues[language]

    def takes_files(self, form: str | None) -> bool:
        """Whether files are meant for this form whatever it asks."""
        return form in self._forms_with_files

    async def is_about_health(self, connection: AsyncConnection, session_id: str, form: str | None) -> bool:
        """Whether files that come now for this form are about somebody's health."""
        task = self._tasks.get(form) if form is not None else None
        stored = await drafts.latest(connection, session_id, task.name) if task else None
        if task is None or stored is None:
            return False
        return bool(task.is_about_health(task.model.model_validate(stored.content)))

    def intent_of(self, task: str) -> str:
        """The intent that begins a task, or goes on with it."""
        return self._intents[task]

    def write(self, response: str, language: str, **values: str) -> Utterance:
        """A response that needs no turn, such as that a message is too long.

        Args:
            values: What its placeholders stand for.
        """
        return Utterance.of(self._generator.write(response, language, values))

    def offers(self, intents: Iterable[str], language: str, named: str = "") -> tuple[Offer, ...]:
        """Intents to choose from, by their readable names.

        Args:
            intents: Their full names.
            named: Entities that each takes along, as JSON.
        """
        return tuple(Offer(self.write(title_of(intent), language).text, f"/{intent}{named}") for intent in intents)

    async def understand(self, text: str) -> Understanding:
        """What typed text is taken for."""
        parts = {part: await self._parse(part) for part in parts_of(text)}
        return deliberate(await self._parse(text), parts, self._has_title)

    async def _parse(self, text: str) -> dict[str, Any]:
        """What Rasa makes of typed text: intent, rankings, entities, response selection.

        A greeting is no part of what a text is about. Rasa takes text that begins with a slash for a command. What
        people type never is one.
        """
        rest = text[begins_after_greeting(text) :]
        plain = "".join(dropwhile(lambda character: character == "/" or character.isspace(), rest))
        parsed: dict[str, Any] = await self._processor.parse_message(UserMessage(plain))
        left_out = len(text) - len(plain)
        entities = [
            {**found, "start": found["start"] + left_out, "end": found["end"] + left_out}
            for found in parsed.get("entities", ())
        ]
        return {**parsed, "text": text, "entities": entities}

    async def say(self, session_id: str, text: str, language: str, *, corrects: bool = False) -> Outcome:
        """Takes a turn with typed text.

        Args:
            corrects: Whether it takes the place of a text that was sent before.

        Raises:
            TurnFailed: When the turn could not be finished; nothing of it may be kept.
        """
        try:
            understood = await self.understand(text)
            understood, goes_on = await in_context(
                session_id, understood, self._tasks.values(), self._processor.domain.responses
            )
        except Exception as error:
            raise TurnFailed("understanding") from error
        manner = {"asks": is_request(text), "corrects": corrects, GOES_ON: goes_on}
        return await self._turn(session_id, understood, language, manner)

    async def choose(
        self, session_id: str, payload: str, label: str, language: str, *, late: bool = False, resumes: bool = False
    ) -> Outcome:
        """Takes a turn with a choice that was tapped.

        Args:
            payload: What it means, as the domain wrote it.
            label: What the person read.
            late: Whether it was offered before the open question was asked.
            resumes: Whether nobody has tapped it: the program goes on by itself where the person stopped.

        Raises:
            TurnFailed: When the turn could not be finished; nothing of it may be kept.
        """
        understood = Understanding.of(as_parse_data(payload, label))
        return await self._turn(session_id, understood, language, {"tapped": True, "late": late, "resumes": resumes})

    async def hand_in(self, session_id: str, files: Sequence[FileId], language: str) -> Outcome:
        """Takes a turn with files that the open question asks for.

        Args:
            files: Of this conversation, and kept.

        Raises:
            TurnFailed: When the turn could not be finished; nothing of it may be kept.
        """
        understood = Understanding.of(as_parse_data(f"/{NOT_UNDERSTOOD}", ""))  # they say nothing by themselves
        return await self._turn(session_id, understood, language, {"files": list(files)})

    async def _turn(
        self, session_id: str, understood: Understanding, language: str, manner: Mapping[str, Any]
    ) -> Outcome:
        """Takes a turn; `manner` tells tasks whether the message asks something, was tapped, or brings files."""
        output, work = _Output(), unit_of_work()
        message = UserMessage(
            understood.parsed["text"],
            output,
            session_id,
            parse_data=understood.parsed,
            input_channel=output.name(),
            metadata={"locale": language, **manner},
        )
        try:
            await self._processor.handle_message(message)
        except Exception as error:
            raise TurnFailed("conversation") from error
        if not output.utterances:
            raise TurnFailed("no answer")
        tracker = last_saved()
        answers_a_task = work.is_taken and understood.parsed["intent"]["name"] == CLOSE_CALL
        return Outcome(
            utterances=self._with_options(
                output.utterances,
                () if answers_a_task else understood.options,
                understood.parsed,
                language,
                is_asked_again=tracker.active_loop_name is not None and not work.is_taken,
            ),
            intent=understood.intent,
            confidence=understood.confidence,
            form=tracker.active_loop_name,
            slot=tracker.get_slot(REQUESTED_SLOT),
            slots={
                name: slot.value
                for name, slot in tracker.slots.items()
                if name not in _INTERNAL_SLOTS and slot.value is not None
            }
            | work.understood,
            progress=work.progress if tracker.active_loop_name else {},
        )

    def _has_title(self, intent: str) -> bool:
        return title_of(intent) in self._processor.domain.responses

    def _with_options(
        self,
        utterances: Sequence[Utterance],
        intents: Sequence[str],
        parsed: Mapping[str, Any],
        language: str,
        *,
        is_asked_again: bool,
    ) -> tuple[Utterance, ...]:
        """The utterances, the last one offering these intents first, by their readable names.

        Where a task asks its question again at the end, the first one offers them. A choice takes along what the message named, so that nothing has to be said twice.
        """
        entities = [entity for entity in parsed.get("entities", ()) if entity["entity"] not in _OF_THEIR_SENTENCE]
        named = json.dumps({entity["entity"]: entity["value"] for entity in reversed(entities)})
        offers = self.offers(intents, language, named)
        payloads = {offer.payload for offer in offers}
        place = 0 if is_asked_again else len(utterances) - 1
        offering = utterances[place]
        kept = [offer for offer in offering.offers if offer.payload not in payloads]
        return (*utterances[:place], replace(offering, offers=(*offers, *kept)), *utterances[place + 1 :])


def title_of(intent: str) -> str:
    """The response that names an intent for people to choose."""
    return f"utter_title_{intent.replace('/', '__')}"
