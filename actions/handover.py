"""Passing a conversation on to a human."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from base import clock
from base.database import unit_of_work
from base.tokens import masked
from casework.cases import Line, Urgency, open_case
from conversations import store
from conversations.models import Message, Phase

_NOT_A_MATTER = frozenset({"smalltalk", "human_handover", "correct_or_cancel", "out_of_scope"})
_CRISIS = "crisis"
_NOT_UNDERSTOOD = "nlu_fallback"


class OpenCase(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Opens a case with the conversation so far, or adds to the one that is open."""

    def name(self) -> str:
        return "action_open_case"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        await _hand_over(dispatcher, tracker)
        return []


class NotUnderstood(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks to say it otherwise; the second time in a row, a human takes over."""

    def name(self) -> str:
        return "action_not_understood"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        if _times_not_understood(tracker) < 2:
            dispatcher.utter_message(response="utter_not_understood")
            return []
        dispatcher.utter_message(response="utter_not_understood_again")
        await _hand_over(dispatcher, tracker)
        return []


def _written(message: Message) -> str:
    """The message as a line; one that is nothing but files says so."""
    return message.text or " ".join(f"[{attachment.name}]" for attachment in message.attachments)


def _times_not_understood(tracker: Tracker) -> int:
    """How many of the person's last messages, one after another, were not understood."""
    said = [event for event in reversed(tracker.events) if event["event"] == "user"]
    intents = [
        None if (event.get("metadata") or {}).get("files") else event["parse_data"]["intent"].get("name")
        for event in said
    ]
    return next((count for count, intent in enumerate(intents) if intent != _NOT_UNDERSTOOD), len(intents))


async def _hand_over(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    work = unit_of_work()
    said = await store.history(work.connection, tracker.sender_id)
    recent = await store.recent_topics(work.connection, tracker.sender_id)
    transcript = [Line(message.at.isoformat(), message.author, _written(message)) for message in said]
    (last,) = await masked(work.connection, tracker.sender_id, [tracker.latest_message.get("text") or ""])
    transcript.append(Line(clock.now().isoformat(), "user", last))
    case, is_new = await open_case(
        work,
        tracker.sender_id,
        topic=next((topic for topic in recent if topic not in _NOT_A_MATTER), "human_handover"),
        language=tracker.latest_message["metadata"]["locale"],
        transcript=transcript,
        urgency=Urgency.IMMEDIATE if _CRISIS in recent else Urgency.NORMAL,
    )
    work.effect("create_handover", case=case.number, topic=case.topic, urgency=case.urgency)
    work.outcome = Phase.HANDED_OVER
    response = "utter_case_opened" if is_new else "utter_case_already_open"
    dispatcher.utter_message(response=response, case_number=case.number)
