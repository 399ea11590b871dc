"""What must be known to send a document, and how it is understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.sending import CONFIRMED, FILES, LOGIN, Parcel, SendingDraft, SendingTask, count_files
from actions.tasks import Question, Said
from base.database import UnitOfWork
from base.wording import Translations
from casework.desk import desk
from casework.document_names import NAMES
from casework.submissions import Kind
from law.documents import ORP_TYPES, Document, Recipient

TYPE = Question("type", "choice")
FUND = "fund"


class DocumentsDraft(SendingDraft):
    """What is known of a document to send.

    Args:
        type: What it is.
    """

    type: Document | None = None


class DocumentsTask(SendingTask[DocumentsDraft]):
    """Sending a document to the ORP."""

    name = "documents"
    intent = "tx_documents"
    model = DocumentsDraft
    cancelled = "utter_documents_cancelled"
    correctable = MappingProxyType({TYPE.slot: re.compile(r"\btype\b", re.IGNORECASE)})

    def questions(self, draft: DocumentsDraft) -> Sequence[Question]:
        return () if draft.is_elsewhere else (TYPE, LOGIN, FILES, CONFIRMED)

    def understand(self, said: Said, draft: DocumentsDraft, pending: Question | None) -> Mapping[str, Any]:
        named = [Document(value) for value in said.values("document")]
        if named and named[-1] is not draft.type:
            return {"type": named[-1], "is_elsewhere": named[-1] not in ORP_TYPES}
        if not named and draft.type is None and FUND in said.values("office"):
            return {"is_elsewhere": True}
        return {}

    def acknowledge(
        self, values: Mapping[str, Any], draft: DocumentsDraft, translations: Translations
    ) -> Sequence[str]:
        said = [translations.translate(NAMES[values["type"]])] if values.get("type") in ORP_TYPES else []
        if values.get("files"):
            said.append(count_files(len(values["files"]), translations))
        return said

    def summary(self, draft: DocumentsDraft, translations: Translations) -> Mapping[str, str]:
        return {"document": translations.translate(NAMES[draft.type or Document.OTHER])}

    def parcel(self, draft: DocumentsDraft) -> Parcel:
        if draft.type is None:
            raise ValueError("the form ended without what it asks for")
        return Parcel(
            kind=Kind.DOCUMENT,
            content={"type": draft.type, "name": f"{NAMES[draft.type]}.pdf"},
            effect="upload_document",
            shown={"type": draft.type, "recipient": Recipient.ORP},
            recipient=Recipient.ORP,
        )

    async def end_unsent(
        self,
        work: UnitOfWork,
        dispatcher: CollectingDispatcher,
        session_id: str,
        draft: DocumentsDraft,
        translations: Translations,
    ) -> DocumentsDraft | None:
        dispatcher.utter_message(response="utter_tx_documents" if desk().is_open else "utter_documents_closed")
        if draft.files:
            await self.let_go(work, session_id, draft, None)
            dispatcher.utter_message(response="utter_documents_erased")
        return None

    def shown(self, draft: DocumentsDraft) -> Mapping[str, Any]:
        return {"recipient": "orp"} if draft.type in ORP_TYPES else {}
