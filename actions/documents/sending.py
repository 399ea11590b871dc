"""The summary, and the sending of a document."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.documents.task import DocumentsDraft, DocumentsTask, count_files, count_pages
from actions.tasks import DRAFT_SLOT, resumed
from base.database import Awaited, unit_of_work
from base.wording import Catalogues, Translations
from casework import drafts, persons
from casework.desk import desk
from casework.document_names import NAMES
from casework.files.store import kept_unsent
from casework.submissions import Gone, Kind
from conversations.models import Phase
from law.documents import Document, Recipient


class AskWhetherToSend(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Shows what would be sent, and asks for a yes.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_ask_documents_form_is_confirmed"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), _translations(tracker, self._catalogues)
        _, draft = await _draft(tracker)
        pages = await kept_unsent(work.connection, tracker.sender_id)
        work.outcome = Phase.AWAITING_CONFIRMATION
        chosen = draft.files or ()
        dispatcher.utter_message(
            response="utter_documents_summary",
            document=translations.translate(NAMES[draft.type or Document.OTHER]),
            files=count_files(len(chosen), translations),
            pages=count_pages(sum(pages[file_id] for file_id in chosen), translations),
            note=_note(translations),
        )
        return []


class SendDocument(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Takes the document in; from then on it is on its way.

    Args:
        catalogues: The languages that answers are written in.
    """

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def name(self) -> str:
        return "action_send_document"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[dict[str, Any]]:
        work, translations = unit_of_work(), _translations(tracker, self._catalogues)
        draft_id, draft = await _draft(tracker)
        await drafts.discard(work, draft_id)
        if draft.is_elsewhere:
            dispatcher.utter_message(response="utter_tx_documents" if desk().is_open else "utter_documents_closed")
            if draft.files:
                await DocumentsTask().let_go(work, draft, None)
                dispatcher.utter_message(response="utter_documents_erased")
            return await resumed(tracker)
        person_id = await persons.person_of(work.connection, tracker.sender_id)
        if person_id is None or draft.type is None or not draft.files or not draft.is_confirmed:
            raise ValueError("the form ended without what it asks for")
        label = translations.translate(NAMES[draft.type])
        try:
            async with work.attempt():
                submission = await desk().submissions.record(
                    work,
                    session_id=tracker.sender_id,
                    person_id=person_id,
                    kind=Kind.DOCUMENT,
                    content={"type": draft.type, "name": f"{NAMES[draft.type]}.pdf"},
                    file_ids=draft.files,
                    recipient=Recipient.ORP,
                )
        except Gone:
            dispatcher.utter_message(response="utter_documents_gone")
            return []
        work.effect("upload_document", type=draft.type, recipient=Recipient.ORP)
        work.outcome = Phase.SUBMITTED
        work.awaits = Awaited("utter_submission_on_its_way", {"number": submission.number})
        dispatcher.utter_message(
            response="utter_documents_taken", document=label, number=submission.number, note=_note(translations)
        )
        return await resumed(tracker)


async def _draft(tracker: Tracker) -> tuple[str, DocumentsDraft]:
    stored = await drafts.latest(unit_of_work().connection, tracker.sender_id, DocumentsTask.name)
    if stored is None or stored.id != tracker.get_slot(DRAFT_SLOT):
        raise LookupError("the draft of the form is gone")
    return stored.id, DocumentsDraft.model_validate(stored.content)


def _translations(tracker: Tracker, catalogues: Catalogues) -> Translations:
    return catalogues[tracker.latest_message["metadata"]["locale"]]


def _note(translations: Translations) -> str:
    """What must be said wherever something is sent, as the end of a text."""
    note = desk().note
    return f"\n\n*{translations.translate(note)}*" if note else ""
