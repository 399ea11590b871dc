"""What is said and done around cases: opening them, asking for what is missing, and asking whether it helped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.deadline.draft import DeadlineDraft
from actions.handover.draft import EmailDraft, HandoverDraft
from actions.handover.offices import PASSED_ON, destination
from actions.handover.opening import About, counted_limit, hand_over, said_in
from actions.handover.task import COMMENT, HELPED, HELPFUL, QUESTIONS, USELESS, EmailTask, HandoverTask, RatingTask
from actions.handover.telling import EMAIL, next_steps
from actions.tasks import NO, draft_of, resumed
from base.database import unit_of_work
from base.wording import Catalogues, Translations, mark
from casework import case_work, cases, drafts
from casework.cases import Case, Cause, Need
from conversations import store
from conversations.models import Asked, Phase, Session

_NOT_UNDERSTOOD = "nlu_fallback"
_HAS_NONE, _NO_THANKS = mark("Je n'ai pas"), mark("Non merci")
_YES_HELPED, _NOT_HELPED = mark("Oui, merci"), mark("Non")
RATING = ((HELPFUL, _YES_HELPED), (USELESS, _NOT_HELPED))
"""Answers to whether it helped, with their labels."""


class _About(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Something about a case.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    async def _open(self, dispatcher: CollectingDispatcher, tracker: Tracker, about: About, response: str) -> Case:
        """Opens a case and says so, with what happens next; of one that is open, that it is."""
        work = unit_of_work()
        case, is_new = await hand_over(work, await _session(tracker), about)
        work.outcome = Phase.HANDED_OVER
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        values = await next_steps(work, case, translations, is_new=is_new)
        dispatcher.utter_message(response=response if is_new else "utter_case_already_open", **values)
        return case


class OpenCase(_About):
    """Opens a case with the conversation so far and what was collected, or adds to the one that is open."""

    def name(self) -> str:
        return "action_open_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, task = unit_of_work(), HandoverTask()
        draft_id, draft = await draft_of(tracker, task.name, HandoverDraft)
        about = About(
            cause=draft.cause,
            topic=draft.topic,
            office=draft.office,
            said_now=said_in(tracker),
            needs=task.given(draft),
            files=draft.files,
        )
        await self._open(dispatcher, tracker, about, "utter_case_opened")
        await drafts.discard(work, draft_id)
        return await resumed(tracker)


class NotUnderstood(_About):
    """Asks to say it otherwise; the second time in a row, or where a human has the case already, it is passed on."""

    def name(self) -> str:
        return "action_not_understood"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        case = await cases.unresolved_of(work.connection, tracker.sender_id)
        if case is not None:
            await case_work.person_wrote(work, case)
            dispatcher.utter_message(response="utter_added_to_case", case_number=case.number)
            return []
        if _times_not_understood(tracker) < 2:
            dispatcher.utter_message(response="utter_not_understood")
            return []
        dispatcher.utter_message(response="utter_not_understood_again")
        about = About(cause=Cause.NOT_UNDERSTOOD, said_now=said_in(tracker))
        await self._open(dispatcher, tracker, about, "utter_case_opened")
        return []


class PassOnWhatComesBack(_About):
    """Has a human look when somebody comes back to what only a human can settle; the answer has been given."""

    def name(self) -> str:
        return "action_pass_on_what_comes_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        understood = tracker.latest_message["intent"]
        intent = understood.get("full_retrieval_intent_name") or understood["name"]
        recent = await store.recently_asked(unit_of_work().connection, tracker.sender_id)
        times = 1 + sum(one.intent == intent for one in recent)
        if times == PASSED_ON.get(intent):
            topic = intent.partition("/")[0]
            about = About(
                cause=Cause.ASKED_AGAIN,
                topic=topic,
                office=destination(topic, [Asked(topic, intent)]).office,
                said_now=said_in(tracker),
            )
            await self._open(dispatcher, tracker, about, "utter_case_for_what_comes_back")
        return []


class OpenCaseInCrisis(_About):
    """Has a human look at once."""

    def name(self) -> str:
        return "action_open_case_in_crisis"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        about = About(cause=Cause.CRISIS, is_danger=True, said_now=said_in(tracker))
        case, is_new = await hand_over(work, await _session(tracker), about)
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        values = await next_steps(work, case, translations, is_new=is_new)
        dispatcher.utter_message(response="utter_case_in_crisis", **{**values, "buttons": []})
        return []


class AskForItem(_About):
    """Asks for something that the office needs.

    Args:
        slot: Which.
        catalogues: The languages that answers are written in.
    """

    def __init__(self, slot: str, catalogues: Catalogues) -> None:
        super().__init__(catalogues)
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_{HandoverTask().form}_{self._slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        button = {"title": translations.translate(_HAS_NONE), "payload": f'/human_handover{{"answer": "{NO}"}}'}
        dispatcher.utter_message(response=f"utter_handover_{self._slot}", buttons=[button])
        return []


ITEMS = tuple(question.slot for question in QUESTIONS.values())


class KeepEmail(_About):
    """Notes the address in the case, opening one where there is none."""

    def name(self) -> str:
        return "action_keep_email"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        draft_id, draft = await draft_of(tracker, EmailTask.name, EmailDraft)
        need = Need(EMAIL, draft.address)
        case = await cases.unresolved_of(work.connection, tracker.sender_id)
        if case is None:
            await self._open(dispatcher, tracker, About(needs=[need]), "utter_case_opened")
        else:
            await case_work.give(work, case, need)
            dispatcher.utter_message(response="utter_email_kept", case_number=case.number)
        await drafts.discard(work, draft_id)
        return await resumed(tracker)


class AskWhetherItHelped(_About):
    """Asks who did not tap."""

    def name(self) -> str:
        return f"action_ask_{RatingTask().form}_{HELPED.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        buttons = [
            {"title": translations.translate(label), "payload": f'/rate_case{{"answer": "{value}"}}'}
            for value, label in RATING
        ]
        dispatcher.utter_message(response="utter_rating_helped", buttons=buttons)
        return []


class AskForComment(_About):
    """Asks for a word, which nobody needs to have."""

    def name(self) -> str:
        return f"action_ask_{RatingTask().form}_{COMMENT.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        translations = self._catalogues[tracker.latest_message["metadata"]["locale"]]
        button = {"title": translations.translate(_NO_THANKS), "payload": f'/rate_case{{"answer": "{NO}"}}'}
        dispatcher.utter_message(response="utter_rating_comment", buttons=[button])
        return []


class EndRating(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Thanks; what was said is kept already."""

    def name(self) -> str:
        return "action_end_rating"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        stored = await drafts.latest(work.connection, tracker.sender_id, RatingTask.name)
        if stored is None:
            raise LookupError("the draft of the form is gone")
        is_of_a_case = RatingTask.model.model_validate(stored.content).case is not None
        await drafts.discard(work, stored.id)
        dispatcher.utter_message(response="utter_rating_kept" if is_of_a_case else "utter_nothing_to_rate")
        return await resumed(tracker)


async def missed(
    dispatcher: CollectingDispatcher, tracker: Tracker, draft: DeadlineDraft, translations: Translations
) -> None:
    """Has a human look at what is left to do about a decision whose time limit has passed."""
    work = unit_of_work()
    limit = counted_limit(draft)
    about = About(Cause.DEADLINE_MISSED, topic="tx_deadline", said_now=said_in(tracker), limit=limit)
    case, is_new = await hand_over(work, await _session(tracker), about)
    values = await next_steps(work, case, translations, is_new=is_new)
    dispatcher.utter_message(response="utter_case_for_missed_deadline", **values)


async def _session(tracker: Tracker) -> Session:
    """The conversation of the turn, in the language of the turn."""
    session = await store.session_by_id(unit_of_work().connection, tracker.sender_id)
    if session is None:
        raise LookupError("the conversation is gone")
    return replace(session, locale=tracker.latest_message["metadata"]["locale"])


def _times_not_understood(tracker: Tracker) -> int:
    """How many of the person's last messages, one after another, were not understood."""
    said = [event for event in reversed(tracker.events) if event["event"] == "user"]
    intents = [
        None if (event.get("metadata") or {}).get("files") else event["parse_data"]["intent"].get("name")
        for event in said
    ]
    return next((count for count, intent in enumerate(intents) if intent != _NOT_UNDERSTOOD), len(intents))
