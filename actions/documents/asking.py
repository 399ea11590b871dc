"""The questions about documents that need more than their wording."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.documents.draft import DocumentsDraft
from actions.documents.task import TAKEN, TYPE, WHICH, DocumentsTask
from actions.tasks import draft_of
from base import clock
from base.database import Awaited, unit_of_work
from casework import applications, drafts, persons

FORM = f"{DocumentsTask.name}_form"


class AskForType(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks what is to be sent; the fund and the ORP ask for other things."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{TYPE.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        _, draft = await _draft(tracker)
        to = "fund" if draft.is_for_fund else "orp"
        dispatcher.utter_message(response=f"utter_ask_documents_type_{to}")
        return []


class AskWhich(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks which of several documents a file is."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{WHICH.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        _, draft = await _draft(tracker)
        files = draft.files or ()
        place = files.index(draft.unclear[0]) + 1
        dispatcher.utter_message(response="utter_ask_documents_which", place=str(place), count=str(len(files)))
        return []


class AskWhetherTaken(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Has the gateway asked whether the fund takes documents; the conversation goes on when it has answered."""

    def name(self) -> str:
        return f"action_ask_{FORM}_{TAKEN.slot}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work = unit_of_work()
        draft_id, draft = await _draft(tracker)
        person_id = await persons.person_of(work.connection, tracker.sender_id)
        if person_id is None:
            raise LookupError("nobody is logged in whose application could be looked at")
        await applications.ask(work, tracker.sender_id, person_id, task=DocumentsTask.name)
        asked = draft.model_copy(update={"asked_at": draft.asked_at or clock.program_now()})
        await drafts.save(work, draft_id, asked.model_dump(mode="json"))
        work.awaits = Awaited("utter_documents_fund_slow")
        dispatcher.utter_message(response="utter_documents_fund_asked")
        return []


async def _draft(tracker: Tracker) -> tuple[str, DocumentsDraft]:
    return await draft_of(tracker, DocumentsTask.name, DocumentsDraft)
