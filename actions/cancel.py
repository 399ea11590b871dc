"""Giving up what is under way."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from base.database import unit_of_work
from casework import drafts
from conversations.models import Phase


class Cancel(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what was given up, and forgets what was answered for it."""

    def name(self) -> str:
        return "action_cancel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        if not tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_nothing_to_cancel")
            return []
        work = unit_of_work()
        await drafts.discard_unfinished(work, tracker.sender_id)
        work.outcome = Phase.CANCELLED
        dispatcher.utter_message(response="utter_cancelled")
        return [AllSlotsReset()]
