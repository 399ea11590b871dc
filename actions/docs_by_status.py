"""Which documents may be uploaded at which status of the benefit application."""

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.tasks import resumed
from law.documents import ApplicationStatus

ENTITY = "application_status"
SLOT = "documents_status"
FOR_ORP = "orp"
"""The documents are for the ORP, where no status matters."""
ANY = "any"
"""All statuses are explained."""
ANSWER, UNKNOWN = "answer", "unknown"
"""The person cannot tell; only means something once they were asked."""

CRISIS = "crisis"
_ANSWERS = frozenset({*ApplicationStatus, FOR_ORP, ANY})
# What is said instead of an answer to the question; everything else is a message of its own.
_NO_ANSWER = frozenset({"ask_docs_by_status", "nlu_fallback"})


class ValidateDocsByStatusForm(FormValidationAction):  # type: ignore[misc]  # rasa-sdk ships no types
    """Finds the status in what was said, by word or by choice."""

    def name(self) -> str:
        return "validate_docs_by_status_form"

    async def extract_documents_status(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """The status that was named; None asks again; nothing leaves the message to the general rules."""
        named = next(tracker.get_latest_entity_values(ENTITY), None)
        if named in _ANSWERS:
            return {SLOT: named}
        if tracker.get_slot("requested_slot") != SLOT:
            return {}
        if UNKNOWN in tracker.get_latest_entity_values(ANSWER) and tracker.get_intent_of_latest_message() != CRISIS:
            return {SLOT: ANY}
        return {SLOT: None} if tracker.get_intent_of_latest_message() in _NO_ANSWER else {}


class AnswerDocsByStatus(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Answers for the status, and forgets it: the next question may be about another."""

    def name(self) -> str:
        return "action_answer_docs_by_status"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(response=f"utter_docs_by_status_{tracker.get_slot(SLOT)}")
        return [SlotSet(SLOT, None), *await resumed(tracker)]
