"""Giving up what is under way."""

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from actions.tasks import Task
from base.database import unit_of_work
from casework import drafts
from conversations.models import Phase


class Cancel(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Says what was given up, and forgets what was answered for it.

    Args:
        tasks: Those that can be given up.
    """

    def __init__(self, tasks: Sequence[Task[Any]]) -> None:
        self._tasks = tasks

    def name(self) -> str:
        return "action_cancel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        if not tracker.active_loop.get("name"):
            dispatcher.utter_message(response="utter_nothing_to_cancel")
            return []
        work = unit_of_work()
        said = "utter_cancelled"
        for task in self._tasks:
            stored = await drafts.latest(work.connection, tracker.sender_id, task.name)
            if stored is not None and not stored.finished:
                await task.let_go(work, tracker.sender_id, task.model.model_validate(stored.content), None)
                said = task.cancelled if said == "utter_cancelled" else said
        await drafts.discard_unfinished(work, tracker.sender_id)
        work.outcome = Phase.CANCELLED
        dispatcher.utter_message(response=said)
        return [AllSlotsReset()]
